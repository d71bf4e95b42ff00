"""The images that builds stand on, in a real registry."""

import asyncio
from collections.abc import Iterator

import pytest

from checks.rollout import check_pipeline_images as checks
from checks.rollout.pipeline.sightings import base_beside_of, tools_beside_of, tools_of
from checks.rollout.pipeline.tools import (
    ToolsStored,
    look_at_told_image,
    look_at_tools,
    none_stored,
)
from config.model import Absent
from fixtures.sightings import Sighting
from fixtures.vantages import Vantage, VantageError
from reports.codec import decode, encode
from tests.checks.rollout import lanes
from tests.checks.rollout.calling import judged
from tests.checks.rollout.told.made import told
from tests.ports import free_port
from tests.registries import Served
from tests.registries import registry as running

SOON = 20.0


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with running(tmp_path_factory.mktemp("registry")) as served:
        yield served


def looked(url: str, here: Vantage, *tools: str) -> ToolsStored:
    lane = lanes.lane(registry={"url": url, "tools": tools})
    found = tools_of(lanes.profile(lane), lane)
    assert isinstance(found, Sighting)
    tools_named = found.arguments[0]
    return asyncio.run(look_at_tools(found.target, here, tools_named, deadline=SOON))


def judge(seen: ToolsStored) -> tuple[str, str]:
    check = checks.check_images_that_builds_stand_on_are_in_the_registry
    return judged(check, lane=lanes.lane(), tools_stored=seen).words


def test_images_that_builds_stand_on_are_there(registry: Served, here: Vantage) -> None:
    digest = registry.push("agentrun/ci-node-tools", "latest").digest
    names = ("agentrun/ci-node-tools", f"{registry.host}/agentrun/ci-node-tools:latest")

    seen = looked(registry.url, here, *names, f"agentrun/ci-node-tools@{digest}")

    assert judge(seen) == ("upheld", "")
    assert seen.headline == f"{registry.host} has 3 of 3 images that builds stand on"
    assert decode(encode(seen)) == seen


def test_an_image_that_is_not_there_is_missing(registry: Served, here: Vantage) -> None:
    registry.push("agentrun/ci-node-tools", "latest")

    seen = looked(registry.url, here, "agentrun/ci-node-tools:latest", "agentrun/other:1")

    assert judge(seen) == ("violated", "tools-image-missing")
    assert seen.missing[0].startswith(f"{registry.host}/agentrun/other:1: ")


def test_the_base_image_that_a_tool_names_is_asked_for(registry: Served, here: Vantage) -> None:
    registry.push("agentrun/bun", "1")
    command = {"name": "image", "tells": "runtime-image", "argv": ["hwlab", "runtime-image"]}
    lane = lanes.lane(registry={"url": registry.url}, told=[command])
    found = base_beside_of(lanes.profile(lane), lane)
    assert isinstance(found, Sighting)
    (field,) = found.arguments

    def looked_at(image: object) -> ToolsStored:
        word = told({"baseImage": image}, "runtime-image")
        asked = look_at_told_image(found.target, here, field, word, deadline=SOON)
        return asyncio.run(asked)

    assert looked_at(f"{registry.host}/agentrun/bun:1").missing == ()
    assert looked_at(f"{registry.host}/agentrun/bun:2").missing
    for other in ("docker.io/oven/bun:1", None, 7):
        assert looked_at(other).tools == ()


def test_without_a_registry_or_a_name_there_is_nothing_beside_a_tools_word() -> None:
    bare, nameless = lanes.lane(), lanes.lane(registry={"url": "http://127.0.0.1:5000"})

    assert base_beside_of(lanes.profile(bare), bare) == none_stored("")
    assert tools_beside_of(lanes.profile(bare), bare) == none_stored("")
    assert tools_beside_of(lanes.profile(nameless), nameless) == none_stored("127.0.0.1:5000")


def test_a_registry_that_does_not_answer_has_no_missing_images(here: Vantage) -> None:
    with pytest.raises(VantageError):
        looked(f"http://127.0.0.1:{free_port()}", here, "agentrun/ci-node-tools:latest")


def test_a_lane_without_tools_says_so() -> None:
    lane = lanes.lane(registry={"url": "http://127.0.0.1:5000"})

    assert isinstance(tools_of(lanes.profile(lane), lane), Absent)
