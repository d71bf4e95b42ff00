"""The difference between vantages, through the whole program: of real servers in two namespaces."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.allure_results import properties_in
from tests.differing import OTHER_NAMESERVER, World, differing, etc
from tests.fixtures.vantages.spaces import etc_of
from tests.program import Ended, run_checks

FIRST = {
    "same.test": "",
    "shared.test": "",
    "names.test": "names",
    "route.test": "route and MTU",
    "tcp.test": "TCP",
    "tls.test": "TLS",
    "http.test": "HTTP",
    "git.test": "git",
}
BELOW = {
    "names.test": ("resolver configuration",),
    "tls.test": ("resolver configuration", "names (192.0.2.16, DNS)", "TCP"),
    "git.test": ("resolver configuration", "names (192.0.2.18, DNS)", "TCP", "TLS"),
}
CHECKS = (
    *("name_resolves", "there_is_a_way", "connection_is_made", "handshake_completes"),
    *("response_is_whole", "git_advertises_refs", "git_lists_refs"),
)
ASKED = ("-k", f"({' or '.join(CHECKS)}) and not every_time", "--no-escalate")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with differing(tmp_path_factory.mktemp("world")) as made:
        yield made


def run(
    world: World,
    folder: Path,
    *options: str,
    blue: Mapping[str, str] | None = None,
    green: Mapping[str, str] | None = None,
) -> Ended:
    """Run with the same files in both namespaces, or others."""
    with ExitStack() as stack:
        stack.enter_context(etc_of(world.blue, **(blue or etc())))
        stack.enter_context(etc_of(world.green, **(green or etc())))
        return run_checks(folder, f"--profile={world.profile}", *ASKED, *options)


@pytest.fixture(scope="module")
def ended(world: World, tmp_path_factory: pytest.TempPathFactory) -> Ended:
    folder = tmp_path_factory.mktemp("ended")
    ended = run(world, folder, f"--alluredir={folder}/allure")
    assert ended.status == 1, ended.out
    assert ended.is_sealed()
    return ended


def compared(ended: Ended) -> dict[str, dict[str, Any]]:
    """Return what each process wrote of each target, without what tells lines apart."""
    assert ended.folder is not None, ended.out
    texts = (path.read_text() for path in ended.folder.glob("journal*.jsonl"))
    lines = [json.loads(line) for text in texts for line in text.splitlines()]
    own = {"seq", "at", "mono", "prev"}
    return {
        line["target"]: {name: told for name, told in line.items() if name not in own}
        for line in lines
        if line["kind"] == "comparison"
    }


def section(ended: Ended) -> str:
    return ended.out.partition("\nBetween vantages:\n")[2].partition("\n\n")[0]


def test_the_first_layer_that_differs_is_found_of_each_target(ended: Ended) -> None:
    told = compared(ended)

    assert {name: one["layer"] for name, one in told.items()} == FIRST
    assert {name: tuple(told[name]["equal"]) for name in BELOW} == BELOW
    assert all(one["vantages"] == ["blue", "green"] for one in told.values())
    assert [name for name, one in told.items() if one["blind"]] == ["same.test"]
    assert "there is none of this name" in told["same.test"]["blind"][0]
    assert told["tls.test"]["saw"]["green"].startswith("connection closed (FIN) after client-hello")
    assert told["tls.test"]["saw"]["blue"].startswith("completed TLSv1.3, certificate issued by")
    assert told["tls.test"]["sizes"][0] == "MTU 1500 / 1420"
    assert told["same.test"]["sizes"][0] == "MTU 1500 / 1420"
    assert told["shared.test"]["beside"] == [
        "blue was given 192.0.2.12 too",
        "green was given 192.0.2.19 too",
    ]
    made = {line["sighting"]: line["probe"] for line in ended.journal("sighting.begin")}
    assert {made[one] for one in told["http.test"]["sightings"]} == {"fetch"}


def test_the_terminal_the_record_the_log_and_allure_tell_it(ended: Ended) -> None:
    assert ended.folder is not None
    (log,) = ended.folder.glob("*.log")
    record = (ended.folder / "record.md").read_text()
    table = record.partition("## Between vantages\n")[2].partition("\n## ")[0]
    allure = ended.folder.parents[1] / "allure" / "environment.properties"

    assert "  http.test from blue and green differs first at HTTP; equal before it:" in section(
        ended
    )
    assert "\n    green: HTTP/1.1 403, 2 bytes\n    MTU 1500 / 1420\n" in section(ended)
    same = "2 targets looked at from 2 vantages (blue, green): no difference that matters to them"
    assert f"{same} (MTU 1500 / 1420, segments of " in section(ended)
    assert "\n  gone could not look: the network namespace " in section(ended)
    (row,) = [line for line in table.splitlines() if line.startswith("| `tcp.test` ")]
    assert "| names (192.0.2.15, DNS) | **TCP** | blue: connected<br>green: refused" in row.replace(
        "resolver configuration, ", ""
    )
    assert f"- {same} (MTU 1500 / 1420, segments of " in table
    assert "=== (between vantages) DIFFERENT route.test from blue and green" in log.read_text()
    assert "=== (between vantages) EQUAL same.test from blue and green: " in log.read_text()
    rows = properties_in(allure.read_text("ascii"))
    assert rows["differs.tcp.test"].startswith("first at TCP: blue: connected | green: refused")


def test_it_is_the_same_when_the_checks_are_shared_out(
    world: World, ended: Ended, tmp_path: Path
) -> None:
    shared = run(world, tmp_path, "-n", "2")

    assert shared.is_sealed()
    assert compared(shared) == compared(ended)
    assert section(shared) == section(ended)


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_a_replay_tells_the_same(
    world: World, ended: Ended, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    again = run(world, tmp_path, f"--replay={ended.folder}", *workers)

    assert "nothing was looked at now" in again.out
    assert compared(again) == compared(ended)
    assert section(again) == section(ended)


def test_how_a_name_is_resolved_is_first_where_it_is_looked_up(
    world: World, tmp_path: Path
) -> None:
    pinning = etc(pins="192.0.2.12 same.test\n")
    told = compared(run(world, tmp_path, blue=pinning, green=etc(OTHER_NAMESERVER)))

    assert {name: one["layer"] for name, one in told.items()} == FIRST | {
        "names.test": "resolver configuration",
        "same.test": "names",
    }
    assert told["names.test"]["saw"]["green"].startswith("asks 192.0.2.54; 192.0.2.66, DNS; ")
    assert told["names.test"]["equal"] == []
    assert told["same.test"]["saw"]["blue"].startswith("192.0.2.12, hosts file; ")
    assert told["same.test"]["saw"]["green"].startswith("192.0.2.11, DNS; ")


def test_a_single_vantage_is_compared_with_nothing(world: World, tmp_path: Path) -> None:
    ended = run(world, tmp_path, "--vantage", "green")
    assert ended.folder is not None

    assert ended.verdicts()["check_connection_is_made[tcp.test@green]"] == "violated"
    assert compared(ended) == {}
    assert "etween vantages" not in ended.out + (ended.folder / "record.md").read_text()


def test_what_was_seen_until_a_run_was_stopped_is_compared(world: World, tmp_path: Path) -> None:
    ended = run(world, tmp_path, "-x")

    assert ended.status == 6, ended.out
    assert ended.folder is not None
    assert (ended.folder / "manifest.json").exists()
    for target, told in compared(ended).items():
        assert told["layer"] in {"", FIRST[target]}, told
