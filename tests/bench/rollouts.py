"""How long it takes to judge the rollouts of many lanes, against kubectl's gets of the same."""

import json
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fixtures.clusters.kinds import KINDS
from tests.bench import kubectl
from tests.bench.lanes import Lanes, write_profile
from tests.bench.machine import BrokenError, Ended, MissingError, pytest_here, timed
from tests.bench.memory import WATCHED
from tests.bench.rows import Bench, Peer, Row, compared

_RATIO, _MEGABYTES, _LISTS = 1.5, 250, 1
_STATUSES = (0, 6)
"""Of a run in which nothing is violated; something may be inconclusive, as where runs' pods are."""
_RESOURCES = {one.plural: one.resource for one in KINDS}


@dataclass(slots=True)
class _Judged:
    """What came of runs: the most memory that one had, and what the last one did."""

    megabytes: float = 0.0
    checks: int = 0
    lists: Counter[str] | None = None


def rows(bench: Bench, lanes: Lanes) -> Iterator[Row]:
    """Run `pytest -m rollout` on all lanes, start to exit; then get the kinds that it listed."""
    profile = write_profile(bench.folder / "lanes.yaml", lanes)
    evidence = bench.folder / "rollouts"
    command = pytest_here("-m", "rollout", f"--profile={profile}", f"--evidence-dir={evidence}")
    judged = _Judged()

    def judge() -> Ended:
        ended = timed([sys.executable, "-c", WATCHED, *command], statuses=_STATUSES, longest=900)
        judged.megabytes = max(judged.megabytes, float(ended.out.rpartition("peak ")[2]))
        judged.checks = _checks(ended.out)
        judged.lists = _lists(evidence, lanes)
        shutil.rmtree(evidence)
        return ended

    def get() -> Ended:
        return kubectl.get(lanes.kubeconfig, [_RESOURCES[one] for one in judged.lists or ()])

    try:
        peer: Peer = kubectl.peer()
        found = bench.by_turns(ours=judge, kubectl=get)
    except MissingError as error:
        peer = bench.without("kubectl", error)
        found = bench.by_turns(ours=judge)
    ours = [float(one) for one in found["ours"]]
    theirs = [float(one) for one in found["kubectl"]] if "kubectl" in found else None
    lists = judged.lists or Counter()
    note = f"{judged.checks} checks of {lanes.count} lanes; {len(lists)} kinds are listed"
    name = f"lanes-{lanes.count}"
    yield compared(name, ours, peer, theirs, unit="s", better="lower", target=_RATIO, note=note)
    yield Row(
        name=f"{name}-memory",
        value=judged.megabytes,
        unit="MB",
        better="lower",
        target=_MEGABYTES,
        note="the most that a process of the run had",
    )
    several = ", ".join(f"{kind} {often}" for kind, often in lists.items() if often > 1)
    yield Row(
        name=f"{name}-lists",
        value=max(lists.values()),
        unit="lists of a kind",
        better="lower",
        target=_LISTS,
        note=f"of these more than one: {several}" if several else ", ".join(lists),
    )


def _checks(out: str) -> int:
    found = re.search(r"(\d+) checks, (\d+) upheld", out)
    if found is None or int(found[2]) == 0:
        raise BrokenError(f"nothing was upheld:\n{out[-2000:]}")
    return int(found[1])


def _lists(evidence: Path, lanes: Lanes) -> Counter[str]:
    """Count a run's lists by their kind, as they stand in its journal.

    Raises `BrokenError` where one is not of all lanes' objects, or was made for a lane alone.
    """
    (run,) = evidence.glob("2*")
    lists: Counter[str] = Counter()
    probes: Counter[str] = Counter()
    begun: dict[str, str] = {}
    with (run / "journal.jsonl").open() as journal:
        for text in journal:
            if '"kind":"sighting.' not in text[:200]:
                continue
            line = json.loads(text)
            if line["kind"] == "sighting.begin":
                begun[line["sighting"]] = line["probe"]
                continue
            for one in line.get("seen", ()):
                if (listing := one["observation"].get("listing")) is None:
                    continue
                if not any("limit=" in asked for asked in listing["asked"]):
                    continue  # single objects, by their names, or nobody was asked
                lists[listing["of"]] += 1
                probes[begun[line["sighting"]]] += 1
                wanted = lanes.listed.get(listing["of"])
                if wanted not in (None, listing["listed"]):
                    raise BrokenError(f"{listing['listed']} {listing['of']} were listed")
    if len(lists) < len(lanes.listed) or lanes.listed.keys() - lists.keys():
        raise BrokenError(f"not all kinds were listed: {', '.join(lists)}")
    shared = {"list_applied"}  # it is of several kinds
    if lane := [one for one, often in probes.items() if often > 1 and one not in shared]:
        raise BrokenError(f"listed again and again: {', '.join(lane)}")
    return lists
