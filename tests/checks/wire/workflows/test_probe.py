import asyncio
from pathlib import Path

import pytest

from checks.wire.workflows.probe import read_workflows
from checks.wire.workflows.seen import NoWorkflows, WorkflowsSeen
from fixtures.repositories import Source
from fixtures.sightings import Sighting
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.wire.workflows.written import CI, committed, source, written

GOOD = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make\n"
BAD = GOOD.replace("ubuntu-24.04", "ubuntu-24.04\n    runs-on: x")


def look(at: Source, deadline: float = 30) -> WorkflowsSeen | NoWorkflows:
    found = asyncio.run(read_workflows(at, Local(), deadline=deadline))
    assert decode(encode(found)) == found
    return found


def test_the_files_as_they_lie_are_read(tmp_path: Path) -> None:
    written(tmp_path, {CI: GOOD, ".github/workflows/old/x.yml": BAD, ".github/workflows/a.md": ""})

    found = look(source(tmp_path))

    assert isinstance(found, WorkflowsSeen)
    assert [file.path for file in found.files] == [CI]
    assert [leg.labels for leg in found.files[0].jobs[0].legs] == [("ubuntu-24.04",)]
    assert found.headline == "1 workflow files with 1 jobs, as they lie in the checkout; 0 findings"


def test_a_workflow_that_breaks_at_one_commit_is_found_at_that_ref(tmp_path: Path) -> None:
    shas = [committed(tmp_path, {CI: text}) for text in (GOOD, GOOD + "# a\n", BAD, BAD + "# b\n")]

    found = [look(source(tmp_path, sha)) for sha in shas]

    assert [one.commit for one in found] == shas
    broken = [[str(each) for file in one.files for each in file.findings] for one in found]  # type: ignore[union-attr]
    again = f"{CI}:5:5: the key 'runs-on' stands here again, after line 4"
    assert broken == [[], [], [again], [again]]


def test_no_workflows_are_an_answer(tmp_path: Path) -> None:
    found = look(source(written(tmp_path, {"README.md": "x"})))

    assert isinstance(found, NoWorkflows)
    assert found.headline == "app has no file below .github/workflows"


def test_a_repository_that_is_not_there_cannot_be_looked_at(tmp_path: Path) -> None:
    with pytest.raises(VantageError, match="nowhere"):
        look(source(tmp_path / "nowhere"))


def test_a_deadline_that_passes_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises((VantageError, TimeoutError)):
        look(source(written(tmp_path, {CI: GOOD})), deadline=0)


def test_a_link_that_leads_out_of_the_repository_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "outside.yml").write_text(GOOD)
    folder = written(tmp_path / "app", {".github/workflows/b.yml": GOOD})
    (folder / CI).symlink_to("../../../outside.yml")

    found = look(source(folder))

    assert isinstance(found, WorkflowsSeen)
    assert [(one.path, one.findings[:1] and one.findings[0].rule) for one in found.files] == [
        (".github/workflows/b.yml", ()),
        (CI, "unreadable"),
    ]


def test_the_command_by_hand_lists_what_is_read() -> None:
    at = Source("app", "/srv/app", "v1", None, None, "main")

    assert (
        Sighting(read_workflows, at, "here").by_hand
        == "git -C /srv/app ls-tree v1 .github/workflows/"
    )
