"""A lane on real git that stands still, or moves once or more while its chain is looked at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from checks.rollout import check_chain
from checks.rollout.chain.seen import Chain
from checks.rollout.chain.sightings import chain_of
from checks.rollout.links import State
from config.lanes import Lane
from config.schema import Profile
from fixtures.observatory import Observatory
from fixtures.outcomes import Seen
from fixtures.sightings import plan
from fixtures.vantages import Output
from fixtures.vantages.local import Local
from tests.checks.rollout.calling import judged
from tests.checks.rollout.chain.made import NOT_HERE, lane
from tests.checks.wire.gits import commit, git, make_worktree
from tests.fixtures.stars import Notebook

PROFILE = Profile.model_validate({"name": "x", "endpoints": NOT_HERE, "hosts": NOT_HERE})
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n"


@dataclass(frozen=True, slots=True)
class Restless(Local):
    """This host, on which somebody pushes now and then, between two looks at the refs."""

    push: Callable[[], object] = field(default=lambda: None)
    after: tuple[int, ...] = ()
    """After which looks at refs somebody pushes."""
    looks: list[int] = field(default_factory=list)

    async def run(
        self, argv: Sequence[str], *, deadline: float, env: Sequence[tuple[str, str]] = ()
    ) -> Output:
        ran = await Local().run(argv, deadline=deadline, env=env)
        if "show-ref" in argv:
            self.looks.append(1)
            if len(self.looks) in self.after:
                self.push()
        return ran


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = make_worktree(tmp_path / "repository")
    commit(folder, {"src/main.ts": "1"})
    git(folder, "checkout", "-q", "-b", "v0.1-gitops")
    commit(folder, {"deploy/config.yaml": CONFIG})
    git(folder, "checkout", "-q", "v0.1")
    return folder


def lane_at(repository: Path) -> Lane:
    source = {
        "repository": str(repository),
        "branch": "v0.1",
        "authority": "worktree",
        "worktree": NOT_HERE,
        "snapshots": NOT_HERE,
    }
    gitops = {
        "repository": str(repository),
        "branch": "v0.1-gitops",
        "path": "deploy",
        "render": NOT_HERE,
    }
    return lane(source=source, gitops=gitops)


def look(repository: Path, *after: int) -> tuple[Chain, Notebook]:
    """Look at the chain; after each of these looks at refs, somebody pushes to the source."""
    here = Restless(push=lambda: commit(repository, {"src/main.ts": "2"}), after=after)
    sighting, notebook = chain_of(PROFILE, lane_at(repository)), Notebook()
    observatory = Observatory(plan([sighting]), {"here": here}, notebook, in_flight=1, limit=60)
    observatory.start()
    try:
        outcome = observatory.see(sighting, lambda _: None)
    finally:
        observatory.stop()
    assert isinstance(outcome, Seen)
    assert isinstance(outcome.observations, Chain)
    return outcome.observations, notebook


def begun(notebook: Notebook) -> list[str]:
    return [line["probe"] for line in notebook.of("sighting.begin")]


def test_a_lane_that_stands_still_is_looked_at_once_and_its_refs_twice(repository: Path) -> None:
    chain, notebook = look(repository)

    assert (chain.moved, chain.moving, chain.unread) == ((), (), ())
    assert chain.reread == (
        f"{repository} refs/heads/v0.1",
        f"{repository} refs/heads/v0.1-gitops",
    )
    gitops = chain.link("gitops")
    assert gitops is not None
    assert gitops.state is State.AGREES
    assert begun(notebook).count("look_at_manifests") == 1
    assert begun(notebook).count("find_target") == begun(notebook).count("look_at_head") == 2
    assert judged(check_chain.check_the_lane_stood_still, chain=chain).words == ("upheld", "")


def test_a_lane_that_moved_is_looked_at_once_more_and_judged_as_it_is_then(
    repository: Path,
) -> None:
    before = git(repository, "rev-parse", "v0.1")

    chain, notebook = look(repository, 2)

    after = git(repository, "rev-parse", "v0.1")
    (move,) = chain.moved
    assert (move.before, move.after) == (before, after)
    assert chain.moving == ()
    assert begun(notebook).count("look_at_manifests") == 2
    found = judged(check_chain.check_the_lane_stood_still, chain=chain)
    assert found.words == ("upheld", "")
    assert "it was looked at once more" in found.remarks[0]


def test_a_lane_that_goes_on_moving_is_of_no_one_moment(repository: Path) -> None:
    chain, _ = look(repository, 2, 6)

    assert len(chain.moved) == len(chain.moving) == 1
    assert chain.moved[0].after == chain.moving[0].before
    found = judged(check_chain.check_the_lane_stood_still, chain=chain)
    assert found.words == ("inconclusive", "")
    assert found.judgement.reason.startswith("moved-during-observation: ")


def test_a_repository_that_goes_away_meanwhile_is_not_known_to_stand_still(
    repository: Path, tmp_path: Path
) -> None:
    sighting = chain_of(PROFILE, lane_at(repository))
    looked = [0]

    def away() -> None:
        looked[0] += 1
        repository.rename(tmp_path / "elsewhere")

    here = Restless(push=away, after=(3,))
    observatory = Observatory(plan([sighting]), {"here": here}, Notebook(), in_flight=1, limit=60)
    observatory.start()
    outcome = observatory.see(sighting, lambda _: None)
    observatory.stop()

    assert looked == [1]
    assert isinstance(outcome, Seen)
    found = judged(check_chain.check_the_lane_stood_still, chain=outcome.observations)
    assert found.words == ("inconclusive", "")
    assert "gitops_head" in found.judgement.reason
