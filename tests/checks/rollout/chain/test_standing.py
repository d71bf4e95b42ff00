"""How links stand together: what is broken first, what only waits, what is superseded."""

from itertools import permutations, product

import pytest

from checks.rollout.chain.standing import (
    LAGS,
    broken_of,
    decided_by,
    in_order,
    settled,
    standing_of,
    to_come,
)
from checks.rollout.failures import Failure
from checks.rollout.links import NODES, Link, State
from tests.checks.rollout.chain.made import NEW, OLD, link, links, target

_WORST_FIRST = (State.BROKEN, State.PENDING, State.UNKNOWN, State.SUPERSEDED, State.AGREES)


@pytest.mark.parametrize("states", list(product(State, repeat=3)))
def test_every_order_of_states_stands_as_its_worst(states: tuple[State, ...]) -> None:
    given = [link(node, state) for node, state in zip(NODES, states, strict=False)]

    expected = next((one for one in _WORST_FIRST if one in states), State.UNKNOWN)

    assert all(standing_of(order) is expected for order in permutations(given))


@pytest.mark.parametrize("node", NODES)
def test_agreement_upstream_never_covers_what_is_broken_downstream(node: str) -> None:
    given = links(**{node: link(node, State.BROKEN, Failure.MISALIGNED)})

    assert standing_of(given) is State.BROKEN
    assert [one.node for one in broken_of(given)] == [node]


@pytest.mark.parametrize("first", NODES[:-1])
def test_the_most_upstream_broken_link_is_the_cause(first: str) -> None:
    broken = dict.fromkeys(NODES[NODES.index(first) :], State.BROKEN)

    found = broken_of(tuple(reversed(links(**broken))))

    assert found[0].node == first
    assert found[-1].node == "health"


def test_the_word_of_what_runs_decides_among_the_worst() -> None:
    given = links(source=State.BROKEN, runtime=State.BROKEN, health=State.PENDING)

    decides = decided_by(given)

    assert decides is not None
    assert decides.node == "runtime"


def test_links_that_are_all_absent_prove_nothing() -> None:
    assert standing_of([link(node, State.ABSENT) for node in NODES]) is State.UNKNOWN
    assert standing_of([]) is State.UNKNOWN
    assert decided_by([]) is None


@pytest.mark.parametrize("failure", sorted(LAGS))
def test_what_lags_behind_a_link_under_way_waits_for_it(failure: Failure) -> None:
    given = links(pipeline=State.PENDING, argo=link("argo", State.BROKEN, failure))

    argo = next(one for one in settled(given, target()) if one.node == "argo")

    assert (argo.state, argo.failure) == (State.PENDING, "")
    assert argo.why == "it waits for pipeline: argo is broken"


@pytest.mark.parametrize(
    "failure", [Failure.RUNTIME_NOT_READY, Failure.ARGO_DEGRADED, Failure.HEALTH_FAILED]
)
def test_what_is_wrong_by_itself_stays_broken_behind_a_link_under_way(failure: Failure) -> None:
    given = links(pipeline=State.PENDING, runtime=link("runtime", State.BROKEN, failure))

    assert standing_of(settled(given, target())) is State.BROKEN


def test_a_service_that_tells_the_commit_of_before_waits_for_what_is_under_way() -> None:
    before = link("health", State.BROKEN, Failure.HEALTH_FAILED, late=True)

    waits = settled(links(runtime=State.PENDING, health=before), target())

    assert (waits[-1].state, waits[-1].failure, waits[-1].late) == (State.PENDING, "", False)
    assert standing_of(waits) is State.PENDING
    assert before in settled(links(health=before), target())


@pytest.mark.parametrize("upstream", [State.BROKEN, State.UNKNOWN, State.AGREES, State.ABSENT])
def test_what_lags_behind_anything_else_is_broken(upstream: State) -> None:
    late = link("argo", State.BROKEN, Failure.ARGO_REVISION_LAG)

    assert late in settled(links(pipeline=upstream, argo=late), target())


def test_what_lags_before_the_link_under_way_does_not_wait_for_it() -> None:
    late = link("mirror", State.BROKEN, Failure.MIRROR_SOURCE_LAG)

    assert late in settled(links(mirror=late, runtime=State.PENDING), target())


def ahead() -> Link:
    return link("runtime", State.BROKEN, Failure.BOOT_COMMIT_MISMATCH, observed=f"commit {NEW}")


def test_the_tip_in_the_targets_place_is_superseded_where_ancestry_is_proved() -> None:
    given = settled(links(runtime=ahead()), target("contained"))

    runtime = next(one for one in given if one.node == "runtime")
    assert (runtime.state, runtime.failure) == (State.SUPERSEDED, "")
    assert runtime.why == f"{NEW} is the tip of refs/heads/v0.1, which is proved to contain {OLD}"
    assert standing_of(given) is State.SUPERSEDED


@pytest.mark.parametrize("ancestry", ["not-contained", "unknown", "same"])
def test_without_proof_nothing_is_superseded(ancestry: str) -> None:
    assert ahead() in settled(links(runtime=ahead()), target(ancestry, tip=NEW))


def test_another_commit_than_the_tip_is_not_superseded() -> None:
    other = link("runtime", State.BROKEN, Failure.BOOT_COMMIT_MISMATCH, observed="c" * 40)

    assert other in settled(links(runtime=other), target("contained"))


def test_what_is_wrong_by_itself_at_the_tip_is_not_superseded() -> None:
    down = link("runtime", State.BROKEN, Failure.RUNTIME_NOT_READY, observed=NEW)

    assert down in settled(links(runtime=down), target("contained"))


def test_links_are_put_upstream_first() -> None:
    assert [one.node for one in in_order(tuple(reversed(links())))] == list(NODES)


def unmade() -> Link:
    return link("pipeline", State.UNKNOWN, late=True, observed="no run")


def test_a_run_that_was_not_made_yet_is_on_its_way_for_who_waits() -> None:
    given = links(pipeline=unmade(), catalog=link("catalog", State.BROKEN, Failure.MISALIGNED))

    told = {one.node: one for one in to_come(given)}

    assert told["pipeline"].state is State.PENDING
    assert told["pipeline"].why == "not made yet: no run"
    assert told["catalog"].state is State.BROKEN
    assert next(one for one in given if one.node == "pipeline").state is State.UNKNOWN


def test_a_run_of_which_the_next_link_tells_that_it_was_there_is_not_waited_for() -> None:
    assert to_come(links(pipeline=unmade())) == in_order(links(pipeline=unmade()))


def test_what_could_not_be_looked_at_is_not_waited_for() -> None:
    given = links(
        pipeline=link("pipeline", State.UNKNOWN),
        catalog=link("catalog", State.BROKEN, Failure.MISALIGNED),
    )

    assert State.PENDING not in {one.state for one in to_come(given)}
