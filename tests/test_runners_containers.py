"""Whether the runner's container runs and is healthy, by the whole program and real containers."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fixtures.vantages.podman import FULL, container, images, podman
from tests.program import Ended, run_checks

__all__ = ["images"]
_ONCE = ("--health-retries=1", "--health-interval=disable")


def run(folder: Path, vantages: list[dict[str, Any]], **env: str) -> Ended:
    profile = {
        "name": "runners",
        "vantages": vantages,
        "nameservers": {"absent": "none is asked"},
        "hosts": {"absent": "none is looked at"},
        "endpoints": {"absent": "none is looked at"},
    }
    (folder / "runners.yaml").write_text(yaml.safe_dump(profile))
    options = (f"--profile={folder}/runners.yaml", "-k", "check_container")
    return run_checks(folder, *options, env=env)


def told(ended: Ended, check: str) -> dict[str, tuple[str, str]]:
    """Return verdict and words of a check, by vantage; that there are no endpoints is not its."""
    words = {
        line["check"].rpartition("@")[2].rstrip("]"): (
            line["verdict"],
            line["saw"] or line["reason"],
        )
        for line in ended.journal("verdict")
        if f"::{check}[" in line["check"]
    }
    assert words.pop("none")[0] == "not-applicable"
    return words


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory, images: None) -> Iterator[Ended]:
    labels = ("--label=com.docker.compose.project=ci", "--label=com.docker.compose.service=runner")
    with ExitStack() as stack:
        enter = stack.enter_context
        names = {
            "well": enter(container(FULL, "--health-cmd=/usr/bin/true", *_ONCE)),
            "ill": enter(container(FULL, "--health-cmd=/usr/bin/false", *_ONCE)),
            "plain": enter(container()),
            "dead": enter(container()),
            "gone": "no-such-container",
        }
        enter(container(FULL, *labels))
        for name in ("well", "ill"):
            podman("healthcheck", "run", names[name], check=False)
        podman("kill", names["dead"])
        podman("wait", names["dead"])
        vantages: list[dict[str, Any]] = [
            {"name": name, "kind": "podman", "container": one} for name, one in names.items()
        ]
        vantages += [
            {"name": name, "kind": "podman", "compose": {"project": "ci", "service": service}}
            for name, service in (("service", "runner"), ("unmade", "cache"))
        ]
        yield run(tmp_path_factory.mktemp("runners"), vantages)


def test_a_container_that_does_not_run_is_violated_and_one_that_is_not_there_is_not(
    judged: Ended,
) -> None:
    runs = told(judged, "check_container_runs")

    assert judged.status == 1, judged.out
    assert {name: verdict for name, (verdict, _) in runs.items()} == {
        **dict.fromkeys(("well", "ill", "plain", "service"), "upheld"),
        "dead": "violated",
        **dict.fromkeys(("gone", "unmade"), "inconclusive"),
    }
    assert "does not run: exited" in runs["dead"][1]
    assert "there is no such container" in runs["gone"][1]
    assert "cache" in runs["unmade"][1]
    assert judged.is_sealed()


def test_its_health_is_its_own_checks_word(judged: Ended) -> None:
    health = told(judged, "check_container_is_healthy")

    assert {name: verdict for name, (verdict, _) in health.items()} == {
        "well": "upheld",
        "ill": "violated",
        **dict.fromkeys(("plain", "service"), "not-applicable"),
        **dict.fromkeys(("dead", "gone", "unmade"), "inconclusive"),
    }
    assert "health: unhealthy" in health["ill"][1]
    assert "not reached" in health["dead"][1]


def test_where_there_is_no_docker_nothing_is_upheld_and_nothing_violated(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    runner = {"name": "runner", "kind": "docker", "container": "runner"}

    ended = run(tmp_path, [runner], PATH=str(tmp_path / "bin"))

    for check in ("check_container_runs", "check_container_is_healthy"):
        verdict, words = told(ended, check)["runner"]
        assert verdict == "inconclusive"
        assert "docker cannot be run here" in words
    assert ended.status == 6, ended.out
    lines = [line for line in ended.journal("verdict") if line["verdict"] == "inconclusive"]
    assert [line["diagnoses"][0]["cause"] for line in lines] == ["vantage-unavailable"] * 2
