"""The same checks from several vantages in one run of the program, by real ways there."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
import yaml

from tests.checks.wire.far_sides import far_side, over_tls, pem_of, server_context
from tests.fixtures.vantages.podman import container, images, pid_of
from tests.fixtures.vantages.spaces import inside, namespace
from tests.fixtures.vantages.sshds import sshd
from tests.program import Ended, pasted, run_checks

__all__ = ["images"]


@dataclass(frozen=True)
class World:
    """A profile with a vantage of each kind, and the endpoint, which one of them does not reach."""

    profile: Path
    port: int

    @property
    def endpoint(self) -> str:
        return f"localhost:{self.port}"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, images: None) -> Iterator[World]:
    folder, authority = tmp_path_factory.mktemp("world"), trustme.CA()
    (folder / "d").mkdir()
    serve = over_tls(server_context(authority.issue_cert("localhost")))
    with ExitStack() as stack:
        space = stack.enter_context(namespace())
        runner = stack.enter_context(container())
        stack.enter_context(sshd(folder / "d"))
        port = stack.enter_context(far_side(serve))
        network = Path(f"/proc/{pid_of(runner)}/ns/net")
        stack.enter_context(inside(network, far_side(serve, port=port)))
        vantages = [
            {"name": "here", "kind": "local"},
            {"name": "blue", "kind": "netns", "namespace": space},
            {"name": "runner", "kind": "podman", "container": runner},
            {"name": "far", "kind": "ssh", "host": "far", "config": "d/config"},
            {"name": "gone", "kind": "podman", "container": "no-such-container"},
        ]
        profile = {
            "name": "everywhere",
            "vantages": vantages,
            "authorities": [pem_of(authority, folder)],
            "nameservers": {"absent": "none is asked"},
            "hosts": {"absent": "none is looked at"},
            "endpoints": [{"host": "localhost", "port": port}],
        }
        (folder / "everywhere.yaml").write_text(yaml.safe_dump(profile))
        yield World(folder / "everywhere.yaml", port)


def run(world: World, folder: Path, *options: str) -> Ended:
    return run_checks(
        folder, f"--profile={world.profile}", "-k", "check_handshake_completes", *options
    )


def verdicts(ended: Ended) -> dict[str, str]:
    """Return the verdict from each vantage."""
    lines = list(ended.folder.glob("journal*.jsonl")) if ended.folder else []
    told = [json.loads(line) for path in lines for line in path.read_text().splitlines()]
    return {
        line["check"].rpartition("@")[2].rstrip("]"): line["verdict"]
        for line in told
        if line["kind"] == "verdict"
    }


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_each_vantage_gives_its_own_verdict(
    world: World, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    ended = run(world, tmp_path, *workers)

    assert verdicts(ended) == {
        "here": "upheld",
        "blue": "inconclusive",
        "runner": "upheld",
        "far": "upheld",
        "gone": "inconclusive",
    }, ended.out
    assert f"[{world.endpoint}@gone]" in ended.out
    assert "podman's container no-such-container cannot be asked: there is no such" in ended.out
    assert ended.is_sealed()
    facts = {line["vantage"]: line for line in ended.journal("vantage")}
    assert list(facts) == ["here", "blue", "runner", "far", "gone"]
    assert facts["runner"]["place"]["state"] == "running"
    assert facts["far"]["system"] == facts["here"]["system"]


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "shared"])
def test_one_vantage_is_selected_and_a_replay_asks_none(
    world: World, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    chosen = ("--vantage", "far")
    ended = run(world, tmp_path, *chosen)
    again = run(world, tmp_path / "again", *chosen, f"--replay={ended.folder}", *workers)

    assert verdicts(ended) == verdicts(again) == {"far": "upheld"}
    (then,), (now,) = ended.journal("vantage"), again.journal("vantage")
    assert now["looked_at"] == then["at"]
    unchanging = ("vantage", "vantage_kind", "place", "system", "routes", "store", "tools")
    assert {name: now[name] for name in unchanging} == {name: then[name] for name in unchanging}


def test_each_command_by_hand_looks_from_its_vantage(world: World, tmp_path: Path) -> None:
    ended = run(world, tmp_path)

    begun = [one for one in ended.journal("sighting.begin") if one["probe"] == "shake_hands"]
    said = {one["vantage"]: pasted(one["by_hand"]) for one in begun}
    came = {name: "BEGIN CERTIFICATE" in out for name, (_, out) in said.items()}
    assert came == {"here": True, "blue": False, "runner": True, "far": True, "gone": False}, said
    assert "no-such-container" in said["gone"][1]
