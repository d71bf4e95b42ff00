"""Documents of any shape: each is read or refused in words, and what was seen can be kept."""

import asyncio
import json
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checks.rollout.catalog import spellings
from checks.rollout.catalog.judging import incomplete, invalid_refs, tagged_by_commit
from checks.rollout.catalog.manifests import NoDocumentsError, read_manifests
from checks.rollout.catalog.reading import read_catalog
from checks.rollout.catalog.seen import Catalog
from checks.rollout.observability.probe import _series, _targets
from checks.rollout.observability.seen import Queried, Server, Targets
from checks.rollout.source.truth import built_in, read_truth, secrets_in
from checks.rollout.told.fields import dig
from checks.rollout.told.probe import Asked, ask_tool
from config.lanes.catalog import Catalog as Expected
from fixtures.clusters.plain_json import read_json
from fixtures.prometheus import Answer
from fixtures.registries.manifests import NoManifestError, read_manifest
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports import codec
from reports.verdicts import Inconclusive

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
HALVES = st.sampled_from(["\ud800", "\udfff", "\x00", "\u202e", "\x1b[2J", "a" * 5000, "*", "\x85"])
KEYS = st.sampled_from(
    [
        *(one for every in vars(spellings).values() if isinstance(every, tuple) for one in every),
        *("kind", "metadata", "spec", "items", "containers", "command", "name", "namespace"),
        *("config", "layers", "manifests", "digest", "size", "platform", "schemaVersion", "image"),
        *("metric", "value", "histogram", "resultType", "result", "activeTargets", "labels"),
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | HALVES
SHAPES = st.recursive(
    LEAVES,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(KEYS | HALVES, below, max_size=6),
    max_leaves=25,
)
MAPPINGS = st.dictionaries(KEYS, SHAPES, max_size=10)
TYPES = st.sampled_from(
    [
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
        "application/json",
    ]
)


def kept(seen: Any) -> None:
    assert codec.decode(codec.encode(seen)) == seen


@given(MAPPINGS)
@settings(deadline=None, max_examples=150)
def test_a_catalog_of_any_shape_is_read_and_kept(shape: dict[str, Any]) -> None:
    seen = read_catalog(json.dumps(shape).encode(), "c.json", "c" * 40, AT)

    kept(seen)
    if isinstance(seen, Catalog):
        incomplete(seen, Expected(path="c.json", services=("a",)))
        tagged_by_commit(seen)
        list(invalid_refs([(one.service, one.image_ref) for one in seen.services], "git"))


@given(MAPPINGS, st.binary(max_size=40))
@settings(deadline=None, max_examples=150)
def test_a_manifest_of_any_shape_is_read_or_refused(shape: dict[str, Any], raw: bytes) -> None:
    for content in (json.dumps(shape).encode(), raw, b"kind: Pod\nspec: " + raw):
        try:
            read = read_manifests("a.yaml", content, ("apt-get install",))
        except NoDocumentsError:
            continue
        assert read.objects >= 0
        str(read).encode()


@given(MAPPINGS)
@settings(deadline=None, max_examples=100)
def test_a_deploy_json_of_any_shape_is_looked_through(shape: dict[str, Any]) -> None:
    truth, why = read_truth(json.dumps(shape).encode())

    assert not why
    str([*built_in(truth), *secrets_in(truth)]).encode()


@given(MAPPINGS, TYPES)
@example({"config": {"digest": False}}, "application/vnd.oci.image.manifest.v1+json")
@settings(deadline=None, max_examples=150)
def test_an_images_manifest_of_any_shape_is_read_or_refused(
    shape: dict[str, Any], media_type: str
) -> None:
    with suppress(NoManifestError):
        str(read_manifest("a/b", "tag", json.dumps(shape).encode(), media_type, None)).encode()


@given(st.sampled_from(["vector", "scalar", "matrix"]), SHAPES)
@settings(deadline=None, max_examples=150)
def test_an_answer_of_metrics_of_any_shape_is_read_or_refused(of: str, shape: Any) -> None:
    shape = read_json(json.dumps(shape).encode())
    server = Server("http://a", None)
    with suppress(VantageError):
        found, series = _series("up", {"resultType": of, "result": shape})
        kept(Queried(url="a", promql="up", of=found, series=series, warnings=(), infos=(),
                     seconds=0.1, at=AT))  # fmt: skip
    with suppress(VantageError):
        targets = tuple(_targets(server, Answer({"activeTargets": shape}, (), ())))
        kept(Targets(url="a", jobs=("a",), targets=targets, active=1, at=AT))


def test_halves_of_characters_in_what_a_tool_tells_are_replaced() -> None:
    script = 'import sys; sys.stdout.write(\'{"a": "\\\\ud800", "\\\\udfff": 1}\')'
    asked = Asked("status", "control-plane", (sys.executable, "-c", script), None)

    told = asyncio.run(ask_tool(asked, Local(), deadline=30))

    kept(told)
    assert dig(told, "a") == "\ufffd"


def test_what_tells_a_thing_twice_is_read_by_nobody() -> None:
    twice = b'{"source": {"commitId": "a", "commitId": "b"}}'

    with pytest.raises(ValueError, match="a key stands twice"):
        read_json(twice)
    assert read_truth(twice) == ({}, "a key stands twice in an object of it")
    assert not isinstance(read_catalog(twice, path="c.json", commit="f" * 40, at=AT), Catalog)
    told = asyncio.run(
        ask_tool(
            Asked("tool", "trigger", ("echo", '{"ok": false, "ok": true}'), None),
            Local(),
            deadline=10,
        )
    )
    with pytest.raises(Inconclusive, match="a key stands twice"):
        dig(told, "ok")
