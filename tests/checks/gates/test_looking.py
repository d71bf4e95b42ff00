"""What the probes see, of a real checkout and over real HTTP."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest

from checks.gates.contract_file import Contract, NoContract, read_contract_file
from checks.gates.emitted import read_emitted
from checks.gates.history import Asked, History, NoEmitter, Sought, find_history, read_history
from checks.gates.ledger import write_ledger
from checks.gates.plans import document
from checks.gates.plans.lookups import look_up_logs, look_up_runs
from checks.gates.requirements import read_requirements
from checks.wire.workflows.probe import read_workflows
from config.gates import Gate
from fixtures.github.values import Protection, RequiredCheck
from fixtures.lab.history import SHOP
from fixtures.repositories import Source
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports import codec
from tests.checks.gates.conftest import Shop
from tests.checks.gates.made import PATH, colours

T = TypeVar("T")
HERE = Local()
CI = Asked(PATH, "main", 30)
PLAN = document.Asked("docs/plan-266.md")


def seen(look: Coroutine[Any, Any, T]) -> T:
    """Run a probe; what it saw has to survive being written down."""
    found = asyncio.run(look)
    assert codec.decode(codec.encode(found)) == found  # type: ignore[arg-type]
    return found


def history(shop: Shop, asked: Asked = CI) -> History:
    return seen(read_history(shop.source, HERE, asked, deadline=30))


def test_runs_and_jobs_are_read(shop: Shop) -> None:
    found = history(shop)

    assert [one.id for one in found.runs] == [7003, 7002, 7001]
    assert found.whole
    gate = Gate(context="build (1.24)", labels=("Ubuntu-24.04",), steps=("Test",))
    written = write_ledger(gate, found.runs, found.jobs, whole=found.whole)
    assert colours(written.entries) == ["green", "green", "green"]


def test_older_runs_are_told_where_they_are_not_read(shop: Shop) -> None:
    found = history(shop, Asked(PATH, "main", 2))

    assert [one.id for one in found.runs] == [7003, 7002]
    assert not found.whole
    assert "2 of 3 runs" in found.headline


def test_jobs_of_earlier_attempts_are_read_too(shop: Shop) -> None:
    (again,) = [run for run in shop.hosted.runs if run.id == 7002]
    at = shop.hosted.runs.index(again)
    shop.hosted.runs[at] = replace(again, attempt=2)
    (failed,) = [job for job in shop.hosted.jobs if job.id == 70020]
    shop.hosted.jobs.append(replace(failed, id=79999, attempt=2, conclusion="failure"))

    found = history(shop)

    ledgers = {
        name: write_ledger(Gate(context=name), found.runs, found.jobs)
        for name in ("build (1.24)", "web")
    }
    assert colours(ledgers["build (1.24)"].entries) == ["green", "red", "green"]
    assert colours(ledgers["web"].entries) == ["green", "green", "green"]


def find(shop: Shop, context: str) -> History | NoEmitter:
    files = asyncio.run(read_workflows(shop.source, HERE, deadline=30))
    sought = Sought(context, "main", 5)
    return seen(find_history(shop.source, HERE, sought, files, deadline=30))  # type: ignore[arg-type]


def test_the_workflow_of_a_context_is_found_by_its_file(shop: Shop) -> None:
    found = find(shop, "build (1.25)")

    assert isinstance(found, History)
    assert found.workflow == PATH
    assert isinstance(find(shop, "gone"), NoEmitter)


def test_what_a_branch_requires_is_read(shop: Shop) -> None:
    found = seen(read_requirements(shop.source, HERE, "main", deadline=30))

    assert [one.context for one in found.required] == ["build (1.24)", "build (1.25)", "web"]
    assert [(one.id, one.enforcement, one.bypass) for one in found.binding] == [(7, "active", ())]
    assert found.protection is None
    assert found.hidden == ()
    assert '"integration_id": 15368' in found.bodies[0][1]


def test_a_protection_and_a_trial_ruleset_are_seen(shop: Shop) -> None:
    check = RequiredCheck(context="old", app=None, source="branch protection")
    shop.hosted.protections["main"] = Protection(required=(check,), strict=True, admins=False)
    (active,) = shop.hosted.rulesets
    shop.hosted.rulesets.append(replace(active, id=8, enforcement="evaluate"))

    found = seen(read_requirements(shop.source, HERE, "main", deadline=30))

    assert "old" in {one.context for one in found.required}
    assert {one.id: one.enforcement for one in found.rulesets} == {7: "active", 8: "evaluate"}
    assert found.protection is not None
    assert not found.protection.admins


def test_rulesets_that_are_not_read_are_said(shop: Shop) -> None:
    (active,) = shop.hosted.rulesets
    shop.hosted.rulesets = [replace(active, id=100 + at) for at in range(33)]

    found = seen(read_requirements(shop.source, HERE, "main", deadline=30))

    assert found.hidden == (("3 more rulesets: 30 are read", "look at them by hand"),)


@pytest.mark.parametrize("hidden", ["/branches", "/rulesets", "/rules/branches"])
def test_what_may_not_be_seen_is_said_and_the_rest_is_seen(shop: Shop, hidden: str) -> None:
    shop.hosted.forbidden = frozenset({hidden})

    found = seen(read_requirements(shop.source, HERE, "main", deadline=30))

    assert found.hidden
    assert all("403" in reason and mend for reason, mend in found.hidden)
    assert "not seen" in found.headline
    assert bool(found.required) == (hidden != "/rules/branches")


def test_check_runs_of_pull_requests_and_the_head_are_read(shop: Shop) -> None:
    found = seen(read_emitted(shop.source, HERE, "main", deadline=30))

    assert [one.what for one in found.commits] == ["head", "pull request"]
    assert {run.name for run in found.pulls[0].runs} == {"build (1.24)", "build (1.25)", "web"}
    assert {run.app for run in found.runs} == {15368}


def test_the_contract_is_read_from_the_tree(shop: Shop) -> None:
    found = seen(read_contract_file(shop.source, HERE, ".github/required-checks.json", deadline=9))
    gone = seen(read_contract_file(shop.source, HERE, "gone.json", deadline=9))

    assert isinstance(found, Contract)
    assert [(one.context, one.app) for one in found.wanted][-1] == ("web", 15368)
    assert isinstance(gone, NoContract)
    assert "no file gone.json" in gone.why


def plan_of(source: Source, asked: document.Asked = PLAN) -> document.PlanSeen:
    found = seen(document.read_plan(source, HERE, asked, deadline=30))
    assert isinstance(found, document.PlanSeen), found
    return found


def test_what_a_plan_cites_is_looked_up(shop: Shop) -> None:
    plan = plan_of(shop.source)
    found = seen(look_up_runs(shop.source, HERE, PLAN, plan, deadline=30))
    logs = seen(look_up_logs(shop.source, HERE, PLAN, plan, deadline=30))

    assert [run.id for run in found.runs] == [7001, 7002]
    assert [(one.path, one.day) for one in logs.logs] == [
        ("logs/preparation-20251122T075500Z.log", date(2025, 11, 22)),
        ("logs/cleanup-20251122T091500Z.log", date(2025, 11, 22)),
    ]
    assert all(one.days == (date(2025, 11, 22),) for one in logs.logs)


def test_a_log_may_be_cited_from_the_root(shop: Shop, tmp_path: Path) -> None:
    log = tmp_path / "logs" / "cleanup-20251122T091500Z.log"
    log.parent.mkdir()
    log.write_text("2025-11-22T09:15:00Z began\n")
    plan = tmp_path / "docs" / "plan-266.md"
    plan.parent.mkdir()
    plan.write_text("[clean-up](/logs/cleanup-20251122T091500Z.log)\n")
    source = replace(shop.source, path=str(tmp_path))

    logs = seen(look_up_logs(source, HERE, PLAN, plan_of(source), deadline=30))

    assert [(one.path, one.unread) for one in logs.logs] == [
        ("logs/cleanup-20251122T091500Z.log", "")
    ]


def test_a_run_that_is_not_there_is_told_from_runs_that_may_not_be_seen(shop: Shop) -> None:
    plan = plan_of(shop.source)
    shop.hosted.runs = [run for run in shop.hosted.runs if run.id != 7001]

    found = seen(look_up_runs(shop.source, HERE, PLAN, plan, deadline=30))
    assert found.absent == (7001,)

    shop.hosted.forbidden = frozenset({"/actions"})
    with pytest.raises(VantageError, match="403"):
        asyncio.run(look_up_runs(shop.source, HERE, PLAN, plan, deadline=30))


def test_a_plan_at_another_ref_or_elsewhere_is_read_there(shop: Shop) -> None:
    at_ref = replace(shop.source, ref="main")
    on_github = replace(shop.source, path=None)

    assert plan_of(at_ref).commit == plan_of(on_github).commit
    assert plan_of(at_ref).citations == plan_of(shop.source).citations


@pytest.mark.parametrize(
    ("name", "text", "zone", "days"),
    [
        ("x-20251122T081500Z.log", "[2025-11-23T08:15:00Z] a\n", "+00:00", [23]),
        ("x-20251122.log", "2025-11-21 20:00:00 a\n", "+00:00", [21]),
        ("x-20251122.log", "2025-11-22 01:00:00 a\n", "+08:00", [22, 21]),
        ("x-20251122.log", "expires 2026-01-02 00:00:00\n[2025-11-22T00:00:00Z] a", "+00:00", [22]),
        ("x-20251122.log", "nothing\n", "+00:00", []),
    ],
)
def test_the_days_of_a_log_are_those_of_its_text(
    tmp_path: Path, name: str, text: str, zone: str, days: list[int]
) -> None:
    (tmp_path / name).write_text(text)
    (tmp_path / "plan.md").write_text(f"log: {name}, gone-20251122.log, x-*.log\n")
    source, asked = (
        Source("p", str(tmp_path), None, None, None, "main"),
        document.Asked("plan.md", zone),
    )

    plan = plan_of(source, asked)
    found = seen(look_up_logs(source, HERE, asked, plan, deadline=30))

    assert [one.path for one in found.logs] == [None, name, name]
    assert [day.day for day in found.logs[1].days] == days


def test_runs_of_a_path_cannot_be_asked_for(tmp_path: Path) -> None:
    source = Source("p", str(tmp_path), None, None, None, "main")

    with pytest.raises(VantageError, match="what GitHub knows of it cannot be asked"):
        asyncio.run(read_history(source, HERE, CI, deadline=9))


def test_nothing_is_asked_beyond_the_budget(shop: Shop) -> None:
    source = replace(shop.source, requests=2)

    with pytest.raises(VantageError, match="2 requests"):
        asyncio.run(read_history(source, HERE, CI, deadline=9))
    assert len(shop.stand_in.asked) <= 2
    assert SHOP in shop.stand_in.asked[0].target
