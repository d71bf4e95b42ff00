"""The one cause for which a job would not start: pure, and by the real command."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from checks.wire.placing import known_of
from checks.wire.waiting import CannotTell, Cause
from checks.workflows.__main__ import main
from checks.workflows.explaining import Around, Explained, explain
from config.labels import Labels
from tests.checks.repositories import CI, HOUR, NOW, job, ran, runner, states, workflows
from tests.checks.wire.workflows.written import committed, written
from tests.program import ROOT, run_checks

SHOP = ("self-hosted", "linux", "shop")
OWN = job(runs_on="[self-hosted, linux, shop]")


def explained(text: str, name: str = "build", **around: Any) -> Explained:
    seen = workflows(text)
    (file,) = seen.files
    chosen = next((one for one in file.jobs if one.id == name), None)
    assert chosen is not None
    return explain(file, chosen, Around(known_of(Labels()), files=seen.files, **around))


def cause(text: str, name: str = "build", **around: Any) -> tuple[str, str]:
    found = explained(text, name, **around).cause
    assert isinstance(found, Cause), found
    assert found.facts
    assert found.next
    return found.name, str(found.failure)


def test_a_job_that_would_start_has_no_cause() -> None:
    assert explained(job()) == Explained(None)
    assert explained(OWN, runners=[runner("a", *SHOP)]) == Explained(None)


@pytest.mark.parametrize(
    ("text", "around", "expected"),
    [
        (job() + "    name: a\n    name: b\n", {}, ("invalid-workflow", "CONFIG")),
        (
            job(),
            {"states": states(("ci.yml", "disabled_manually")).workflows},
            ("workflow-disabled", "CONFIG"),
        ),
        (job(on="workflow_call"), {}, ("only-called", "CONFIG")),
        (job(more="    if: false\n"), {}, ("never-true", "CONFIG")),
        (job(runs_on="ubuntu-lastest"), {}, ("unknown-label", "CONFIG")),
        (OWN, {"runners": []}, ("no-matching-runner", "CONFIG")),
        (OWN, {"runners": [runner("a", *SHOP, status="offline")]}, ("runner-offline", "INFRA")),
        (OWN, {"runners": [runner("a", *SHOP, busy=True)]}, ("runners-busy", "CAPACITY")),
        (
            job(),
            {"queued": [ran(status="queued", created=NOW - HOUR)], "now": NOW},
            ("not-given-by-platform", "PLATFORM"),
        ),
    ],
)
def test_each_cause_is_named_with_its_class(
    text: str, around: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert cause(text, **around) == expected


def test_a_needed_job_keeps_others_from_starting() -> None:
    text = job(runs_on="ubuntu-lastest") + "  test:\n    needs: build\n    runs-on: ubuntu-latest\n"

    found = explained(text + "    steps: [{run: a}]\n", "test").cause

    assert isinstance(found, Cause)
    assert found.name == "unknown-label"
    assert found.facts[0] == "it needs build, which would not start"


@pytest.mark.parametrize(
    "text",
    [
        OWN,
        job(runs_on="${{ vars.X }}"),
        "on: push\njobs: {build: {uses: a/b/.github/workflows/c.yml@v1}}",
    ],
)
def test_what_nobody_knows_is_not_guessed(text: str) -> None:
    assert isinstance(explained(text).cause, CannotTell)


def test_a_short_wait_is_no_cause() -> None:
    waiting = ran(status="queued", created=NOW - timedelta(minutes=1))

    assert explained(job(), queued=[waiting], now=NOW) == Explained(None)


def command(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "checks.workflows", *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_command_explains_a_job_of_the_lab() -> None:
    ended = command("explain", "shop", "deploy.yml", "deploy", "--profile", "lab")

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("would start\n  job      deploy, .github/workflows/deploy.yml:")
    assert "it asks for [self-hosted, linux, shop]" in ended.stdout


def test_the_command_tells_of_a_path_what_files_tell(tmp_path: Path) -> None:
    good = committed(tmp_path, {CI: job()})
    written(tmp_path, {CI: job(runs_on="ubuntu-lastest")})

    bad, ok = (
        command("explain", name, "ci.yml", "build")
        for name in (f"{tmp_path}", f"{tmp_path}@{good}")
    )

    assert (bad.returncode, ok.returncode) == (1, 0), bad.stderr + ok.stderr
    assert bad.stdout.startswith("would not start: unknown-label (CONFIG)\n")
    assert "fact     ubuntu-lastest: did you mean ubuntu-latest?" in bad.stdout
    assert f"next     correct runs-on at {CI}:4:14" in bad.stdout
    assert "unasked  GitHub, for runners, states and queues" in bad.stdout
    assert good[:12] in ok.stdout


def test_the_command_says_when_it_cannot_tell(tmp_path: Path) -> None:
    written(tmp_path, {CI: OWN})

    ended = command("explain", str(tmp_path), "ci.yml", "build")

    assert ended.returncode == 6, ended.stderr
    assert ended.stdout.startswith("cannot tell\n")
    assert "nobody could ask which runners have [self-hosted, linux, shop]" in ended.stdout


@pytest.mark.parametrize("name", ["shop", "path"])
def test_the_command_hides_the_secrets_of_the_profile(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORD", "Xyzzy-4711")
    there = written(tmp_path / "there", {CI: job(runs_on='[self-hosted, "Xyzzy-4711"]')})
    profile = tmp_path / "mine.yaml"
    profile.write_text(
        "name: mine\nendpoints: {absent: none}\nhosts: {absent: none}\n"
        "secrets: [{name: TOKEN, env: WORD}]\nvantages: [{name: host, kind: local}]\n"
        "repositories: [{name: shop, path: there}]\n"
    )
    asked = name if name == "shop" else str(there)

    ended = command("explain", asked, "ci.yml", "build", "--profile", str(profile))
    wrong = command("explain", asked, "Xyzzy-4711", "build", "--profile", str(profile))

    assert ended.returncode == 6, ended.stderr
    assert "which runners have [self-hosted, \u2039secret:TOKEN#" in ended.stdout
    assert wrong.returncode == 4
    assert "4711" not in ended.stdout + ended.stderr + wrong.stdout + wrong.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("no-such-folder", "ci.yml", "build"),
            "neither a folder nor a repository of the profile github",
        ),
        (("shp", "ci.yml", "build", "--profile", "lab"), "did you mean shop?"),
        ((".", "c.yml", "build"), "did you mean ci.yml?"),
        ((".", "ci.yml", "buld"), "did you mean build?"),
        ((".@", "ci.yml", "build"), "stands behind the @"),
        ((".",), "the following arguments are required: WORKFLOW, JOB"),
    ],
)
def test_wrong_use_is_one_line(
    arguments: tuple[str, ...],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    written(tmp_path, {CI: job()})
    monkeypatch.chdir(tmp_path)

    try:
        status = main(["explain", *arguments])
    except SystemExit as ended:
        status = int(str(ended.code))

    out, err = capsys.readouterr()
    assert (status, out) == (4, "")
    assert told in err
    assert err.count("\n") == 1


def history(folder: Path) -> list[str]:
    """Commit a history in which the workflow breaks at the fourth commit, and stays so."""
    good = job()
    bad = good + "    runs-on: ubuntu-22.04\n"
    texts = [good, good + "# a\n", good + "# b\n", bad, bad + "# c\n", bad + "# d\n"]
    return [committed(folder, {CI: text}) for text in texts]


def test_bisecting_by_ref_finds_the_commit_that_broke_it(tmp_path: Path) -> None:
    shas = history(tmp_path)
    told = (ROOT / "checks/workflows/README.md").read_text().partition("git bisect start")[2]
    lines = f"git bisect start{told}".splitlines()
    script = "\n".join(line for line in lines[:1] + [one for one in lines[1:] if one[:4] == "    "])
    for word, meant in (
        ("BAD GOOD", f"{shas[-1]} {shas[0]}"),
        ("/path/to/touchstone", str(ROOT)),
        ("python -m", f"{sys.executable} -m"),
    ):
        assert word in script
        script = script.replace(word, meant)

    said = subprocess.run(
        ["sh", "-ec", script], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120
    ).stdout

    assert f"{shas[3]} is the first bad commit" in said


@pytest.mark.parametrize(("at", "status"), [(2, 0), (3, 1)])
def test_a_profile_judges_a_path_at_a_ref(tmp_path: Path, at: int, status: int) -> None:
    sha = history(tmp_path / "shop")[at]
    profile = tmp_path / "p.yaml"
    profile.write_text(
        "name: p\nendpoints: {absent: none}\nhosts: {absent: none}\n"
        f"repositories: [{{name: shop, path: shop, ref: {sha}, labels: {{absent: none}}}}]\n"
    )

    check = "checks/workflows/check_files.py"
    ended = run_checks(tmp_path, f"--profile={profile}", check)

    assert ended.status == status, ended.out
    assert ("ci.yml:7:5: the key 'runs-on' stands here again" in ended.out) == bool(status)
