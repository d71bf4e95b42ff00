"""Links and submodules in the repositories of a lane: what they lead to was not looked at."""

from pathlib import Path
from typing import Any

import pytest

from checks.rollout import check_gitops
from checks.rollout.catalog import rendering, sourcing
from checks.rollout.catalog.rendering import Rendering
from checks.rollout.catalog.seen import Catalog
from fixtures.vantages import VantageError
from tests.checks.rollout.catalog.lanes import (
    RUNTIME,
    Rollout,
    deployment,
    held,
    lane,
    look,
    target,
    unsure,
)
from tests.checks.wire.gits import commit, git

PINNED = check_gitops.check_manifests_pin_every_image_by_digest


@pytest.fixture
def rollout(tmp_path: Path) -> Rollout:
    return Rollout(tmp_path)


def judged(rollout: Rollout) -> tuple[Any, ...]:
    its = lane()
    return rollout.manifests(), its.gitops, its


@pytest.mark.parametrize("name", ["loose.yaml", "overlay"])
def test_a_manifest_behind_a_link_leaves_the_pins_open(rollout: Rollout, name: str) -> None:
    rollout.publish("c" * 40, mgr=deployment())
    held(PINNED, *judged(rollout))

    link = rollout.folder / "gitops" / RUNTIME / name
    link.symlink_to("../../../elsewhere/loose.yaml")
    (link.parent / "README.md").symlink_to("../README.md")
    rollout.promote({"elsewhere/loose.yaml": deployment("busybox:1")})

    why = unsure(PINNED, *judged(rollout))
    assert f"{RUNTIME}/{name}: it leads elsewhere, and was not followed" in why
    assert "README.md" not in why


def test_a_submodule_among_the_manifests_leaves_the_pins_open(rollout: Rollout) -> None:
    rollout.publish("c" * 40, mgr=deployment())
    folder = rollout.folder / "gitops"
    git(folder, "update-index", "--add", "--cacheinfo", f"160000,{'d' * 40},{RUNTIME}/more")
    git(folder, "commit", "-q", "-m", "A submodule")

    assert f"{RUNTIME}/more: it leads elsewhere" in unsure(PINNED, *judged(rollout))


def test_a_spec_behind_a_link_is_not_passed_over(rollout: Rollout) -> None:
    (rollout.source / "specs").mkdir()
    (rollout.source / "specs" / "a.yaml").symlink_to("../b.yaml")
    made = commit(rollout.source, {"b.yaml": "kind: Spec\n"})

    seen = look(sourcing.read_specs, str(rollout.source), ("specs/*",), target(made))

    assert seen.unread == ("specs/a.yaml: it leads elsewhere",)


def test_no_file_of_a_commit_is_written_through_a_link(rollout: Rollout) -> None:
    outside = rollout.folder / "outside"
    outside.mkdir()
    blob = git(rollout.source, "hash-object", "-w", "--stdin", feed=b"x")
    to = git(rollout.source, "hash-object", "-w", "--stdin", feed=str(outside).encode())
    inner = git(rollout.source, "mktree", feed=f"100644 blob {blob}\tx\n".encode())
    entries = f"120000 blob {to}\tout\n040000 tree {inner}\tout\n"
    tree = git(rollout.source, "mktree", feed=entries.encode())
    made = git(rollout.source, "commit-tree", tree, "-m", "A tree that leads out")
    rollout.publish(made, mgr=deployment())
    seen = rollout.catalog()
    assert isinstance(seen, Catalog)
    asked = Rendering(str(rollout.source), RUNTIME, ("true",), ())

    with pytest.raises(VantageError, match="has out/x behind a link of the same name"):
        look(rendering.render, rollout.branch, asked, rollout.head(), seen)

    assert not list(outside.iterdir())
