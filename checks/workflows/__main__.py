"""`python -m checks.workflows explain REPOSITORY WORKFLOW JOB`: why a job would not start."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn, TypeVar

from checks.wire.github.runners import look_at_runners, look_at_workflow_states
from checks.wire.github.runs import RunsSeen, look_at_runs
from checks.wire.github.sightings import queued_of, runners_of
from checks.wire.placing import asked_by_job, known_of
from checks.wire.repositories import vantage_of
from checks.wire.waiting import CannotTell, Cause
from checks.wire.workflows.probe import read_workflows
from checks.wire.workflows.seen import Job, NoWorkflows, WorkflowFile, WorkflowsSeen
from checks.workflows.explaining import Around, Explained, explain
from checks.workflows.words import path_of
from config.labels import Labels
from config.loading import asked, load
from config.mistakes import ProfileError, printable
from config.model import Absent
from config.repositories import Repository
from config.schema import Profile
from config.workflows import Workflows
from fixtures.github.tokens import hold_secrets
from fixtures.github.values import RunJob
from fixtures.github.ways import import_client
from fixtures.lab.errors import LabError
from fixtures.repositories import source_of
from fixtures.vantages import Vantage, VantageError
from fixtures.vantages.making import open_vantages
from reports.redaction import RedactionError, Redactor

STARTS, WOULD_NOT, WRONG_USE, UNKNOWN = 0, 1, 4, 6
_DEADLINE = 60.0
_T = TypeVar("_T")


class UseError(Exception):
    """What was asked cannot be: the message says what can, in one line."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What could be seen, and whose answers are missing."""

    workflows: WorkflowsSeen
    file: WorkflowFile
    job: Job
    around: Around
    unasked: tuple[str, ...]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(WRONG_USE, f"{self.prog}: {message}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Explain one job; return 0 if it would start, 1 if not, 6 if that cannot be told, 4 else."""
    arguments = _parser().parse_args(argv)
    redactor = Redactor()
    try:
        profile, repository = _chosen(arguments.profile, arguments.repository)
        redactor = hold_secrets(profile.secrets)
        seen = _look(profile, repository, arguments.workflow, arguments.job)
    except (ProfileError, RedactionError, LabError, UseError) as error:
        return _say(redactor.redact(str(error)), WRONG_USE)
    except VantageError as error:
        told = f"cannot tell: {error.reason}\n  next     {error.mend}"
        return _say(redactor.redact(told), UNKNOWN)
    except KeyboardInterrupt:
        return 130
    explained = explain(seen.file, seen.job, seen.around)
    print(_printable(redactor.redact(_told(seen, explained))))  # noqa: T201
    return _status(explained)


def _printable(words: str) -> str:
    return "\n".join(map(printable, words.split("\n")))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m checks.workflows", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    one = commands.add_parser(
        "explain",
        help="say why a job would not start, or does not: one cause, and what to do next",
        epilog="exit status: 0 it would start, 1 it would not, 6 that cannot be told, 4 wrong use",
    )
    one.add_argument(
        "repository",
        metavar="REPOSITORY",
        help="a repository of the profile, or a path; @REF behind it looks at that commit",
    )
    one.add_argument("workflow", metavar="WORKFLOW", help="its file, such as ci.yml")
    one.add_argument("job", metavar="JOB", help="the job's id, or its name as GitHub shows it")
    one.add_argument("--profile", metavar="NAME|PATH", help="where the repository is described")
    return parser


def _say(words: str, status: int) -> int:
    print(_printable(words), file=sys.stderr)  # noqa: T201
    return status


def _chosen(option: str | None, name: str) -> tuple[Profile, Repository]:
    """Return the repository, and the profile that it is of; a path needs none."""
    bare, at, ref = name.partition("@")
    if at and not ref:
        raise UseError(f"{name}: a branch, a tag or a commit stands behind the @")
    changed = {"ref": ref} if ref else {}
    profile = load(asked(option)).profile
    known = () if isinstance(profile.repositories, Absent) else profile.repositories or ()
    for one in known:
        if one.name == bare:
            return profile, one.model_copy(update=changed)
    if Path(bare).is_dir():
        alone = Repository(name=Path(bare).resolve().name or "path", path=str(Path(bare).resolve()))
        there = Profile.model_validate(
            {"name": "path", "endpoints": {"absent": "a path"}, "hosts": {"absent": "a path"}}
        )
        there = there.model_copy(update={"secrets": profile.secrets})
        return there, alone.model_copy(update=changed)
    names = [one.name for one in known]
    raise UseError(
        f"{bare} is neither a folder nor a repository of the profile {profile.name}"
        f"{_nearest(bare, names)}"
    )


def _nearest(name: str, names: Sequence[str]) -> str:
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    if near:
        return f"; did you mean {near[0]}?"
    return f"; there are: {', '.join(names[:20])}" if names else "; there is none"


def _look(profile: Profile, repository: Repository, workflow: str, job: str) -> _Seen:
    name = vantage_of(profile, repository)
    own = tuple(one for one in profile.vantages if one.name == name)
    with open_vantages(profile.model_copy(update={"vantages": own}), (), lambda _: None) as opened:
        if repository.github is not None:
            import_client()
        return asyncio.run(_seen(repository, opened[name], workflow, job))


async def _seen(repository: Repository, vantage: Vantage, workflow: str, job: str) -> _Seen:
    source = source_of(repository)
    workflows = await read_workflows(source, vantage, deadline=2 * _DEADLINE)
    if isinstance(workflows, NoWorkflows):
        raise UseError(workflows.headline)
    file = _file_named(workflows, workflow)
    labels = Labels() if isinstance(repository.labels, Absent) else repository.labels
    rules = Workflows() if isinstance(repository.workflows, Absent) else repository.workflows
    around = Around(
        known_of(labels),
        expressions=labels.expressions,
        queue_limit=rules.queue_limit,
        now=workflows.at,
        files=workflows.files,
    )
    chosen = _job_named(file, job)
    unasked: tuple[str, ...] = ()
    if repository.github is None:
        unasked = ("GitHub, for runners, states and queues: the repository has no github:",)
        return _Seen(workflows, file, chosen, around, unasked)
    of_runners = runners_of(repository, vantage.name).target
    of_queued = queued_of(repository, vantage.name).target
    runners, why = await _or_why(look_at_runners(of_runners, vantage, deadline=_DEADLINE))
    unasked += (*why, *(runners.unasked if runners else ()))
    states, why = await _or_why(look_at_workflow_states(source, vantage, deadline=_DEADLINE))
    unasked += why
    queued, why = await _or_why(look_at_runs(of_queued, vantage, deadline=_DEADLINE))
    around = replace(
        around,
        runners=runners.runners if runners else None,
        states=states.workflows if states else None,
        queued=tuple(_queued_of(file, queued)) if queued else (),
        now=queued.at if queued else workflows.at,
    )
    return _Seen(workflows, file, chosen, around, tuple(dict.fromkeys((*unasked, *why))))


def _queued_of(file: WorkflowFile, seen: RunsSeen) -> Iterator[RunJob]:
    """Walk the jobs of a workflow's own runs: those of others may have the same names."""
    for run in seen.runs:
        if run.path.partition("@")[0] == file.path:
            yield from seen.jobs_of(run)


async def _or_why(looking: Awaitable[_T]) -> tuple[_T | None, tuple[str, ...]]:
    try:
        return await looking, ()
    except VantageError as error:
        return None, (f"{error.reason}; {error.mend}",)


def _file_named(workflows: WorkflowsSeen, name: str) -> WorkflowFile:
    for file in workflows.files:
        if file.path == path_of(name):
            return file
    names = [file.path.rpartition("/")[2] for file in workflows.files]
    raise UseError(f"there is no workflow {path_of(name)}{_nearest(name, names)}")


def _job_named(file: WorkflowFile, name: str) -> Job:
    for job in file.jobs:
        if job.id == name or any(leg.name == name for leg in job.legs):
            return job
    broken = next((one for one in file.findings if one.level == "error"), None)
    if broken is not None and not file.jobs:
        return Job(
            id=name,
            place=broken.place,
            runs_on=None,
            needs=(),
            condition=None,
            continue_on_error=False,
            calls=None,
            matrix_keys=(),
            legs=(),
            unexpanded=None,
            steps=(),
        )
    raise UseError(f"{file.path} has no job {name}{_nearest(name, [job.id for job in file.jobs])}")


def _status(explained: Explained) -> int:
    match explained.cause:
        case None:
            return STARTS
        case CannotTell():
            return UNKNOWN
        case _:
            return WOULD_NOT


def _told(seen: _Seen, explained: Explained) -> str:
    at = seen.workflows.commit[:12] if seen.workflows.commit else "as the files lie"
    rows = [("job", f"{seen.job.id}, {seen.job.place}, {at}")]
    match explained.cause:
        case Cause(name, failure, facts, following):
            head = f"would not start: {name} ({failure})"
            rows += [("fact", fact) for fact in facts]
            rows.append(("next", following))
        case CannotTell(reason, mend):
            head = "cannot tell"
            rows += [("fact", reason), ("next", mend)]
        case _:
            head = "would start"
            asked_for = [one.shown for one in asked_by_job(seen.job, {})]
            rows += [("fact", f"it asks for {one}") for one in dict.fromkeys(asked_for)]
            rows.append(("next", f"gh run list --workflow {seen.file.path.rpartition('/')[2]}"))
    rows += [("note", note) for note in explained.notes]
    rows += [("unasked", note) for note in seen.unasked]
    return "\n".join([head, *(f"  {label:<9}{text}" for label, text in rows)])


if __name__ == "__main__":
    sys.exit(main())
