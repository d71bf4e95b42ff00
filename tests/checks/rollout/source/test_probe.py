"""Looking at a source branch by real git: trees, logs, truth files, retired names, merges."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from checks.rollout.source.heads import look_at_told_head
from checks.rollout.source.probe import (
    Merged,
    Searched,
    Suspected,
    look_at_log,
    look_at_merge,
    look_at_tree,
    look_at_truth_file,
    look_for_retired,
)
from checks.rollout.source.pulls import PullOf, look_at_pull
from checks.rollout.source.seen import Target
from checks.rollout.source.snapshots import look_at_snapshots_again, moved
from checks.wire.refs import look_at_refs
from fixtures.lab.http import Reply, Request
from fixtures.lab.serving import serve_pages
from fixtures.repositories import Source
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.rollout.seen import target
from tests.checks.rollout.told.made import told
from tests.checks.wire.gits import commit, git, make_worktree

FILES = {
    "src/a.ts": "1",
    "deploy/deploy.json": json.dumps({"services": {"a": {"digest": f"sha256:{'a' * 64}"}}}),
    "deploy/artifact-catalog.v01.json": "{}",
    "AGENTS.md": "# Now\nuse agentrun_dev\n# History\nuse agentrun_dev\n",
    "docs/reference/a.md": "nothing\n",
}
GENERATED = ("deploy/artifact-catalog.*.json", "deploy/gitops/**")


@pytest.fixture
def worktree(tmp_path: Path) -> Path:
    return make_worktree(tmp_path / "w")


def seen(probe: Any, at: Any, *arguments: Any) -> Any:
    found = asyncio.run(probe(at, Local(), *arguments, deadline=30))
    assert decode(encode(found)) == found
    return found


def of(worktree: Path, files: dict[str, str | None] | None = None) -> Target:
    tip = commit(worktree, FILES if files is None else files)
    return target(commit=tip, tip=tip, repository=str(worktree))


def test_what_a_build_writes_is_found_in_the_tree(worktree: Path) -> None:
    found = seen(look_at_tree, str(worktree), GENERATED, of(worktree))

    assert (found.files, found.generated) == (5, ("deploy/artifact-catalog.v01.json",))


def suspected(**changes: Any) -> Suspected:
    fields: dict[str, Any] = {
        "robots": ("A Robot", "bot@example.org"),
        "human_paths": ("src/**", "docs/**", "deploy/deploy.json"),
        "generated": GENERATED,
        "truth_file": "deploy/deploy.json",
        "since": None,
    }
    return Suspected(**(fields | changes))


def test_commits_of_robots_and_outside_of_what_people_change_are_suspect(worktree: Path) -> None:
    first = commit(worktree, {"src/a": "1"})
    commit(worktree, {"src/b": "1"}, who="A Robot")
    commit(worktree, {"deploy/gitops/x.yaml": "1"})
    now = of(worktree, {"deploy/deploy.json": "{}"})

    found = seen(look_at_log, str(worktree), suspected(), now)
    since = seen(look_at_log, str(worktree), suspected(since=first), now)

    assert (found.commits, since.commits) == (4, 3)
    told = [(one.robot, one.outside, one.touches_truth) for one in found.suspect]
    assert told == [
        ("", (), True),
        ("", ("deploy/gitops/x.yaml",), False),
        ("A Robot", (), False),
    ]


def test_a_log_since_an_earlier_rollout_is_read_to_its_end(worktree: Path) -> None:
    first = commit(worktree, {"src/a": "1"})
    commit(worktree, {"src/b": "1"}, who="A Robot")
    tip = git(worktree, "rev-parse", "HEAD")
    made = "commit refs/heads/more\ncommitter P <p@a.test> {} +0000\ndata 1\nx\n{}"
    added = (made.format(one, f"from {tip}\n" * (not one)) for one in range(205))
    git(worktree, "fast-import", "--quiet", feed="".join(added).encode())
    tip = git(worktree, "rev-parse", "refs/heads/more")
    now = target(commit=tip, tip=tip, repository=str(worktree))

    since = seen(look_at_log, str(worktree), suspected(since=first), now)
    late = seen(look_at_log, str(worktree), suspected(), now)

    assert (since.commits, [one.robot for one in since.suspect]) == (206, ["A Robot"])
    assert late.commits == 200


def test_a_log_since_a_commit_of_elsewhere_is_not_read(worktree: Path) -> None:
    now = of(worktree)

    with pytest.raises(VantageError, match="is not known to be in the history"):
        seen(look_at_log, str(worktree), suspected(since="0" * 40), now)


def test_a_truth_file_is_judged_where_it_is_read_and_its_values_are_not_kept(
    worktree: Path,
) -> None:
    now = of(worktree)

    found = seen(look_at_truth_file, str(worktree), "deploy/deploy.json", ("services.**",), now)
    none = seen(look_at_truth_file, str(worktree), "deploy/other.json", (), now)

    assert [one.field for one in found.built] == ["services.a.digest"]
    assert found.undeclared == ()
    assert "aaaaaaaa" not in encode(found)
    assert (found.there, none.there) == (True, False)


def test_retired_names_are_found_by_line_and_heading(worktree: Path) -> None:
    searched = Searched(("AGENTS.md", "docs/reference/**"), ("agentrun_dev",), ("history",))

    found = seen(look_for_retired, str(worktree), searched, of(worktree))

    assert found.documents == 2
    assert [(one.line, one.heading, one.allowed) for one in found.mentions] == [
        (2, "Now", False),
        (4, "History", True),
    ]


def test_many_variants_do_not_cut_off_the_name_itself(worktree: Path) -> None:
    searched = Searched(("AGENTS.md",), ("agentrun_dev",), ("history",))
    text = "agentrun-dev\n" * 600 + "agentrun_dev, in history\n"

    found = seen(look_for_retired, str(worktree), searched, of(worktree, {"AGENTS.md": text}))

    assert (found.mentions[0].line, found.mentions[0].is_variant) == (601, False)


def test_a_search_that_reads_no_file_is_an_error(worktree: Path) -> None:
    searched = Searched(("nothing/**",), ("agentrun_dev",), ())

    with pytest.raises(VantageError, match=r"0 files of .* fit nothing/\*\*"):
        seen(look_for_retired, str(worktree), searched, of(worktree))


def test_a_merge_is_looked_for_in_the_tips_history(worktree: Path) -> None:
    first = commit(worktree, {"a": "1"})
    now = of(worktree)

    def stands(sha: str) -> str:
        merged = Merged(str(worktree), sha, "the merge of pull request 12")
        return str(seen(look_at_merge, merged, now).stands)

    git(worktree, "checkout", "-q", "--orphan", "aside")
    aside = commit(worktree, {"b": "1"})

    assert [stands(one) for one in (now.tip, first, aside, "0" * 40)] == [
        "same",
        "contained",
        "not-contained",
        "unknown",
    ]


def test_a_told_head_is_compared_with_the_target(worktree: Path) -> None:
    old = of(worktree)
    tip = commit(worktree, {"src/a.ts": "2"})

    def stands(document: Any) -> Any:
        return seen(look_at_told_head, str(worktree), told(document), old).stands

    assert stands({"summary": {"sourceCommit": old.commit}}) == "same"
    assert stands({"sourceHead": tip}) == "contained"
    assert stands({"summary": {"sourceCommit": old.commit}, "sourceHead": tip}) == "contained"
    git(worktree, "checkout", "-q", "--orphan", "aside")
    aside = commit(worktree, {"b": "1"})
    both = {"summary": {"sourceCommit": tip, "sourceHead": aside}, "sourceHead": "v0.1"}
    assert stands(both) == "not-contained"
    for wrong in ({}, {"sourceHead": tip[:12]}, {"sourceHead": 7}):
        with pytest.raises(VantageError, match="no full commit id"):
            stands(wrong)


def test_a_snapshot_that_moves_between_two_looks_is_seen(worktree: Path) -> None:
    first = commit(worktree, {"a": "1"})
    ref = f"refs/snapshots/v0.1/{first}"
    git(worktree, "update-ref", ref, first)
    patterns = ("refs/snapshots/v0.1/*",)
    before = seen(look_at_refs, str(worktree), patterns)

    git(worktree, "update-ref", ref, commit(worktree, {"a": "2"}))
    after = seen(look_at_snapshots_again, str(worktree), patterns, before)

    assert moved(before, before) == []
    assert moved(before, after)[0].startswith(f"{ref} was at {first}")


def github(answer: Any, status: int = 200) -> Any:
    async def respond(request: Request) -> Reply:
        assert request.target == "/repos/o/agentrun/pulls/12"
        return Reply(status, json.dumps(answer).encode(), "application/json", ())

    return serve_pages(respond)


def pull_at(port: int) -> Any:
    source = Source("agentrun", None, None, "o/agentrun", f"http://127.0.0.1:{port}", "main")
    return seen(look_at_pull, PullOf(source, 12))


def test_a_pull_request_tells_its_base() -> None:
    answer = {
        "number": 12,
        "base": {"ref": "v0.1", "sha": "a" * 40},
        "state": "closed",
        "merged": True,
        "merge_commit_sha": "b" * 40,
        "title": "A change",
    }
    with github(answer) as port:
        found = pull_at(port)
        del answer["base"]
    with github(answer) as port, pytest.raises(VantageError, match="base"):
        pull_at(port)
    with github({"message": "Not Found"}, 404) as port, pytest.raises(VantageError):
        pull_at(port)

    assert (found.base, found.merged, found.merge_commit) == ("v0.1", True, "b" * 40)
