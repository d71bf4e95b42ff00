"""The run of a commit: by its name and by what it is pinned to; others are told."""

import pytest

from checks.rollout.pipeline.picking import is_called_after, is_of_lane, name_of_run
from checks.rollout.pipeline.seen import NoRun, Run
from reports.codec import decode, encode
from tests.checks.rollout.pipeline import made, tekton
from tests.checks.rollout.pipeline.tekton import COMMIT, OTHER


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("hwlab-v02-ci-poll-{short}", "hwlab-v02-ci-poll-0123456"),
        ("hwlab-v02-ci-poll-{short}", "hwlab-v02-ci-poll-0123456789"),
        ("agentrun-v01-ci-{short12}", "agentrun-v01-ci-0123456789ab"),
        ("x-{commit}", f"x-{COMMIT}"),
        ("hwlab-{short}-*", "hwlab-0123456-r2"),
    ],
)
def test_a_run_is_called_after_its_commit(pattern: str, name: str) -> None:
    assert is_called_after(name, pattern, COMMIT)
    assert is_of_lane(name, pattern)
    assert not is_called_after(name, pattern, OTHER)
    assert not is_of_lane(f"other-{name}", pattern)


def test_a_name_of_other_digits_is_that_of_another_commit() -> None:
    for name in ("hwlab-012345", "hwlab-01234567x", "hwlab-0123456f"):
        assert not is_called_after(name, "hwlab-{short}", COMMIT)


def test_the_run_that_is_called_and_pinned_so_is_picked() -> None:
    older = tekton.pipeline_run("agentrun-v01-ci-89abcdef0123", OTHER)

    found = made.picked(tekton.pipeline_run(second=5), older)

    assert isinstance(found, Run)
    assert (found.name, found.commit, found.others) == (tekton.NAME, COMMIT, ())
    assert found.headline == f"PipelineRun {tekton.NAME}: Succeeded=True (Completed)"
    assert decode(encode(found)) == found


def test_of_several_the_newest_is_picked_and_the_others_are_told() -> None:
    first = tekton.pipeline_run("hwlab-0123456-a", second=1)
    second = tekton.pipeline_run("hwlab-0123456-b", second=2)

    found = made.picked(first, second, run_name="hwlab-{short}-*")

    assert isinstance(found, Run)
    assert (found.name, found.others) == ("hwlab-0123456-b", ("hwlab-0123456-a",))


def test_a_name_without_its_commit_is_no_run_of_it() -> None:
    found = made.picked(tekton.pipeline_run(commit=OTHER))

    assert isinstance(found, NoRun)
    assert found.named == ((tekton.NAME, OTHER),)
    assert found.headline.endswith(f"{tekton.NAME} is pinned to {OTHER}")
    assert decode(encode(found)) == found


def test_a_commit_under_another_name_is_no_run_of_the_lane() -> None:
    found = made.picked(tekton.pipeline_run("by-hand"))

    assert isinstance(found, NoRun)
    assert (found.named, found.pinned) == ((), ("by-hand",))


def test_what_else_is_there_is_told() -> None:
    newest = "agentrun-v01-ci-89abcdef0123"
    found = made.picked(tekton.pipeline_run(newest, OTHER), tekton.pipeline_run("by-hand", OTHER))

    assert isinstance(found, NoRun)
    assert (found.rest, found.newest) == (1, newest)
    assert name_of_run(tekton.PATTERN, COMMIT) in found.headline


def test_a_run_of_another_namespace_is_another_lanes() -> None:
    elsewhere = tekton.pipeline_run(metadata={"namespace": "hwlab-ci"})

    assert isinstance(made.picked(elsewhere), NoRun)
