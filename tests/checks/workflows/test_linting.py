"""actionlint and zizmor: the real ones, on real repositories; their absence; their noise."""

import asyncio
import sys
from pathlib import Path

import pytest

from checks.workflows import check_linters
from checks.workflows.linting import Linted, LintSeen, Tool, findings_of, lint
from config.workflows import Workflows
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.repositories import CI, held, job, refused
from tests.checks.wire.workflows.written import committed, git, source, written
from tests.checks.workflows.actionlints import VERSION, path_with_actionlint
from tests.needs import absent

HERE = Local("here")
BAD = job("run: echo ${{ github.event.issue.title }}", runs_on="ubuntu-lastest", on="issues")
GOOD = job("run: 'true'", more="    permissions: {}\n")


def linted(folder: Path, tool: Tool, ref: str | None = None) -> LintSeen:
    seen = asyncio.run(lint(Linted(source(folder, ref), tool), HERE, deadline=60))
    assert decode(encode(seen)) == seen
    return seen


@pytest.fixture
def with_actionlint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", path_with_actionlint())


@pytest.fixture
def with_zizmor() -> None:
    if not (Path(sys.executable).parent / "zizmor").is_file():
        absent("zizmor is not installed beside Python")


@pytest.mark.usefixtures("with_actionlint")
def test_actionlint_is_read_at_a_ref_and_as_files_lie(tmp_path: Path) -> None:
    good = committed(tmp_path, {CI: GOOD})
    written(tmp_path, {CI: BAD})

    seen = linted(tmp_path, "actionlint")

    assert seen.version == VERSION
    assert {one.rule for one in seen.findings} == {
        "actionlint:runner-label",
        "actionlint:expression",
    }
    label = next(one for one in seen.findings if one.rule == "actionlint:runner-label")
    assert str(label.place) == f"{CI}:4:14"
    assert f"{CI}:4:14" in refused(check_linters.check_linters_find_nothing, (seen,), Workflows())
    assert linted(tmp_path, "actionlint", good).findings == ()
    assert git(tmp_path, "status", "--porcelain") == f"M {CI}"


@pytest.mark.usefixtures("with_zizmor")
def test_zizmor_is_read_offline(tmp_path: Path) -> None:
    written(tmp_path, {CI: BAD})

    seen = linted(tmp_path, "zizmor")

    injected = next(one for one in seen.findings if one.rule == "zizmor:template-injection")
    assert (injected.place.path, injected.level) == (CI, "error")
    assert "zizmor:template-injection" in refused(
        check_linters.check_linters_find_nothing, (seen,), Workflows()
    )
    ignoring = Workflows(linters_ignore=("template-injection", "unpinned-uses"))
    assert held(check_linters.check_linters_find_nothing, (seen,), ignoring)


@pytest.mark.usefixtures("with_zizmor")
def test_a_repository_of_many_findings_is_read_and_the_errors_are_kept(tmp_path: Path) -> None:
    noted = job(*[f"uses: actions/checkout@{'a' * 40}"] * 60, on="push")
    folder = ".github/workflows"
    written(tmp_path, {f"{folder}/{n:03}.yml": noted for n in range(40)} | {f"{folder}/z.yml": BAD})

    seen = linted(tmp_path, "zizmor")

    assert (len(seen.findings), seen.left_out > 0) == (2000, True)
    assert f"{folder}/z.yml" in {one.place.path for one in seen.findings if one.level == "error"}


@pytest.mark.usefixtures("with_zizmor")
def test_nothing_to_look_at_is_no_trouble(tmp_path: Path) -> None:
    written(tmp_path, {"README.md": "a"})

    assert linted(tmp_path, "zizmor").findings == ()


@pytest.mark.parametrize("tool", ["actionlint"])
def test_a_tool_that_is_not_there_is_said(
    tmp_path: Path, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    written(tmp_path, {CI: GOOD})

    with pytest.raises(VantageError, match="actionlint is not on this machine"):
        linted(tmp_path, tool)


def test_noise_is_passed_over_and_nonsense_is_told() -> None:
    printed = (
        b'warning: [x]\n[{"message":"m","filepath":"/f/a.yml","line":1,"column":2,"kind":"k"}]\n'
    )

    (found,) = findings_of("actionlint", printed, "/f")

    assert str(found) == "a.yml:1:2: m"
    assert list(findings_of("actionlint", b"")) == []
    for nonsense in (b"boom", b'[{"a": 1}]', b"[1]", b"["):
        with pytest.raises(VantageError, match="cannot be read as its findings"):
            list(findings_of("zizmor", nonsense))
