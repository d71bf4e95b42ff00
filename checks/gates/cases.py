"""What is looked at of a repository's gates and plans, and judged."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from checks.gates import history
from checks.gates.contract import of_gates
from checks.gates.contract_file import Contract, read_contract_file
from checks.gates.emitted import read_emitted
from checks.gates.plans import document
from checks.gates.plans.lookups import CitedRuns, look_up_logs, look_up_runs
from checks.gates.requirements import read_requirements
from checks.wire.repositories import vantage_of
from checks.wire.workflows.sightings import workflows_of
from config.gates import Gate, Gates, Plan
from config.model import Absent
from config.repositories import Repository
from config.schema import Profile
from fixtures.repositories import source_of
from fixtures.sightings import Case, Sighting

_LONG, _TAKES = 300.0, 120.0
"""Seconds for what asks many times, and how many of them it takes by its nature."""
_NO_CONTRACT = Absent(absent="the profile names no contract, and no gate that is required")


def cases(profile: Profile) -> Iterator[Case]:
    """Make cases of each repository's branch, of each of its gates, and of each plan."""
    if isinstance(profile.repositories, Absent):
        yield Case("repositories", "profile", absent=profile.repositories)
        return
    for repository in profile.repositories or ():
        vantage = vantage_of(profile, repository)
        if isinstance(repository.gates, Absent):
            yield Case(repository.name, vantage, absent=repository.gates)
        else:
            yield from _of_repository(profile, repository, repository.gates, vantage)


def _of_repository(
    profile: Profile, repository: Repository, gates: Gates, vantage: str
) -> Iterator[Case]:
    if gates.jobs or gates.contract:
        branch = _of_branch(profile, repository, gates, vantage)
        yield Case(repository.name, vantage, branch)
        for gate in gates.jobs:
            own = _of_gate(profile, repository, gate, vantage)
            yield Case(f"{repository.name}:{gate.context}", vantage, own)
    for plan in gates.plans:
        told = _of_plan(profile, repository, plan, vantage)
        yield Case(f"{repository.name}:{plan.path}", vantage, told)


def _of_branch(
    profile: Profile, repository: Repository, gates: Gates, vantage: str
) -> dict[str, Any]:
    return {
        "gates": gates,
        "bypass": gates.bypass,
        **_contract(repository, gates, vantage),
        "requirements": _asked(read_requirements, repository, vantage),
        "workflows": workflows_of(profile, repository, vantage),
        "emitted": _asked(read_emitted, repository, vantage),
        "histories": _histories(profile, repository, vantage),
    }


def _contract(repository: Repository, gates: Gates, vantage: str) -> dict[str, Any]:
    """Offer the contract: of its file, or else of the gates that the profile says are required."""
    if gates.contract is not None:
        file = Sighting(read_contract_file, source_of(repository), vantage, (gates.contract,))
        return {"contract": file, "contract_file": file}
    wanted = of_gates(gates)
    if not wanted:
        return {"contract": _NO_CONTRACT}
    never = datetime.fromtimestamp(0, UTC)
    return {"contract": Contract(path="the profile", commit=None, wanted=wanted, at=never)}


def _asked(probe: Any, repository: Repository, vantage: str) -> Sighting:
    source, branch = source_of(repository), repository.branch
    return Sighting(probe, source, vantage, (branch,), deadline=_LONG, takes=_TAKES)


def _of_gate(profile: Profile, repository: Repository, gate: Gate, vantage: str) -> dict[str, Any]:
    gates = repository.gates
    if isinstance(gates, Absent):
        return {}
    return {
        "gate": gate,
        "rule": gates.promotion_of(gate),
        "branch": repository.branch,
        "queue": gates.merge_queue,
        "source": source_of(repository),
        "history": _history(profile, repository, gate, vantage),
        "requirements": _asked(read_requirements, repository, vantage),
        "workflows": workflows_of(profile, repository, vantage),
    }


def _history(profile: Profile, repository: Repository, gate: Gate, vantage: str) -> Sighting:
    source, branch = source_of(repository), gate.branch or repository.branch
    gates = repository.gates
    most = Gates().history if isinstance(gates, Absent) else gates.history
    if gate.workflow is not None:
        asked = history.Asked(gate.workflow, branch, most)
        probe: Any = history.read_history
        return Sighting(probe, source, vantage, (asked,), deadline=_LONG, takes=_TAKES)
    return Sighting(
        history.find_history,
        source,
        vantage,
        (history.Sought(gate.context, branch, most),),
        needs=(workflows_of(profile, repository, vantage),),
        deadline=_LONG,
        takes=_TAKES,
    )


def _histories(profile: Profile, repository: Repository, vantage: str) -> tuple[Sighting, ...]:
    """Return the sighting of each gate's runs, in the order of the gates."""
    gates = repository.gates
    jobs = () if isinstance(gates, Absent) else gates.jobs
    return tuple(_history(profile, repository, one, vantage) for one in jobs)


def _of_plan(profile: Profile, repository: Repository, plan: Plan, vantage: str) -> dict[str, Any]:
    source, asked = source_of(repository), document.Asked(plan.path, plan.zone)
    read = Sighting(document.read_plan, source, vantage, (asked,))
    runs = Sighting(
        look_up_runs, source, vantage, (asked,), needs=(read,), deadline=_LONG, takes=_TAKES
    )
    logs = Sighting(look_up_logs, source, vantage, (asked,), needs=(read,), deadline=60.0)
    return {
        "plan": plan,
        "document": read,
        "cited_runs": runs,
        "cited_logs": logs,
        "milestone_runs": runs if source.repository else _no_runs(plan),
        "histories": _histories(profile, repository, vantage),
    }


def _no_runs(plan: Plan) -> CitedRuns:
    """Stand in for the runs of a plan in a repository of which GitHub cannot be asked."""
    return CitedRuns(
        plan=plan.path,
        runs=(),
        jobs=(),
        absent=(),
        elsewhere=(),
        left=(),
        at=datetime.fromtimestamp(0, UTC),
    )
