"""Status commands as they are: noisy, failing, hanging, endless, or not there."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from checks.rollout.source.seen import Target
from checks.rollout.told.cases import offer
from checks.rollout.told.fields import dig
from checks.rollout.told.probe import Asked, ask_tool, ask_tool_about
from checks.rollout.told.seen import Told
from checks.rollout.told.sightings import told_named, told_of
from config.model import Absent
from fixtures.sightings import Sighting
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from tests.checks.rollout.lanes import lane, profile
from tests.checks.rollout.told.made import NOW


def ask(script: str, deadline: float = 30, prefix: str | None = None) -> Told:
    asked = Asked("status", "control-plane", ("sh", "-c", script), prefix)
    return asyncio.run(ask_tool(asked, Local(), deadline=deadline))


def refused(script: str, deadline: float = 30) -> str:
    with pytest.raises(VantageError) as raised:
        ask(script, deadline)
    return raised.value.reason


def test_noise_stands_before_and_on_the_other_output() -> None:
    seen = ask("echo 'proxy {set}'; echo working >&2; echo '{\"a\": {\"b\": 1}}'")

    assert (dig(seen, "a.b"), seen.status) == (1, 0)
    assert "proxy {set}" in seen.transcript
    assert "working" in seen.transcript


def test_of_much_noise_the_lines_that_tell_are_kept() -> None:
    many = "yes working | head -n 12000"
    script = f"{many}; echo 'sync: retry exhausted (5)'; {many}; echo '{{\"a\": 1}}'"

    seen = ask(script)

    assert "\nsync: retry exhausted (5)" in seen.transcript
    assert "characters left out" in seen.transcript
    assert len(seen.transcript) < 80_000


def test_json_that_is_long_is_not_in_the_way_of_what_stands_beside_it() -> None:
    seen = ask('echo first; printf \'{"a": "%0100000d"}\' 1; echo end >&2')

    assert seen.transcript.startswith("first\n{…}")
    assert seen.transcript.endswith("end\n")
    assert len(seen.transcript) < 200


def test_an_exit_status_is_kept_beside_the_json() -> None:
    seen = ask("echo '{\"aligned\": false}'; exit 3")

    assert (seen.status, dig(seen, "aligned")) == (3, False)
    assert "which ended with 3" in seen.headline


def test_a_byte_order_mark_does_not_matter() -> None:
    assert dig(ask("printf '\\357\\273\\277{\"a\": 1}'"), "a") == 1


def test_a_command_that_is_not_there_could_not_be_asked() -> None:
    asked = Asked("status", "control-plane", ("no-such-command-here", "status"), None)
    with pytest.raises(VantageError, match="no-such-command-here"):
        asyncio.run(ask_tool(asked, Local(), deadline=5))


def test_a_script_whose_tool_is_missing_says_so() -> None:
    assert "cannot be run" in refused("exec no-such-command-here status")


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ('printf \'{"a": {"b": \'', "wrote no JSON object and ended with 0"),
        ("echo 'Error: lane v01 is unknown' >&2; exit 2", "ended with 2: Error: lane v01"),
        ("true", "wrote no JSON object"),
    ],
)
def test_without_json_it_told_nothing(script: str, said: str) -> None:
    assert said in refused(script)


def test_a_command_that_hangs_is_ended_and_what_it_said_is_quoted() -> None:
    said = refused("echo connecting; sleep 60", deadline=0.5)

    assert "did not end within 0.5 s" in said
    assert "connecting" in said


def test_a_command_that_writes_without_end_is_not_read_to_its_end() -> None:
    assert "wrote more than" in refused("head -c 100000000 /dev/zero | tr '\\0' 'x'; echo '{}'")


def commands(*argvs: tuple[str, ...], **more: Any) -> list[dict[str, Any]]:
    return [
        {"name": f"c{at}", "tells": "control-plane", "argv": list(argv)} | more
        for at, argv in enumerate(argvs)
    ]


def test_words_of_the_lane_are_filled_in_and_braces_stay() -> None:
    given = commands(("tool", "{lane}", "--node={node}", '{"a": 1}'), deadline="5m")
    own = lane(told=given, node="D601")

    sighting = told_of(profile(own), own, "control-plane")

    assert isinstance(sighting, Sighting)
    assert sighting.target.argv == ("tool", "v01", "--node=D601", '{"a": 1}')
    assert (sighting.deadline, sighting.takes) == (300, 300)
    assert sighting.by_hand == "tool v01 --node=D601 '{\"a\": 1}'"


def test_a_command_about_the_commit_needs_the_target(tmp_path: Path) -> None:
    own = lane(told=commands(("sh", "-c", 'echo "{\\"commit\\": \\"{commit}\\"}"')))
    sighting = told_of(profile(own), own, "control-plane")
    assert isinstance(sighting, Sighting)
    target = Target(
        commit="a" * 40,
        tip="a" * 40,
        ref="refs/heads/v0.1",
        repository="/nowhere",
        authority="worktree",
        asked=False,
        ancestry="same",
        why="",
        at=NOW,
    )

    assert sighting.probe is ask_tool_about
    assert [need.probe.__name__ for need in sighting.needs] == ["find_target"]
    seen = asyncio.run(ask_tool_about(sighting.target, Local(), target, deadline=30))
    assert json.loads(seen.document) == {"commit": "a" * 40}


def test_what_no_command_tells_is_absent_with_a_reason() -> None:
    own = lane(told=commands(("tool",)))
    offered = offer(profile(own), own, "here")

    assert isinstance(offered["told_control_plane"], Sighting)
    assert offered["told_git_mirror"] == Absent(
        absent="no status command of the lane tells of git-mirror"
    )
    assert offered["told_control_plane"] == told_named(profile(own), own, "c0")
    assert isinstance(told_named(profile(own), own, "other"), Absent)
    assert offer(profile(lane()), lane(), "here")["told_job"] == lane().told
