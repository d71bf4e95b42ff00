"""Allure 3 shows what a killed run told it, and a person sees it in the browser."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import allure_area
from tests.allure_report import Browser, browsing, render
from tests.allure_results import labels_of
from tests.needs import need, need_namespace


@dataclass(frozen=True)
class Rendered:
    """A report that Allure made of a run's results."""

    folder: Path

    def widget(self, name: str) -> Any:
        return json.loads((self.folder / "widgets" / name).read_text())

    def tests(self) -> dict[str, Any]:
        """Return what the report holds of each test, by its name."""
        folder = self.folder / "data" / "test-results"
        told = [json.loads(file.read_text()) for file in folder.glob("*.json")]
        return {one["name"]: one for one in told}


def killed_run(folder: Path) -> Path:
    """Kill a run whose last but some check looks at what never answers; return its results."""
    suite, profile = allure_area.make(folder)
    results, evidence = folder / "results", folder / "evidence"
    options = (f"--profile={profile}", f"--evidence-dir={evidence}", f"--alluredir={results}")
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *options],
        cwd=suite,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ends = time.monotonic() + 60
    while process.poll() is None and len(list(results.glob("*-result.json"))) < _JUDGED:
        assert time.monotonic() < ends
        time.sleep(0.02)
    assert process.poll() is None
    time.sleep(0.2)  # the check that is in flight is one that has begun to wait
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    while not (results / "allurerc.json").exists():  # the last that is written
        assert time.monotonic() < ends
        time.sleep(0.02)
    return results


_JUDGED = 4 * 7
"""Checks of the first two files: four of seven cases each."""


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    folder = tmp_path_factory.mktemp("report")
    within = need_namespace()
    report = folder / "report"
    render(killed_run(folder), report, within)
    return Rendered(report)


@pytest.fixture(scope="module")
def browser(rendered: Rendered, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    need("chromium")
    with browsing(rendered.folder, tmp_path_factory.mktemp("browser")) as there:
        yield there


def test_the_report_counts_what_was_judged_and_what_was_not(rendered: Rendered) -> None:
    summary = json.loads((rendered.folder / "summary.json").read_text())
    told = Counter(one["status"] for one in rendered.tests().values())

    assert summary["status"] == "failed"
    assert told == {
        "passed": summary["stats"]["passed"],
        "failed": summary["stats"]["failed"],
        "broken": summary["stats"]["broken"],
        "skipped": summary["stats"]["skipped"],
    }
    assert told["failed"] == 3
    assert rendered.widget("pie_chart.json")["percentage"] < 20


def test_the_report_groups_what_is_not_upheld(rendered: Rendered) -> None:
    held = rendered.widget("categories.json")
    groups = {
        held["nodes"][root]["name"]: held["nodes"][root]["statistic"] for root in held["roots"]
    }

    assert {name: statistic["total"] for name, statistic in groups.items()} == {
        "The run is not complete": 1,
        "In flight when the run ended": 1,
        "Never run": 7,
        "Violated, waived": 1,
        "Violated": 2,
        "Inconclusive: vantage-unavailable": 4,
        "Inconclusive: not reached, a layer below broke": 9,
        "Inconclusive: it looked at nothing": 4,
        "The suite broke": 1,
        "Inconclusive: for another reason": 1,
        "Not applicable": 4,
    }


def test_the_report_tells_the_environment_and_the_severity(rendered: Rendered) -> None:
    environment = {
        one["name"]: one["values"][0] for one in rendered.widget("allure_environment.json")
    }
    assert environment["profile"] == "demo"
    assert environment["complete"].startswith("no: the run was lost")
    assert len(environment["head"]) == 64
    for name, severity in {
        "door opens [shut@here]": "blocker",
        "breaks [open@here]": "normal",
    }.items():
        assert labels_of(rendered.tests()[name])["severity"] == [severity]


def test_a_waived_violation_is_accepted_and_still_failed(rendered: Rendered) -> None:
    waived = rendered.tests()["door opens [waived@here]"]

    assert waived["status"] == "failed"
    assert waived["known"] is True
    assert rendered.widget("statistic.json")["resolutions"] == {"accepted": 1}


def test_nothing_calls_home(rendered: Rendered) -> None:
    page = (rendered.folder / "index.html").read_text()

    assert "googletagmanager" not in page
    assert "<script" in page


def test_the_overview_shows_that_the_run_is_not_complete(browser: Browser) -> None:
    words = browser.shows()

    assert "the run is complete" in words
    assert "Touchstone: profile demo, run " in words
    assert "no: the run was lost" in words
    assert "Global Errors" in words


def test_the_categories_are_shown(browser: Browser) -> None:
    words = browser.shows("#categories")

    for name in ("The run is not complete", "Never run", "Violated, waived", "The suite broke"):
        assert name in words


def test_a_violation_is_shown_with_its_steps(rendered: Rendered, browser: Browser) -> None:
    words = browser.shows(f"#{rendered.tests()['door opens [shut@here]']['id']}")

    for said in (
        "Failed",
        "Blocker",
        "an open door",
        "shut is shut",
        "knock shut from here",
        "ls shut",
        "12.5 ms, from 0.0 ms",
        "transcript",
    ):
        assert said in words


def test_what_was_in_flight_and_what_never_ran_say_so(rendered: Rendered, browser: Browser) -> None:
    flying = browser.shows(f"#{rendered.tests()['gate opens [slow@here]']['id']}")
    never = browser.shows(f"#{rendered.tests()['never comes [open@here]']['id']}")

    assert "in flight: it was being looked at when the run was lost" in flying
    assert "knock slow from here" in flying
    assert "never run: the run was lost" in never
    assert "Broken" in never


def test_hostile_text_is_shown_as_it_is(rendered: Rendered, browser: Browser) -> None:
    (name,) = [one for one in rendered.tests() if one.startswith("door opens [中文")]
    words = browser.shows(f"#{rendered.tests()[name]['id']}")

    assert r"中文 <b>bold</b> &amp; \x1b[31mred\u202e | `x` <script>alert(1)</script>" in words
    assert "\x1b" not in words
    assert "<code>" not in words


def test_the_record_comes_with_the_report(browser: Browser) -> None:
    words = browser.shows("#globalAttachments")

    assert "record.md" in words
    assert "demo-" in words
