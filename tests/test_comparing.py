"""What a run makes of a comparison: escaped, redacted, and no verdict hangs on it."""

from pathlib import Path

import pytest

from tests.program import Ended, run_checks, suite_with_area

AREA = {
    "cases.py": """
from checks.door.probe import look
from fixtures.sightings import Case, Sighting

def cases(profile):
    for vantage in profile.vantages:
        yield Case("door", vantage.name, {"seen": Sighting(look, "door", vantage.name)})
""",
    "probe.py": """
from typing import Literal
from reports.codec import observation

@observation
class Door:
    kind: Literal["door"] = "door"
    @property
    def headline(self) -> str:
        return "the door is open"

async def look(target, vantage, *, deadline) -> Door:
    return Door()
""",
    "check_door.py": """
from checks.door.probe import Door

def check_door_is_open(seen: Door) -> None:
    assert seen
""",
}
COMPARE = """
from fixtures.comparing import compares
from reports.comparisons import Comparison

@compares
def compare(target, views):
    names = tuple(view.vantage for view in views)
    {body}
"""
PROFILE = """
name: x
endpoints: {absent: none}
hosts: {absent: none}
secrets: [{name: TOKEN, env: DOOR_TOKEN}]
vantages: [{name: here, kind: local}, {name: there, kind: local}]
"""
SAYS = """
    seen = {name: f"{name} knows hunter22-hunter22 | <b>\\x1b[31m" for name in names}
    yield Comparison(target, names, ("names",), "TLS", seen, ("MTU 1 / 2",))
    yield Comparison("window", names, ("names",), unseen=("here hangs",), blind=("gone is gone",))
"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    (tmp_path / "x.yaml").write_text(PROFILE)
    return tmp_path / "x.yaml"


def ran(
    folder: Path, profile: Path, body: str, *options: str, cases: str = AREA["cases.py"]
) -> Ended:
    suite = suite_with_area(folder, "door", AREA | {"cases.py": cases})
    (suite / "checks" / "causes").mkdir()
    (suite / "checks" / "causes" / "__init__.py").touch()
    (suite / "checks" / "causes" / "telling.py").write_text(COMPARE.replace("{body}", body))
    env = {"DOOR_TOKEN": "hunter22-hunter22"}
    return run_checks(folder, f"--profile={profile}", *options, suite=suite, env=env)


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_it_is_redacted_and_escaped_everywhere(
    tmp_path: Path, profile: Path, options: tuple[str, ...]
) -> None:
    ended = ran(tmp_path, profile, SAYS, *options)
    assert ended.folder is not None, ended.out
    files = {path.name: path.read_text() for path in ended.folder.iterdir() if path.is_file()}
    log = next(text for name, text in files.items() if name.endswith(".log"))
    table = files["record.md"].partition("## Between vantages\n\n")[2].partition("\n## ")[0]

    assert ended.status == 0, ended.out
    assert ended.is_sealed()
    assert "hunter22" not in ended.out + "".join(files.values())
    (row,) = [line for line in table.splitlines() if line.startswith("| `door` |")]
    assert row.startswith("| `door` | `here`, `there` | names | **TLS** | here: here knows ")
    assert row.endswith("&#124; &#60;b&#62;&#92;x1b&#91;31m<br>MTU 1 / 2 |")
    assert "- window looked at from 2 vantages (here, there): no difference in what was" in table
    assert "- gone is gone (of window)\n" in table
    for text in (ended.out, log):
        assert "door from here and there differs first at TLS; equal before it: names" in text
        assert "here: here knows \u2039secret:TOKEN#" in text
        assert "| <b>\\x1b[31m\n" in text


def test_one_that_breaks_changes_no_verdict_and_is_told(tmp_path: Path, profile: Path) -> None:
    ended = ran(tmp_path, profile, "raise LookupError(target)")

    assert ended.status == 0, ended.out
    assert ended.is_sealed()
    (told,) = ended.journal("comparison")
    assert told["unseen"] == ["the comparison itself broke: LookupError: door"]
    assert "no difference in what was looked at; the comparison itself broke" in ended.out


def test_a_vantage_that_nothing_is_judged_from_is_not_compared(
    tmp_path: Path, profile: Path
) -> None:
    ended = ran(tmp_path, profile, SAYS, "--vantage", "here")

    assert ended.status == 0, ended.out
    assert ended.journal("comparison") == []
    assert "etween vantages" not in ended.out


def told_in(ended: Ended) -> tuple[str, str, str]:
    """Return what the screen, the record and the log say."""
    assert ended.folder is not None, ended.out
    (log,) = ended.folder.glob("*.log")
    return ended.out, (ended.folder / "record.md").read_text(), log.read_text()


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_vantages_are_named_in_the_order_of_the_profile(
    tmp_path: Path, profile: Path, options: tuple[str, ...]
) -> None:
    text = PROFILE.replace("name: here", "name: zebra").replace("name: there", "name: ape")
    profile.write_text(text)
    backwards = AREA["cases.py"].replace("profile.vantages", "reversed(profile.vantages)")
    body = "yield Comparison(target, names, ('names',), 'TCP', dict.fromkeys(names, 'shut'))"
    screen, record, log = told_in(ran(tmp_path, profile, body, *options, cases=backwards))

    assert "from zebra, ape: 2 checks" in screen
    assert "door from zebra and ape differs first at TCP" in screen
    assert "zebra, ape: shut" in screen
    assert "| Looked from | `zebra`, `ape` on host " in record
    assert "| `door` | `zebra`, `ape` | names | **TCP** | zebra, ape: shut |" in record
    assert record.index("#### `door` from `zebra`") < record.index("#### `door` from `ape`")
    assert record.index("### `zebra`") < record.index("### `ape`")
    assert log.index("# vantage   zebra") < log.index("# vantage   ape")
    assert "DIFFERENT door from zebra and ape" in log


def test_who_could_not_look_is_told_though_nothing_could_be_compared(
    tmp_path: Path, profile: Path
) -> None:
    body = """
    yield Comparison(target, names[:1], (), blind=("there could not look: it is gone",))
    yield Comparison("gate", (), (), blind=("there could not look: it is gone",))
"""
    screen, record, log = told_in(ran(tmp_path, profile, body))
    said = [
        "nothing could be compared: no target was looked at from two of here, there",
        "door looked at from here alone: nothing to compare",
        "there could not look: it is gone (of 2 targets)",
    ]

    shown = screen.partition("\nBetween vantages:\n")[2].partition("\n\n")[0].splitlines()
    table = record.partition("## Between vantages\n\n")[2].partition("\n## ")[0].splitlines()
    assert shown == [f"  {line}" for line in said]
    assert table == [f"- {line}" for line in said]
    assert "NOT COMPARED door: looked at from here alone\n    there could not look: it is" in log
    assert "NOT COMPARED gate: not looked at\n    there could not look: it is gone\n" in log
    assert f"=== (between vantages) {said[0]}\n" in log


def test_that_nothing_was_compared_is_told_of_several_vantages(
    tmp_path: Path, profile: Path
) -> None:
    for text in told_in(ran(tmp_path, profile, "return ()")):
        assert "nothing could be compared: no target was looked at from two of here, there" in text


def test_what_is_not_equal_before_the_first_layer_is_told(tmp_path: Path, profile: Path) -> None:
    body = """
    seen = dict.fromkeys(names, "shut")
    why = "resolver configuration is different"
    yield Comparison(target, names, (), "names", seen, instead=why)
    yield Comparison("gate", names, ("TCP",), sizes=("MTU 1500 / 1400", "segments of 9 / 8 bytes"))
"""
    screen, record, log = told_in(ran(tmp_path, profile, body))
    same = "no difference that matters to them (MTU 1500 / 1400, segments of 9 / 8 bytes)"

    assert "| resolver configuration is different | **names** |" in record
    for text in (screen, log):
        assert "differs first at names; resolver configuration is different\n" in text
    assert f"gate looked at from 2 vantages (here, there): {same}\n" in screen
    assert f"- gate looked at from 2 vantages (here, there): {same}\n" in record
    assert "EQUAL gate from here and there: TCP\n    MTU 1500 / 1400\n    segments of 9" in log


def test_many_are_named_in_the_record_alone(tmp_path: Path, profile: Path) -> None:
    body = """
    for number in range(20):
        yield Comparison(f"d{number:02}", names, (), "TCP", dict.fromkeys(names, "shut"))
"""
    ended = ran(tmp_path, profile, body)
    assert ended.folder is not None, ended.out

    assert "d07 from here and there differs first at TCP\n    here, there: shut\n" in ended.out
    assert "d08 from" not in ended.out
    assert "  and 12 more that differ, in the record" in ended.out
    assert "| `d19` |" in (ended.folder / "record.md").read_text()
