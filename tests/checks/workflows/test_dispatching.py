"""Dispatches against the lab's GitHub, over real HTTP: 200, 204, 422, 403, and no run."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from checks.wire.github.runners import RunnersOf, look_at_runners, look_at_workflow_states
from checks.wire.github.runs import RunsOf, look_at_runs
from checks.workflows.dispatching import (
    Dispatching,
    DispatchRan,
    DispatchRefused,
    DispatchUnanswered,
    dispatch_workflow,
)
from fixtures.github.limits import LIMITS
from fixtures.github.tokens import hold_tokens
from fixtures.github.values import Runner
from fixtures.lab.github_state import Hosted, healthy
from fixtures.lab.history import SHOP, make_shop
from fixtures.lab.serving import Served, serve_github
from fixtures.repositories import Source
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode

HERE = Local("here")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, ...]]:
    return make_shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture
def hosted(shop: tuple[Path, tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Hosted]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    LIMITS.forget()
    hold_tokens(())
    yield healthy(SHOP, *shop)
    LIMITS.forget()


@pytest.fixture
def served(hosted: Hosted) -> Iterator[Served]:
    with serve_github(hosted) as one:
        yield one


def source(served: Served) -> Source:
    return Source("shop", None, None, SHOP, served.api, "main", requests=100)


def dispatched(
    served: Served, workflow: str = "ci.yml", ref: str = "main", within: float = 20
) -> DispatchRan | DispatchRefused | DispatchUnanswered:
    inputs = (("environment", "staging"),) if workflow == "deploy.yml" else ()
    of = Dispatching(source(served), workflow, ref, inputs, within)
    seen = asyncio.run(dispatch_workflow(of, HERE, deadline=60))
    assert decode(encode(seen)) == seen
    return seen


def test_a_newer_server_names_the_run(hosted: Hosted, served: Served) -> None:
    seen = dispatched(served, "deploy.yml")

    assert isinstance(seen, DispatchRan)
    assert (seen.status, seen.run.sha) == (200, seen.sha)
    assert seen.run.event == "workflow_dispatch"
    assert hosted.dispatched == [
        (".github/workflows/deploy.yml", "main", {"environment": "staging"})
    ]


def test_the_run_of_an_older_server_is_polled_for(hosted: Hosted, served: Served) -> None:
    hosted.dispatching = "run without its id"
    before = {run.id for run in hosted.runs}

    seen = dispatched(served)

    assert isinstance(seen, DispatchRan)
    assert seen.status == 204
    assert seen.run.id not in before


def test_a_run_that_never_comes_is_an_answer(hosted: Hosted, served: Served) -> None:
    hosted.dispatching = "nothing"

    seen = dispatched(served, within=1)

    assert isinstance(seen, DispatchUnanswered)
    assert seen.status == 204
    assert 1 <= seen.seconds < 30


def test_a_ref_that_is_not_there_cannot_be_looked_at(served: Served) -> None:
    with pytest.raises(VantageError):
        dispatched(served, ref="no-such-branch")


def test_a_refusal_is_an_answer(hosted: Hosted, served: Served) -> None:
    hosted.workflows = [replace(one, state="disabled_manually") for one in hosted.workflows]

    seen = dispatched(served)

    assert isinstance(seen, DispatchRefused)
    assert (seen.status, hosted.dispatched) == (422, [])
    assert "disabled workflow" in seen.said


def test_without_permission_nothing_is_known(hosted: Hosted, served: Served) -> None:
    hosted.forbidden = frozenset({"/actions/workflows/ci.yml/dispatches"})

    with pytest.raises(VantageError, match="403"):
        dispatched(served)


def test_runners_of_the_organization_are_asked_for_where_the_profile_says_so(
    hosted: Hosted, served: Served
) -> None:
    own = Runner(id=5, name="org-1", os="linux", status="online", busy=False, labels=("x",))
    hosted.organization_runners = [own]
    hosted.page = 1

    alone = asyncio.run(look_at_runners(RunnersOf(source(served)), HERE, deadline=30))
    both = RunnersOf(source(served), organization=True)
    seen = asyncio.run(look_at_runners(both, HERE, deadline=30))

    assert [one.name for one in alone.runners] == ["shop-1"]
    assert [(one.name, one.scope) for one in seen.runners] == [
        ("shop-1", "repository"),
        ("org-1", "organization"),
    ]
    assert seen.unasked == ()


def test_states_and_runs_are_read(served: Served) -> None:
    states = asyncio.run(look_at_workflow_states(source(served), HERE, deadline=30))
    runs = asyncio.run(
        look_at_runs(RunsOf(source(served), workflow="ci.yml", most=2), HERE, deadline=30)
    )

    assert {one.path: one.state for one in states.workflows} == {
        ".github/workflows/ci.yml": "active",
        ".github/workflows/deploy.yml": "active",
    }
    assert len(runs.runs) == 2
    assert [job.name for job in runs.jobs_of(runs.runs[0])] == [
        "build (1.24)",
        "build (1.25)",
        "web",
    ]


def test_a_job_that_waits_in_a_run_that_has_begun_is_seen(hosted: Hosted, served: Served) -> None:
    began = next(one for one in hosted.runs if one.id == 7101)
    job = next(one for one in hosted.jobs if one.run_id == 7101)
    hosted.runs += [
        replace(began, id=7901, status="in_progress", conclusion=None),
        replace(began, id=7902, status="queued", conclusion=None),
    ]
    hosted.jobs += [
        replace(job, id=number * 10, run_id=number, status="queued", conclusion=None, runner=None)
        for number in (7901, 7902)
    ]
    of = RunsOf(source(served), statuses=("queued", "in_progress"))

    seen = asyncio.run(look_at_runs(of, HERE, deadline=30))
    least = asyncio.run(look_at_runs(replace(of, most=1), HERE, deadline=30))
    hosted.runs.append(replace(began, id=7903, status="queued", conclusion=None))
    newest = asyncio.run(look_at_runs(replace(of, most=1), HERE, deadline=30))

    assert sorted(job.run_id for job, _ in seen.waiting) == [7901, 7902]
    assert seen.whole
    assert least.whole
    assert not newest.whole


def test_a_path_alone_has_no_runners() -> None:
    path = Source("shop", "/srv/shop", None, None, None, "main")

    with pytest.raises(VantageError, match="path"):
        asyncio.run(look_at_runners(RunnersOf(path), HERE, deadline=30))
