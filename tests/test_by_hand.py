"""The command that is printed to be pasted: it sees from here what was seen from its vantage."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
import yaml

from tests.checks.wire.far_sides import far_side, over_tls, server_context
from tests.fixtures.vantages.spaces import inside, namespace
from tests.needs import need
from tests.program import Ended, pasted, run_checks

ORGANIZATION = "Nobody Knows It"


@dataclass(frozen=True)
class World:
    """A profile that looks from a namespace, in which alone somebody listens at the port."""

    profile: Path
    namespace: str
    port: int

    @property
    def bare(self) -> str:
        at = f"localhost:{self.port} -servername localhost"
        return f"openssl s_client -connect {at} -showcerts </dev/null"

    def run(self, folder: Path, *options: str) -> Ended:
        asked = ("-k", "check_certificate_is_trusted", *options)
        return run_checks(folder, f"--profile={self.profile}", *asked)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    authority = trustme.CA(organization_name=ORGANIZATION)
    serve = over_tls(server_context(authority.issue_cert("localhost")))
    with namespace() as space, inside(space, far_side(serve)) as port:
        profile = {
            "name": "blue",
            "vantages": [{"name": "blue", "kind": "netns", "namespace": space}],
            "nameservers": {"absent": "none is asked"},
            "hosts": {"absent": "none is looked at"},
            "endpoints": [{"host": "localhost", "port": port}],
        }
        (tmp_path / "blue.yaml").write_text(yaml.safe_dump(profile))
        yield World(tmp_path / "blue.yaml", space, port)


def printed(out: str, beginning: str) -> str:
    """Return the only command that the program printed that begins so."""
    lines = (line.strip().removeprefix("by hand").strip() for line in out.splitlines())
    (one,) = dict.fromkeys(line for line in lines if line.startswith(beginning))
    return one


def test_the_printed_command_sees_what_the_probe_saw(world: World, tmp_path: Path) -> None:
    ended = world.run(tmp_path)
    command = printed(ended.out, f"ip netns exec {world.namespace} sh -c 'openssl")
    status, said = pasted(command)

    (verdict,) = ended.verdicts().values()
    assert verdict == "violated", ended.out
    assert ORGANIZATION in ended.out
    assert ORGANIZATION in said
    assert "unable to get local issuer certificate" in said
    assert pasted(world.bare)[0] != status == 0


def test_plan_log_record_and_replay_have_the_same_command(world: World, tmp_path: Path) -> None:
    need("openssl")
    planned = world.run(tmp_path, "--plan-only")
    ended = world.run(tmp_path)
    again = world.run(tmp_path, f"--replay={ended.folder}", "-n", "2")

    command = f"ip netns exec {world.namespace} sh -c '{world.bare}'"
    assert f"    {command}\n" in planned.out
    assert printed(again.out, command) == command
    for run in (ended, again):
        assert run.folder is not None
        assert command in (run.folder / "record.md").read_text()
        (log,) = run.folder.glob("*.log")
        assert f" {command}\n" in log.read_text()
