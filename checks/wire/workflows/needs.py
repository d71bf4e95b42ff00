"""What a workflow's jobs need: in order, and without cycles."""

import re
from collections.abc import Mapping

from checks.wire.workflows.loading import Loaded
from checks.wire.workflows.nodes import Node
from checks.wire.workflows.seen import Finding

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_LONGEST = 100


def jobs_of(loaded: Loaded) -> dict[str, tuple[Node, Node]]:
    """Return the jobs of a file by id: the key and the value, those that are mappings."""
    jobs = loaded.root.get("jobs") if loaded.root else None
    pairs = jobs.pairs if jobs is not None else []
    return {key.text: (key, value) for key, value in pairs if value.kind == "mapping"}


def needs_of(job: Node) -> tuple[str, ...]:
    needs = job.get("needs")
    return tuple(one.text for one in needs.elements) if needs is not None else ()


def in_order(jobs: Mapping[str, tuple[Node, Node]]) -> tuple[list[str], list[str]]:
    """Order jobs, each after those that it needs; and return those that stand in a cycle."""
    by_name = {one.lower(): one for one in jobs}
    waiting = {
        one: {by_name[need.lower()] for need in needs_of(jobs[one][1]) if need.lower() in by_name}
        for one in jobs
    }
    needed_by: dict[str, list[str]] = {one: [] for one in jobs}
    for one, needs in waiting.items():
        for need in needs:
            needed_by[need].append(one)
    ready = [one for one in jobs if not waiting[one]]
    done: list[str] = []
    while ready:
        one = ready.pop()
        done.append(one)
        for other in needed_by[one]:
            waiting[other].discard(one)
            if not waiting[other]:
                ready.append(other)
    finished = set(done)
    return done, [one for one in jobs if one not in finished]


def findings_of_needs(loaded: Loaded) -> list[Finding]:
    """Return what is wrong with the ids of jobs and with what they need."""
    jobs = jobs_of(loaded)
    known = {one.lower() for one in jobs}
    found: list[Finding] = []

    def tell(rule: str, node: Node, words: str) -> None:
        found.append(Finding(rule=rule, place=loaded.place(node), text=words))

    for name, (key, job) in jobs.items():
        if not _ID.fullmatch(name) or name.startswith("__") or len(name) >= _LONGEST:
            words = "a letter or _ first, letters, digits, - and _ after it, under 100 characters"
            tell("job-id", key, f"{name[:120]!r} is no id of a job: {words}")
        needs = job.get("needs")
        for one in needs.elements if needs is not None else ():
            if one.text.lower() not in known:
                tell("unknown-need", one, f"the job {name} needs {one.text!r}, which is no job")
    cyclic = in_order(jobs)[1]
    if cyclic:
        words = f"these jobs need each other, or one that does: {', '.join(cyclic[:10])}"
        tell("need-cycle", jobs[cyclic[0]][0], words)
    return found
