"""Where a rollout is written down: comments and issues on GitHub, files that point to jobs."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from checks.rollout.closeout.gathering import FactsOf, gather_facts
from checks.rollout.closeout.probe import (
    CommentsOf,
    IssuesOf,
    PointersOf,
    look_at_comments,
    look_at_issues,
    look_at_pointers,
)
from checks.rollout.closeout.seen import Fact, Facts, Pointer
from checks.rollout.pipeline.seen import NoRun, Run
from checks.rollout.told.seen import Told
from fixtures.github.issues import Comment, Issue
from fixtures.lab.github_state import Hosted
from fixtures.lab.serving import serve_github
from fixtures.outcomes import Unseen
from fixtures.repositories import Source
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from tests.checks.rollout.chain.made import NEW, NOW, OLD, lane, target
from tests.checks.rollout.chain.test_linking import run
from tests.checks.rollout.closeout.made import told
from tests.checks.rollout.runtime import written
from tests.checks.rollout.runtime.made import a_lane
from tests.checks.rollout.runtime.made import pods as pods_seen
from tests.checks.rollout.runtime.written import Json

FIELDS = ("job.id", "jobId")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Source, Hosted]]:
    hosted = Hosted("acme/orders", tmp_path)
    with serve_github(hosted) as there:
        source = Source(
            name="orders",
            path=None,
            ref=None,
            repository="acme/orders",
            api=there.api,
            branch="main",
        )
        yield source, hosted


def test_comments_of_the_pull_request_are_read(served: tuple[Source, Hosted]) -> None:
    source, hosted = served
    one = Comment(
        id=3, author="bot", body="x" * 70_000, created=NOW, updated=NOW, url="https://a.test"
    )
    hosted.comments[7] = [one, replace(one, id=4, author=None, body="done")]

    seen = asyncio.run(look_at_comments(CommentsOf(source, 7), Local(), deadline=20))

    assert [(one.number, one.author, len(one.text)) for one in seen.comments] == [
        (3, "bot", 65_536),
        (4, "", 4),
    ]


def test_issues_of_the_label_are_read_that_changed_lately(served: tuple[Source, Hosted]) -> None:
    source, hosted = served
    now = datetime.now(UTC).replace(microsecond=0)
    one = Issue(
        number=1,
        title="CD failed",
        state="open",
        labels=("cd-failure",),
        body="at argo",
        author=None,
        created=now,
        updated=now,
        url="https://a.test/1",
    )
    old = now - timedelta(days=200)
    hosted.issues = [one, replace(one, number=2, updated=old), replace(one, number=3, labels=())]

    seen = asyncio.run(look_at_issues(IssuesOf(source, "cd-failure"), Local(), deadline=20))

    assert [(one.number, one.title, one.text) for one in seen.issues] == [
        (1, "CD failed", "at argo")
    ]


def test_a_repository_that_cannot_be_asked_is_not_known(served: tuple[Source, Hosted]) -> None:
    source, hosted = served
    hosted.forbidden = frozenset({"/issues"})

    with pytest.raises(VantageError, match="403"):
        asyncio.run(look_at_comments(CommentsOf(source, 7), Local(), deadline=20))


def test_files_that_point_to_jobs_are_read(tmp_path: Path) -> None:
    texts = {
        "monitor.json": '{"job": {"id": "m-1"}}',
        "once.json": '{"jobId": 12}',
        "odd.json": '{"job": null}',
        "noise.json": "starting\n{}",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    paths = tuple(str(tmp_path / name) for name in (*texts, "gone.json"))

    seen = asyncio.run(look_at_pointers(PointersOf(paths, FIELDS), Local(), deadline=20))

    assert seen.pointers[:3] == (
        Pointer(paths[0], there=True, job="m-1", why=""),
        Pointer(paths[1], there=True, job="12", why=""),
        Pointer(paths[2], there=True, job=None, why="it names no job: there is no job.id or jobId"),
    )
    assert seen.pointers[3].why.startswith("it is no JSON: ")
    assert seen.pointers[4] == Pointer(paths[4], there=False, job=None, why="it is not there")


PIPELINE = {
    "namespace": "ci",
    "name": "p",
    "service_account": "s",
    "run_name": "ci-{short12}",
    "checkout_task": "checkout",
    "benchmark": {"absent": "x"},
}


def gathered(seconds: float | None, trigger: Told | None = None, **changed: object) -> Facts:
    ended = None if seconds is None else NOW + timedelta(seconds=seconds)
    made: Run = replace(run("True"), completed=ended)
    seen = {"target": target("contained"), "pipeline_run": made, "catalog": Unseen("it hangs", "x")}
    if trigger is not None:
        seen["told_trigger"] = trigger
    seen |= changed
    of = FactsOf("agentrun-v01", tuple(seen), lane(pipeline=PIPELINE), {})
    return asyncio.run(gather_facts(of, Local(), *seen.values(), deadline=1))


def test_a_run_within_the_budget_is_not_over_it() -> None:
    assert gathered(119.0).over is None
    assert gathered(None).over is None


def test_a_run_over_the_budget_is_told_with_what_it_waited() -> None:
    over = gathered(131.0).over

    assert over is not None
    assert (over.budget, over.waited, over.elapsed) == (120.0, 131.0, None)


def test_a_trigger_that_took_longer_than_its_run_is_over_too() -> None:
    trigger = told({"status": "succeeded", "totalElapsedSeconds": 204.5})

    over = gathered(96.0, trigger).over

    assert over is not None
    assert (over.waited, over.elapsed) == (96.0, 204.5)


def test_what_could_not_be_read_is_told_and_a_newer_tip_supersedes() -> None:
    facts = gathered(1.0)

    assert facts.unread == ("catalog: it hangs",)
    assert facts.superseded
    tip = facts.fact("current-tip")
    assert tip is not None
    assert tip.value == NEW
    catalog = facts.fact("catalog-commit")
    assert catalog is not None
    assert (catalog.value, catalog.unread) == ("", True)


def test_the_runtimes_digest_is_that_of_the_lanes_workloads() -> None:
    own = written.pod()
    beside = written.pod("postgres-0", metadata__ownerReferences=None)
    of = FactsOf("agentrun-v01", ("live_pods",), a_lane(), {})

    def running(*pods: Json) -> Fact | None:
        seen = asyncio.run(gather_facts(of, Local(), pods_seen(*pods), deadline=1))
        return seen.fact("runtime-digest")

    both, other = running(own, beside), running(beside)
    assert both is not None
    assert both.value.endswith(f"@{written.DIGEST}")
    assert other is not None
    assert (other.value, other.unread) == ("", False)
    assert other.why == "0 of 1 pods are the workloads', and none tells an image"


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("{}-0", written.DIGEST),
        ("{}-5d4f8c9b7d-x2x4z", written.DIGEST),
        ("{}-x2x4z", written.DIGEST),
        ("{}-db-0", ""),
        ("{}-db-5d4f8c9b7d-x2x4z", ""),
    ],
)
def test_a_pod_is_that_of_the_workload_whose_whole_name_it_has(name: str, image: str) -> None:
    pod = written.pod(name.format("agentrun-mgr"), metadata__ownerReferences=None)
    of = FactsOf("agentrun-v01", ("live_pods",), a_lane(), {})

    seen = asyncio.run(gather_facts(of, Local(), pods_seen(pod), deadline=1))

    told = seen.fact("runtime-digest")
    assert told is not None
    assert told.value.rpartition("@")[2] == image


def left_open(facts: Facts) -> set[str]:
    return {fact.name for fact in facts.facts if fact.is_missing and fact.unread}


def test_a_run_that_is_not_there_is_no_fact_that_is_left_out() -> None:
    gone = NoRun(
        namespace="ci",
        expected="ci-aaaaaaaaaaaa",
        commit=OLD,
        named=(),
        pinned=(),
        rest=0,
        newest="",
        at=NOW,
    )
    of_run = {"pipelinerun", "started", "ended"}

    facts = gathered(1.0, pipeline_run=gone)

    assert of_run <= left_open(facts)
    fact = facts.fact("pipelinerun")
    assert fact is not None
    assert fact.why.startswith("evidence-expired, or not made yet: ")
    assert not of_run & left_open(gathered(1.0, pipeline_run=replace(gone, pinned=("other",))))


def test_an_ancestry_that_git_cannot_tell_is_not_left_out_by_anybody() -> None:
    assert "ancestry" in left_open(gathered(1.0, target=target("unknown")))
