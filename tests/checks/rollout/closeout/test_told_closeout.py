"""What a tool says of a rollout that is closed: its record, its status, and what that may cover."""

from typing import Any

import pytest

from checks.rollout import check_closeout as checks
from checks.rollout.failures import Failure
from checks.rollout.links import State
from config.lanes.closeout import Compact
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.chain.made import (
    NEW,
    OLD,
    chain,
    lane,
    link,
    links,
    target,
)
from tests.checks.rollout.closeout.made import CLOSEOUT, LANE, told

RECORD = {"commit": OLD, "elapsed": 96, "taskRuns": {"build": 12}, "changelog": "none"}


def record(document: Any, given: Any = LANE) -> Judged:
    return judged(
        checks.check_the_rollout_is_recorded,
        told_rollout_record=told(document),
        target=target(),
        lane=given,
    )


def test_a_rollout_that_the_tool_has_recorded_is_its_word() -> None:
    found = record({"rollouts": [{"commit": NEW}, RECORD]})

    assert record(RECORD).words == ("upheld", "")
    assert found.words == ("upheld", "")
    assert found.remarks == (
        "as `agentrun v01 control-plane status` tells: nothing else tells of it",
    )


def test_a_rollout_that_is_not_recorded_is_told() -> None:
    assert record({"commit": NEW}).words == ("violated", "rollout-record-missing")


@pytest.mark.parametrize("left_out", ["elapsed", "taskRuns", "changelog"])
def test_a_record_that_leaves_something_out_is_none(left_out: str) -> None:
    kept = {key: value for key, value in RECORD.items() if key != left_out}

    found = record({"rollouts": [RECORD | {"commit": NEW}, kept]})

    assert found.words == ("violated", "rollout-record-missing")
    assert left_out.lower().removesuffix("s") in found.judgement.saw
    own = CLOSEOUT.model_copy(update={"record_words": ()})
    assert record(kept, lane(closeout=own.model_dump())).words == ("upheld", "")


COMPACT = {
    "summary": {
        "sourceCommit": OLD,
        "ci": {"pipelineRun": {"status": "True"}},
        "argo": {},
        "runtimeAlignment": {},
        "publicProbe": "200",
        "next": "none",
    }
}


def compact(document: Any) -> Judged:
    return judged(
        checks.check_the_status_is_compact,
        told_control_plane=told(document),
        compact=Compact(),
        lane=LANE,
    )


def test_a_status_that_tells_what_is_needed_and_no_more_is_compact() -> None:
    assert compact(COMPACT).words == ("upheld", "")


@pytest.mark.parametrize(
    ("document", "saw"),
    [
        (COMPACT | {"secrets": [{"name": "x"}]}, "secrets"),
        (COMPACT | {"pods": [{"kubectl": {"tail": "…"}}]}, "pods.0.kubectl\npods.0.kubectl.tail"),
        ({"summary": COMPACT["summary"] | {"argo": {"Logs": ""}}}, "summary.argo.Logs"),
    ],
)
def test_a_status_that_shows_more_than_is_asked_for_is_told(document: Any, saw: str) -> None:
    found = compact(document)

    assert found.words == ("violated", "verbose-default-leak")
    assert found.judgement.saw == saw


def test_a_status_that_leaves_out_what_is_needed_is_told() -> None:
    found = compact({"summary": {"sourceCommit": OLD}})

    assert found.words == ("violated", "verbose-default-leak")
    assert "summary.next is not there" in found.judgement.saw


BROKEN = links(argo=link("argo", State.BROKEN, Failure.ARGO_DEGRADED))


def precedence(given: Any, aligned: Any) -> Judged:
    return judged(
        checks.check_no_word_of_success_covers_what_is_broken,
        told_control_plane=told({"aligned": aligned}),
        chain=chain(given),
        lane=LANE,
    )


def test_a_tool_that_says_what_is_seen_is_upheld() -> None:
    assert precedence(links(), aligned=True).words == ("upheld", "")
    assert precedence(BROKEN, aligned=False).words == ("upheld", "")


def test_a_word_that_all_is_well_does_not_cover_what_is_broken() -> None:
    both = links(
        argo=link("argo", State.BROKEN, Failure.ARGO_DEGRADED),
        runtime=link("runtime", State.BROKEN, Failure.RUNTIME_NOT_READY, observed="0 of 1"),
    )

    found = precedence(both, aligned="True")

    assert found.words == ("violated", "precedence-violated")
    saw = found.judgement.saw.splitlines()
    assert saw[0].endswith('tells, aligned is "True"')
    assert saw[1] == "runtime is broken: 0 of 1"


def test_while_it_is_not_known_how_the_lane_stands_no_word_is_held_against_it() -> None:
    assert precedence(links(runtime=State.PENDING), aligned=True).words == ("inconclusive", "")
    assert precedence(links(), aligned=None).words == ("upheld", "")
