"""What a closeout, a comment, an issue and a status have to say. All pure."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from checks.rollout.closeout.seen import Fact, Facts, Note, Pointer
from checks.rollout.links import Link
from config.lanes.closeout import Closeout

SEPARATE = (
    "source-commit",
    "registry-digest",
    "gitops-revision",
    "argo-revision",
    "runtime-digest",
)
"""The facts that have to be stated each by itself: none stands for another."""
DRIFT_SAFE = ("merge-commit", "pipelinerun", "current-tip", "ancestry")
_STAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_VALIDATION = re.compile(r"target\s*[-_]?\s*validation|目标校验", re.IGNORECASE)
_MIRROR = re.compile(r"mirror|镜像仓", re.IGNORECASE)
_STAMPS = 2
_SHORT12 = 12
_RUN = re.compile(r"(?P<name>\S+) of [0-9a-f]{40}, ")
"""As the pipeline's link tells of a run that was seen."""


def missing_of(facts: Facts) -> list[str]:
    """Return the facts that a closeout has to state and does not, each with the reason."""
    return _by_reason(_missing(facts))


def not_there(facts: Facts) -> list[str]:
    """Return those of them whose source was read, and does not have them."""
    return _by_reason(fact for fact in _missing(facts) if not fact.unread)


def _by_reason(facts: Iterable[Fact]) -> list[str]:
    """Name facts with their reason, those of one reason together: it is said once."""
    named: dict[str, list[str]] = {}
    for fact in facts:
        named.setdefault(fact.why, []).append(fact.name)
    return [f"{', '.join(names)}: {why}" for why, names in named.items()]


def _missing(facts: Facts) -> Iterator[Fact]:
    told = {fact.name: fact for fact in facts.facts}
    for name in (*SEPARATE, *DRIFT_SAFE):
        fact = told.get(name) or Fact(name, "", "it was not looked at")
        if fact.is_missing:
            yield fact


def untold_of_the_time(facts: Facts) -> tuple[list[str], list[str]]:
    """Return what is missing of the time that a rollout took, and what could not be looked at.

    Of one that is within its budget nothing has to be told, once it is known to be so. What the
    lane declares absent is not missing.
    """
    ended, mirror = facts.fact("ended"), facts.fact("mirror-status")
    told = facts.fact("target-validation")  # of the trigger, as the time in all is
    if ended is None or not ended.value:
        why = ended.why if ended else "it was not looked at"
        return [], [f"how long it took is not known: {why}"]
    missing: list[str] = []
    unread = [f"the time in all: {told.why}"] if told is not None and told.unread else []
    if facts.over is None:
        return missing, unread
    if facts.over.waited is None:
        missing.append("the run's own time is not there")
    has_trigger = told is not None and not told.absent
    if facts.over.elapsed is None and has_trigger and not unread:
        missing.append("the time in all is not there: the trigger does not tell it")
    if mirror is not None and mirror.is_missing:
        (unread if mirror.unread else missing).append(f"the mirror's status: {mirror.why}")
    return missing, unread


def unsaid(text: str, commit: str, run: str) -> list[str]:
    """Return what a comment that closes a rollout has to say, and does not."""
    said = {
        "the source commit": commit in text,
        "the PipelineRun": run in text,
        "when it began and ended": len(_STAMP.findall(text)) >= _STAMPS,
        "targetValidation": _VALIDATION.search(text) is not None,
        "the mirror's status": _MIRROR.search(text) is not None,
    }
    return [what for what, is_said in said.items() if not is_said]


def nearest(comments: Sequence[Note], commit: str, run: str) -> tuple[Note | None, list[str]]:
    """Return the comment of this rollout that says most, and what it leaves out."""
    own = [one for one in comments if commit in one.text or run in one.text]
    told = [(one, unsaid(one.text, commit, run)) for one in own]
    return min(told, key=lambda one: len(one[1]), default=(None, []))


def naming(issues: Sequence[Note], *names: str) -> list[Note]:
    """Return the issues that name any of these."""
    wanted = [name for name in names if name]
    return [one for one in issues if any(name in f"{one.title}\n{one.text}" for name in wanted)]


def told_best(
    issues: Sequence[Note], name: str, closeout: Closeout
) -> tuple[Note | None, list[str]]:
    """Return the issue of something that has most of the words it has to have, and what it lacks.

    Of the words `a|b` stands for either.
    """
    told = [
        (one, words_missing(f"{one.title}\n{one.text}", closeout.hotfix_words))
        for one in _calling(issues, name)
    ]
    return min(told, key=lambda one: len(one[1]), default=(None, []))


def _calling(issues: Sequence[Note], name: str) -> list[Note]:
    """Return the issues that have this name as a word of its own: `mgr` is not in `mgr-db`."""
    word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    return [one for one in issues if word.search(f"{one.title}\n{one.text}")]


def words_missing(text: str, words: Sequence[str]) -> list[str]:
    """Return the words that a text has not; of them `a|b` stands for either."""
    said = text.lower()
    return [word for word in words if not any(one.lower() in said for one in word.split("|"))]


def run_of(link: Link | None) -> str:
    """Return how the run is called that a pipeline's link was observed to be; empty for none."""
    found = _RUN.match(link.observed) if link is not None else None
    return found["name"] if found else ""


def record_of(told: Any, commit: str) -> str | None:
    """Return what a tool's list of rollouts has of a commit, as JSON; None where it has nothing.

    It is all that was told, or, where only items of lists name the commit, those items.
    """
    short = commit[:_SHORT12]
    if short in json.dumps(_outside(told), ensure_ascii=False):
        return json.dumps(told, ensure_ascii=False)
    items = [json.dumps(one, ensure_ascii=False) for one in _items(told)]
    return "\n".join(one for one in items if short in one) or None


def _outside(value: Any) -> Any:
    """Return what was told but for its lists."""
    if isinstance(value, dict):
        return {key: _outside(below) for key, below in value.items()}
    return None if isinstance(value, list) else value


def _items(value: Any) -> Iterator[Any]:
    """Walk the items of the outermost lists."""
    if isinstance(value, list):
        yield from value
    elif isinstance(value, dict):
        for below in value.values():
            yield from _items(below)


def collisions(pointers: Sequence[Pointer]) -> list[str]:
    """Return what is wrong with files of which each has to point to its own job."""
    wrong = [f"{one.path}: {one.why}" for one in pointers if one.job is None]
    jobs: dict[str, str] = {}
    for one in pointers:
        if one.job is None:
            continue
        if one.job in jobs:
            wrong.append(f"{one.path} and {jobs[one.job]} both point to {one.job}")
        jobs.setdefault(one.job, one.path)
    return wrong


def job_in(text: str, paths: Sequence[str]) -> tuple[str | None, str]:
    """Return the job that a file's JSON names at the first of the dotted paths that names one.

    None, and why, where it names none.
    """
    try:
        told = json.loads(text)
    except ValueError as error:
        return None, f"it is no JSON: {error}"
    for path in paths:
        found = _at(told, path.split("."))
        if isinstance(found, str | int) and not isinstance(found, bool) and str(found):
            return str(found), ""
    return None, f"it names no job: there is no {' or '.join(paths)}"


def untold_keys(document: str, keys: Sequence[str]) -> list[str]:
    """Return where an answer shows keys that only a full one may show, as dotted paths."""
    wanted = {key.lower() for key in keys}
    return [".".join(path) for path in _paths(json.loads(document)) if path[-1].lower() in wanted]


def _paths(value: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield (*above, key)
            yield from _paths(below, (*above, key))
    elif isinstance(value, list):
        for at, below in enumerate(value):
            yield from _paths(below, (*above, str(at)))


def _at(value: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
