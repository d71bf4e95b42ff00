"""The program's checks from pods, by the real kubectl, and what it says where it cannot look."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import trustme
import yaml

from tests.checks.wire.far_sides import far_side, over_tls, pem_of, server_context
from tests.fixtures.vantages.clusters import TOKEN, Cluster, cluster, write_kubeconfig
from tests.fixtures.vantages.kubectls import path_with_kubectl
from tests.fixtures.vantages.pods import Pod
from tests.fixtures.vantages.spaces import inside, namespace
from tests.needs import need
from tests.program import Ended, pasted, run_checks
from tests.test_vantages import verdicts

# What each vantage adds to its kind, and why nothing can be seen from it.
UNABLE: dict[str, tuple[dict[str, str], str]] = {
    "gone": ({"pod": "no-such-pod"}, "the pod no-such-pod cannot be asked: there is no such pod"),
    "none": ({"selector": "app=none"}, "no pod has the labels app=none"),
    "many": ({"selector": "app=web"}, "2 pods with app=web run: web-0, web-1"),
    "pending": (
        {"pod": "pending"},
        "it does not run: app is waiting: ImagePullBackOff, the pod Pending",
    ),
    "bare": ({"pod": "bare"}, "the pod bare cannot be asked: its image has no shell"),
    "misspelt": (
        {"pod": "runner-0", "container": "web"},
        "the pod runner-0 has no container web: it has app",
    ),
    "strange": (
        {"pod": "runner-0", "context": "there"},
        "the kubeconfig has no such context",
    ),
    "unknown": (
        {"pod": "runner-0", "kubeconfig": "unknown"},
        "the cluster takes no credentials that the kubeconfig has",
    ),
    "unlet": (
        {"pod": "runner-0", "namespace": "elsewhere"},
        "the cluster does not let this user",
    ),
}


@dataclass(frozen=True)
class World:
    """A profile with pods as vantages, and an endpoint that is there in the one that runs."""

    profile: Path
    port: int
    cluster: Cluster

    @property
    def endpoint(self) -> str:
        return f"localhost:{self.port}"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder, authority = tmp_path_factory.mktemp("world"), trustme.CA()
    with ExitStack() as stack:
        space = stack.enter_context(namespace())
        runner = Pod(
            "runner-0", labels={"app": "runner"}, within=(need("ip"), "netns", "exec", space)
        )
        waiting = {"waiting": {"reason": "ImagePullBackOff"}}
        there = stack.enter_context(
            cluster(
                folder,
                runner,
                *(replace(runner, name=f"web-{one}", labels={"app": "web"}) for one in range(2)),
                Pod("pending", phase="Pending", state=waiting),
                Pod("bare", has_shell=False),
                replace(runner, namespace="elsewhere"),
            )
        )
        there.closed = frozenset({"elsewhere"})
        write_kubeconfig(folder / "unknown", there.port, there.authority, "an-old-token")
        serve = over_tls(server_context(authority.issue_cert("localhost")))
        port = stack.enter_context(inside(space, far_side(serve)))
        profile = {
            "name": "pods",
            "vantages": [{"name": "here"}, *vantages()],
            "authorities": [pem_of(authority, folder)],
            "nameservers": {"absent": "none is asked"},
            "hosts": {"absent": "none is looked at"},
            "endpoints": [{"host": "localhost", "port": port}],
        }
        (folder / "pods.yaml").write_text(yaml.safe_dump(profile))
        yield World(folder / "pods.yaml", port, there)


def vantages() -> Iterator[dict[str, Any]]:
    every = {"runner": {"pod": "runner-0"}, "labelled": {"selector": "app=runner"}}
    for name, more in (every | {name: more for name, (more, _) in UNABLE.items()}).items():
        yield {"name": name, "kind": "kubernetes", "kubeconfig": "kubeconfig", **more}


def run(world: World, folder: Path, *options: str) -> Ended:
    chosen = (f"--profile={world.profile}", "-m", "network", "-k", "check_handshake_completes")
    return run_checks(folder, *chosen, *options, env=with_kubectl(folder))


def with_kubectl(folder: Path) -> dict[str, str]:
    """Return the variables by which kubectl is found, and keeps to itself."""
    return {"PATH": path_with_kubectl(), "KUBECACHEDIR": str(folder / "cache"), "KUBERC": "off"}


def test_a_pod_gives_its_own_verdict_and_each_inability_its_reason(
    world: World, tmp_path: Path
) -> None:
    ended = run(world, tmp_path)

    assert verdicts(ended) == {
        "here": "inconclusive",  # where nothing listens: the connection's check is violated
        "runner": "upheld",
        "labelled": "upheld",
        **dict.fromkeys(UNABLE, "inconclusive"),
    }, ended.out
    told = {line["check"]: line for line in ended.journal("verdict")}
    for name, (_, words) in UNABLE.items():
        (check,) = [one for one in told if one.endswith(f"[{world.endpoint}@{name}]")]
        assert words in str(told[check]), told[check]
    assert ended.is_sealed()
    facts = {line["vantage"]: line["place"] for line in ended.journal("vantage")}
    assert (facts["runner"]["pod"], facts["labelled"]["uid"]) == ("runner-0", "uid-1")
    assert "there is no such pod" in facts["gone"]["unknown"]
    assert ended.folder is not None
    for path in ended.folder.rglob("*"):
        assert not path.is_file() or TOKEN.encode() not in path.read_bytes()


def test_one_pod_is_selected_and_a_replay_asks_no_cluster(world: World, tmp_path: Path) -> None:
    ended = run(world, tmp_path, "--vantage", "runner")
    asked = len(world.cluster.requests)
    again = run(world, tmp_path / "again", "--vantage", "runner", f"--replay={ended.folder}")

    assert verdicts(ended) == verdicts(again) == {"runner": "upheld"}
    assert re.search(
        rf"check_handshake_completes\[{world.endpoint}@runner\]", str(ended.journal("verdict"))
    )
    executed = [one for one in world.cluster.requests[asked:] if "/exec?" in one]
    assert executed == []


def test_each_command_by_hand_looks_from_its_pod(world: World, tmp_path: Path) -> None:
    names = ("here", "runner", "labelled", "gone", "bare")
    ended = run(world, tmp_path, *(f"--vantage={name}" for name in names))

    begun = [one for one in ended.journal("sighting.begin") if one["probe"] == "shake_hands"]
    commands = {one["vantage"]: one["by_hand"] for one in begun}
    said = {name: pasted(one, with_kubectl(tmp_path)) for name, one in commands.items()}
    came = {name for name, (_, out) in said.items() if "BEGIN CERTIFICATE" in out}
    assert came == {"runner", "labelled"}, said
    assert set(said) == set(names)
    assert "$(kubectl" in commands["labelled"]
    assert TOKEN not in str(commands)
