"""An area of which every kind of verdict comes, and one sighting that never ends."""

from pathlib import Path

from tests.program import suite_with_area

HOSTILE = "中文 <b>bold</b> &amp; \x1b[31mred\u202e | `x` <script>alert(1)</script>"
CASES = f"""
import asyncio
from typing import Literal
from config.model import Absent
from fixtures.sightings import Case, Sighting, by_hand
from fixtures.vantages import VantageError
from reports.codec import observation

HOSTILE = {HOSTILE!r}

@observation
class Open:
    kind: Literal["demo-open"] = "demo-open"
    headline = "it is open"

@observation
class Shut:
    kind: Literal["demo-shut"] = "demo-shut"
    name: str
    transcript: str = ""
    phases = (("knock", 0.0, 0.0125), ("wait", 0.0125, 0.25))
    @property
    def headline(self): return f"{{self.name}} is shut"

@by_hand(lambda name: f"ls {{name}}")
async def knock(name, vantage, *, deadline):
    if name == "gone":
        raise VantageError("the vantage is gone", "bring it back")
    if name == "none":
        return ()
    if name == "slow":
        await asyncio.sleep(60)
    if name in ("shut", "waived", HOSTILE):
        return Shut(name=name, transcript=f"> knock\\n< {{HOSTILE}}\\n")
    return Open()

def cases(profile):
    for name in ("open", "shut", "waived", "gone", "none", HOSTILE):
        yield Case(name, "here", {{"door": Sighting(knock, name, "here")}})
    yield Case("slow", "here", {{"gate": Sighting(knock, "slow", "here")}})
    yield Case("missing", "here", {{"door": Absent(absent="there is no such door")}})
"""
FIRST = """
from checks.demo.cases import Open, Shut
from fixtures.subjects import holds
from reports.verdicts import expected

@holds(Shut)
def check_door_opens(door: Open | Shut) -> None:
    assert isinstance(door, Open), expected("an open door", door.headline)
"""
MORE = """
from checks.demo.cases import Open
from reports.verdicts import Inconclusive

def check_door_is_wide(door: Open, remark) -> None:
    remark("it is wide")

def check_breaks(door: Open) -> None:
    raise KeyError("nothing")

def check_cannot_tell(door: Open) -> None:
    raise Inconclusive("too dark", "bring a lamp")
"""
LAST = """
from checks.demo.cases import Open

def check_gate_opens(gate: Open) -> None: pass

def check_never_comes(door: Open) -> None: pass
"""
PROFILE = """
name: demo
endpoints: {absent: none here}
hosts: {absent: none here}
waivers:
  - {check: check_door_opens, target: waived, reason: "https://plans.test/266 has it",
     approved_by: the tests, until: 2999-12-31}
"""


def make(folder: Path) -> tuple[Path, Path]:
    """Return a suite with the area, and its profile."""
    profile = folder / "demo.yaml"
    profile.write_text(PROFILE)
    files = {"check_a.py": MORE, "check_b.py": FIRST, "check_c.py": LAST}
    return suite_with_area(folder, "demo", {"cases.py": CASES, **files}), profile
