"""A check that asks a list for what it does not tell of is inconclusive; the others are judged."""

from pathlib import Path

from tests.program import run_checks, suite_with_area
from tests.stoppable import PROFILE

CASES = """
from fixtures.sightings import Case, Sighting
from checks.patient.probe import look


def cases(profile):
    for namespace in ("whole", "left-out"):
        seen = Sighting(look, "all", "here")
        yield Case(namespace, "here", {"namespace": namespace, "seen": seen})
"""
PROBE = """
from datetime import UTC, datetime
from typing import Literal

from fixtures.clusters import Listing
from fixtures.clusters.holes import Hole
from reports.codec import observation


@observation
class Seen:
    listing: Listing
    kind: Literal["seen"] = "seen"

    @property
    def headline(self) -> str:
        return "seen"


async def look(target, vantage, *, deadline):
    hole = Hole("left-out", None, "nobody took it", "take it")
    now = datetime.now(UTC)
    return Seen(listing=Listing("c", "pods", None, 0, "", (), now, holes=(hole,)))
"""
CHECK = """
from checks.patient.probe import Seen
from fixtures.sightings import NotRecordedError


def check_it_is_there(seen: Seen, namespace: str) -> None:
    seen.listing.ensure_whole(namespace)


def check_it_was_kept(seen: Seen, namespace: str) -> None:
    if namespace == "left-out":
        raise NotRecordedError("its name, which no lane named then")
"""
AREA = {"cases.py": CASES, "probe.py": PROBE, "check_there.py": CHECK}


def test_a_hole_is_inconclusive_for_who_asks_for_it_alone(tmp_path: Path) -> None:
    suite = suite_with_area(tmp_path, "patient", AREA)
    (tmp_path / "profile.yaml").write_text(PROFILE)

    ended = run_checks(tmp_path, f"--profile={tmp_path / 'profile.yaml'}", suite=suite)

    told = {line["check"].partition("::")[2]: line for line in ended.journal("verdict")}
    whole, lost = (told[f"check_it_is_there[{one}@here]"] for one in ("whole", "left-out"))
    assert (whole["verdict"], lost["verdict"]) == ("upheld", "inconclusive")
    assert (lost["reason"], lost["mend"]) == ("nobody took it", "take it")
    assert ended.status == 6
    kept, left = (told[f"check_it_was_kept[{one}@here]"] for one in ("whole", "left-out"))
    assert (kept["verdict"], left["verdict"]) == ("upheld", "inconclusive")
    assert left["reason"] == "nobody looked at its name, which no lane named then"
    assert "look now" in left["mend"]
