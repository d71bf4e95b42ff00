"""Secrets in every shape, through every channel: none of them comes out, and their marks do."""

import json
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from reports.verify import State, verify
from tests.gitleaks import gitleaks
from tests.leaks import Leaks, decodings

NAMES = ("TOKEN", "FILE", "KEY")
SHAPES = ("authorization", "cookie", "userinfo", "private-key", "kubeconfig", "kubernetes-secret")


@pytest.fixture(scope="module")
def leaks(tmp_path_factory: pytest.TempPathFactory) -> Leaks:
    return Leaks.below(tmp_path_factory.mktemp("leaks"))


@pytest.fixture(scope="module")
def quiet(leaks: Leaks, tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("quiet")
    leaks.run(base, "-vv", "-rA", "--showlocals", "-k", "leaks")
    return base


@pytest.fixture(scope="module")
def loud(leaks: Leaks, tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("loud")
    leaks.run(base, "-s", "-vv", "--tb=long", "--color=yes", "-k", "leaks")
    return base


@pytest.fixture(scope="module")
def shared(leaks: Leaks, tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("shared")
    leaks.run(base, "-n", "2", "-vv", "-rA", "-k", "leaks")
    return base


@pytest.fixture(scope="module")
def shared_and_loud(leaks: Leaks, tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("shared_and_loud")
    leaks.run(base, "-n", "2", "-s", "-vv", "-k", "leaks")
    return base


@pytest.fixture(scope="module")
def screen(leaks: Leaks, tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("screen")
    leaks.on_terminal(base, "-vv", "-rA", "-s", "-k", "leaks")
    return base


@pytest.fixture(scope="module")
def killed(leaks: Leaks, tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("killed")
    ready = base / "ready"
    with (base / "out").open("wb") as out:
        process = subprocess.Popen(
            leaks.command(base, "-s", "-vv"),
            cwd=leaks.suite,
            env=leaks.env(LEAK_WAITS="json", LEAK_READY=str(ready)),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(ready.exists)
        finally:
            process.kill()
            process.wait(10)
    _wait_for(lambda: any(base.glob("evidence/*/manifest.json")))
    _wait_for(lambda: b"json" in (base / "out").read_bytes())
    return base


def _wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


RUNS = ("quiet", "loud", "shared", "shared_and_loud", "screen", "killed")


@pytest.mark.parametrize("run", RUNS)
def test_no_secret_comes_out_in_any_form(
    leaks: Leaks, run: str, request: pytest.FixtureRequest
) -> None:
    base: Path = request.getfixturevalue(run)

    assert leaks.leaked(base) == []


@pytest.mark.parametrize("run", RUNS)
def test_the_marks_stand_in_every_channel(run: str, request: pytest.FixtureRequest) -> None:
    base: Path = request.getfixturevalue(run)
    (folder,) = base.glob("evidence/*")
    channels = {
        "terminal": [base / "out", *base.glob("err")],
        "journal": list(folder.glob("journal*.jsonl")),
        "log": list(folder.glob("*.log")),
        "record": [folder / "record.md"],
        "attachments": list(folder.glob("attachments/*")),
        "allure": list(base.glob("allure/*-result.json")),
        "allure attachments": list(base.glob("allure/*-attachment*")),
        **({} if run == "killed" else {"junit": [base / "junit.xml"]}),
    }
    for channel, files in channels.items():
        shown = "".join(path.read_text() for path in files)
        assert files, channel
        assert "secret:" in shown, channel
        if channel != "attachments":  # where the canary alone is
            assert {name for name in NAMES if f"secret:{name}#" in shown} >= {"TOKEN"}, channel
    everything = "".join(path.read_text() for files in channels.values() for path in files)
    assert {name for name in (*NAMES, *SHAPES) if f"secret:{name}#" in everything} == {
        *NAMES,
        *SHAPES,
    }


@pytest.mark.parametrize("run", ["quiet", "shared"])
def test_all_that_was_written_can_still_be_read(run: str, request: pytest.FixtureRequest) -> None:
    base: Path = request.getfixturevalue(run)
    (folder,) = base.glob("evidence/*")

    found = verify(folder)

    assert (found.state, found.wrong) == (State.COMPLETE, [])
    assert ET.parse(base / "junit.xml").getroot().tag == "testsuites"
    for path in base.glob("allure/*.json"):
        json.loads(path.read_text())


def test_equal_secrets_have_one_mark_in_all_channels(quiet: Path) -> None:
    marks = {
        mark
        for path in quiet.rglob("*")
        if path.is_file()
        for mark in re.findall(r"secret:TOKEN#[0-9a-f]{6}", path.read_text(errors="replace"))
    }

    assert len(marks) == 1


def test_a_killed_run_is_incomplete_and_sealed(killed: Path) -> None:
    (folder,) = killed.glob("evidence/*")

    assert verify(folder).state is State.INCOMPLETE


def test_a_secret_in_an_id_is_refused_and_not_shown(leaks: Leaks, tmp_path: Path) -> None:
    status = leaks.run(tmp_path, "-vv", LEAK_ID=leaks.secrets["FILE"])

    assert status == 4
    assert "contains the secret FILE" in (tmp_path / "err").read_text()
    assert leaks.leaked(tmp_path) == []
    assert not list(tmp_path.glob("evidence/*"))


def test_a_secret_on_the_command_line_is_not_shown(leaks: Leaks, tmp_path: Path) -> None:
    token = leaks.secrets["FILE"]

    assert leaks.run(tmp_path, "-k", f"literal or {token}", "-v") != 4
    assert leaks.run(tmp_path, f"--vantage={token}") == 4
    assert leaks.run(tmp_path, f"checks/{token}") == 4

    assert "secret:FILE#" in (tmp_path / "err").read_text()
    assert any("secret:FILE#" in path.read_text() for path in tmp_path.glob("evidence/*/*.jsonl"))
    assert leaks.leaked(tmp_path) == []


def test_the_search_finds_every_form(leaks: Leaks, tmp_path: Path) -> None:
    code = (
        "import pathlib, sys; sys.path[0] = '.'; from checks.leaks.ways import WAYS;"
        "[pathlib.Path(sys.argv[1], name).write_text(text) for name, text in WAYS.items()]"
    )
    subprocess.run(
        ["python3", "-c", code, str(tmp_path)], cwd=leaks.suite, env=leaks.env(), check=True
    )

    found = {line.partition(":")[0] for line in leaks.leaked(tmp_path)}

    assert found == {path.name for path in tmp_path.iterdir()}
    assert list(decodings(b"nothing"))


@pytest.mark.parametrize("run", ["quiet", "loud"])
def test_gitleaks_finds_nothing_either(
    leaks: Leaks, run: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    (tmp_path / "leak").write_text(f"token = {leaks.secrets['TOKEN'][:40]}\n")

    assert gitleaks(tmp_path)
    assert gitleaks(request.getfixturevalue(run)) == []
