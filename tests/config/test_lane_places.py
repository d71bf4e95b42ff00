"""Paths of a lane's repositories begin where its profile lies; URLs are left alone."""

from pathlib import Path

import pytest

from config.lanes import Lane
from config.lanes.places import is_url
from config.loading import Loaded, load
from config.model import Absent

LANE = """\
name: lanes
endpoints: {absent: "lanes alone"}
hosts: {absent: "lanes alone"}
lanes:
  - name: a
    lane: v01
    cluster: {absent: "none"}
    truth: deploy-json
    source:
      repository: ../source.git
      branch: v0.1
      authority: worktree
      worktree: {path: work}
      snapshots: {absent: "none"}
    mirror:
      repository: http://git.lab.test/mirror.git
      read_url: http://a
      write_url: http://b
      cache: {absent: "none"}
    gitops:
      repository: git@github.com:o/agentrun.git
      branch: v0.1-gitops
      path: deploy/gitops
      render: {absent: "none"}
"""
ABSENT = (
    *("pipeline", "catalog", "registry", "argo", "runtime", "health", "secrets"),
    *("observability", "told", "closeout"),
)


def loaded(folder: Path) -> Loaded:
    folder.mkdir(parents=True)
    absent = "".join(f'    {name}: {{absent: "none"}}\n' for name in ABSENT)
    (folder / "profile.yaml").write_text(LANE + absent)
    return load(str(folder / "profile.yaml"))


def lane_of(found: Loaded) -> Lane:
    lanes = found.profile.lanes
    assert isinstance(lanes, tuple)
    return lanes[0]


def test_paths_begin_where_the_profile_lies_and_urls_stay(tmp_path: Path) -> None:
    lane = lane_of(loaded(tmp_path / "a"))

    assert lane.source.repository == str(tmp_path / "source.git")
    assert not isinstance(lane.source.worktree, Absent)
    assert lane.source.worktree.path == str(tmp_path / "a" / "work")
    assert not isinstance(lane.mirror, Absent)
    assert lane.mirror.repository == "http://git.lab.test/mirror.git"
    assert not isinstance(lane.gitops, Absent)
    assert lane.gitops.repository == "git@github.com:o/agentrun.git"


def test_the_digest_does_not_tell_where_the_profile_lies(tmp_path: Path) -> None:
    assert loaded(tmp_path / "a").digest == loaded(tmp_path / "elsewhere" / "b").digest


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("git@github.com:o/a.git", True),
        ("g14:/root/a", True),
        ("https://h/a", True),
        ("file:///srv/a", True),
        ("/srv/a:b", False),
        ("./a:b", False),
        ("a/b", False),
        ("~/a", False),
    ],
)
def test_what_git_takes_as_a_remote_is_one(text: str, url: bool) -> None:  # noqa: FBT001 - a case
    assert is_url(text) is url
