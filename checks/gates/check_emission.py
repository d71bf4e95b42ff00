"""Every required context is emitted, under exactly that name: by a file, and at commits."""

from checks.gates.contract import Wanted
from checks.gates.contract_file import Contract
from checks.gates.emission import Emission, find_emitters
from checks.gates.emitted import AtCommit, Emitted
from checks.gates.history import NoEmitter
from checks.gates.requirements import Requirements
from checks.wire.workflows.seen import NoWorkflows, WorkflowsSeen
from config.gates import ACTIONS
from fixtures.subjects import holds
from reports.verdicts import FailureClass, Inconclusive, Remark, expected, fails_as


@holds(NoEmitter)
@fails_as(FailureClass.CONFIG)
def check_required_contexts_are_emitted_by_a_file(
    contract: Contract,
    requirements: Requirements,
    workflows: WorkflowsSeen | NoWorkflows,
    remark: Remark,
) -> None:
    files = workflows.files if isinstance(workflows, WorkflowsSeen) else ()
    found = [find_emitters(one.context, files) for one in _of_actions(contract, requirements)]
    if not found:
        raise Inconclusive("no required context has to come from GitHub Actions", "")
    saw = [_nobody(one) for one in found if not one.exact and not one.possible]
    assert not saw, expected("a job whose check run has the name of each required context", saw)
    for one in found:
        if len(one.exact) > 1:
            remark(f"{one.context!r} is emitted by several: {', '.join(map(str, one.exact))}")
    _must_be_known(found)


def _nobody(one: Emission) -> str:
    beside = f"; {'; '.join(one.near[:3])}" if one.near else ""
    return f"nothing emits {one.context!r}, and every pull request waits for it for ever{beside}"


def _must_be_known(found: list[Emission]) -> None:
    unknown = [one for one in found if not one.exact]
    if unknown:
        told = "; ".join(f"{one.context!r} perhaps by {one.possible[0]}" for one in unknown)
        raise Inconclusive(
            f"known only when it runs: {told}",
            "give the job a name that the file tells, or look at the check runs",
        )


def _of_actions(contract: Contract, requirements: Requirements) -> list[Wanted]:
    """Return what is wanted or required of GitHub Actions, or of any app, each context once."""
    every = [
        *contract.wanted,
        *(Wanted(context=one.context, app=one.app) for one in requirements.required),
    ]
    others = {one.context for one in every if one.app not in (None, ACTIONS)}
    contexts = dict.fromkeys(one.context for one in every if one.context not in others)
    return [Wanted(context=one) for one in contexts]


@fails_as(FailureClass.CONFIG)
def check_required_contexts_are_emitted_at_pull_requests(
    contract: Contract, requirements: Requirements, emitted: Emitted, remark: Remark
) -> None:
    required = [Wanted(context=one.context, app=one.app) for one in requirements.required]
    wanted = tuple(dict.fromkeys((*required, *contract.wanted)))
    if not wanted:
        raise Inconclusive("no context is required, and the contract names none", "")
    pulls = emitted.pulls or emitted.commits
    missing = [one for one in wanted if not any(_is_emitted(one, at) for at in pulls)]
    saw = [_not_emitted(one, pulls) for one in missing]
    if missing and not emitted.pulls:
        raise Inconclusive(
            f"no pull request ran of late, and at {emitted.branch} {saw[0]}", "open one"
        )
    if missing and (under_way := _under_way(pulls)):
        raise Inconclusive(f"{saw[0]}, and {under_way}", "look again when it is over")
    assert not saw, expected("each required context at a commit of a pull request", saw)
    for one in wanted:
        newest = [at for at in pulls if _is_emitted(one, at)]
        if newest[0] is not pulls[0]:
            remark(f"{one} was not emitted at the newest, {pulls[0].sha[:12]}")
    remark(f"looked at {', '.join(f'{at.what} {at.sha[:12]}' for at in pulls)}")


def _is_emitted(wanted: Wanted, at: AtCommit) -> bool:
    apps = [run.app for run in at.runs if run.name == wanted.context]
    if wanted.app is not None:
        return wanted.app in apps
    return bool(apps) or wanted.context in {one.context for one in at.statuses}


def _not_emitted(wanted: Wanted, pulls: tuple[AtCommit, ...]) -> str:
    names = {run.name: run.app for at in pulls for run in at.runs}
    if wanted.context in names:
        return f"{wanted} is not emitted: app {names[wanted.context]} emits that name"
    like = [name for name in names if name.casefold().endswith(wanted.context.casefold())]
    beside = f" ({like[0]!r} is)" if like else ""
    return f"{wanted} is not emitted{beside}"


def _under_way(pulls: tuple[AtCommit, ...]) -> str:
    waiting = [run.name for run in pulls[0].runs if run.status != "completed"]
    return f"{', '.join(waiting[:3])} not over at {pulls[0].sha[:12]}" if waiting else ""
