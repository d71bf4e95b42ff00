"""Registered runners, against what jobs ask for, what is retired, and what was meant."""

from dataclasses import replace
from datetime import date, timedelta

from checks.labels import check_runners as of
from checks.wire.github.runs import RunsSeen
from config.labels import Intended, Labels, Release
from fixtures.github.values import Runner
from tests.checks.labels.test_asked_labels import RETIRED, TOMBSTONE
from tests.checks.repositories import (
    HOUR,
    NOW,
    held,
    job,
    ran,
    refused,
    run,
    runner,
    runners,
    runs,
    unsure,
    workflows,
)

SHOP = workflows(job(runs_on="[self-hosted, linux, shop]"))
FITTING = ("self-hosted", "Linux", "X64", "Shop")


def test_a_set_is_covered_by_one_runner_whatever_the_case() -> None:
    check = of.check_every_label_set_has_a_runner

    held(check, SHOP, runners(runner("a"), runner("b", *FITTING)), Labels())
    held(check, workflows(job()), runners(), Labels())
    arc = workflows(job(runs_on="arc-set"))
    held(check, arc, runners(), Labels(scale_sets=("arc-set",)))


def test_labels_of_several_runners_do_not_cover_a_set() -> None:
    two = runners(runner("a", "self-hosted", "linux"), runner("b", "self-hosted", "shop", "x64"))

    saw = refused(of.check_every_label_set_has_a_runner, SHOP, two, Labels())

    assert "job build asks for [self-hosted, linux, shop]" in saw
    assert "a comes nearest, and lacks shop" in saw


def test_runners_that_nobody_could_ask_for_leave_it_open() -> None:
    seen = runners(runner("a"), unasked=("the organization's: 403",))
    check = of.check_every_label_set_has_a_runner

    assert "the organization's: 403" in unsure(check, SHOP, seen, Labels())


def test_a_runner_of_another_group_does_not_count() -> None:
    shop = workflows(job(runs_on="{group: shop, labels: [self-hosted]}"))
    fields = {"id": 1, "name": "a", "os": "Linux", "status": "online", "busy": False}
    other = Runner(**fields, labels=("self-hosted",), group="other")  # type: ignore[arg-type]
    own = Runner(**fields, labels=("self-hosted",), group="shop")  # type: ignore[arg-type]
    check = of.check_every_label_set_has_a_runner

    held(check, shop, runners(own), Labels())
    assert "is of the group other" in refused(check, shop, runners(other), Labels())


def test_offline_is_told_from_busy() -> None:
    check = of.check_runners_that_jobs_need_are_online
    idle, busy = runner("a", *FITTING), runner("b", *FITTING, busy=True)
    off = runner("c", *FITTING, status="offline")

    assert held(check, SHOP, runners(idle, off), Labels()) == []
    assert "every runner that has them is busy: b" in held(check, SHOP, runners(busy), Labels())[0]
    assert "c is offline" in refused(check, SHOP, runners(off), Labels())


def test_a_long_queue_before_busy_runners_is_capacity() -> None:
    check = of.check_busy_runners_leave_no_long_queue
    busy = runners(runner("b", *FITTING, busy=True))
    waiting = waits(NOW - HOUR)

    saw = refused(check, SHOP, busy, waiting, Labels(), 900.0)
    assert "build of run 7 has waited 3600 s" in saw
    assert "1 online, all busy" in saw
    held(check, SHOP, busy, waits(NOW - timedelta(minutes=5)), Labels(), 900.0)
    held(check, SHOP, runners(runner("a", *FITTING)), waiting, Labels(), 900.0)
    more = replace(waits(NOW - timedelta(minutes=5)), whole=False)
    assert "only the newest 1 runs that wait" in unsure(check, SHOP, busy, more, Labels(), 900.0)


def test_a_runner_that_carries_a_retired_set_is_found() -> None:
    check = of.check_no_runner_carries_a_retired_label_set
    stale = runner("old", "Self-Hosted", "X64", "CubeCastle", "WSL", status="offline")

    held(check, runners(runner()), RETIRED)
    saw = refused(check, runners(runner(), stale), RETIRED)
    assert "old (repository, offline) has [Self-Hosted, X64, CubeCastle, WSL]" in saw
    assert TOMBSTONE in saw
    assert unsure(check, runners(runner(), unasked=("403",)), RETIRED) == "403"


def test_a_registered_runner_is_recent_enough() -> None:
    check = of.check_registered_runners_are_recent_enough_for_jobs
    known = Labels(releases=(Release(version="2.330.0", date=date(2026, 9, 1)),))
    given = (known.releases, known)

    held(check, runners(replace(runner("a"), version="2.330.0")), *given)
    old = replace(runner("b"), version="2.329.0")
    assert "b runs 2.329.0: 2.330.0 came out on 2026-09-01" in refused(check, runners(old), *given)
    assert "does not tell" in unsure(check, runners(runner("c")), *given)
    recent = replace(runner("a"), version="2.330.0")
    assert "the runners: c" in unsure(check, runners(recent, runner("c")), *given)
    assert unsure(check, runners(recent, unasked=("403",)), *given) == "403"
    assert held(check, runners(), *given) == ["no runner is registered"]


def test_jobs_ran_on_the_runner_that_was_meant() -> None:
    check = of.check_jobs_ran_on_the_runner_that_was_meant
    meant = (Intended(workflow="ci.yml", job="build*", runner="GitHub Actions *"),)

    held(check, runs(ran()), meant)
    saw = refused(check, runs(ran(runner="wsl-1", labels=("self-hosted", "wsl"))), meant)
    assert "run 7, build ran on wsl-1 [self-hosted, wsl]" in saw
    assert "no job of the last 1 runs" in unsure(check, runs(ran("other")), meant)
    assert "no job of the last 1 runs" in unsure(check, runs(ran(runner=None)), meant)
    other = Intended(workflow="deploy.yml", job="deploy", runner="shop-1")
    assert "deploy.yml deploy" in unsure(check, runs(ran()), (*meant, other))


def waits(since: object) -> RunsSeen:
    asked = ("self-hosted", "linux", "shop")
    queued = ran(status="queued", conclusion=None, created=since, labels=asked, runner=None)
    return runs(queued, of=[run(status="queued", conclusion=None)])
