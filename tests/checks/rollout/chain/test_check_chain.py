"""The judgement of a chain: which link broke first, what is pending, what moved."""

from checks.rollout import check_chain
from checks.rollout.chain.seen import Chain, Move
from checks.rollout.failures import Failure
from checks.rollout.links import NODES, State
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.chain.made import NEW, OLD, chain, lane, link, links

MOVE = Move("refs/heads/v0.1", OLD, NEW)


def agree(given: Chain) -> Judged:
    return judged(check_chain.check_every_link_agrees, chain=given, lane=lane())


def stand_still(given: Chain) -> Judged:
    return judged(check_chain.check_the_lane_stood_still, chain=given)


def test_a_lane_of_which_every_link_agrees_is_upheld() -> None:
    assert agree(chain(links(mirror=State.ABSENT))).words == ("upheld", "")


def test_what_the_lane_does_not_have_is_named_with_its_reason() -> None:
    absent = {node: State.ABSENT for node in NODES if node not in {"source", "health"}}

    some, alone = chain(links(**absent)), chain(links(**absent, source=State.ABSENT))

    assert agree(some).words == agree(alone).words == ("upheld", "")
    assert "runtime: runtime is absent" in agree(some).remarks[0]
    assert agree(chain(links())).remarks == ()
    without = "mirror, pipeline, catalog, registry, gitops, argo, runtime"
    assert some.headline == (
        f"agentrun-v01 agrees as far as it goes: it has no {without} (2 agrees, 7 absent)"
    )
    assert alone.headline.startswith(
        f"agentrun-v01 agrees at health alone: it has no source, {without}"
    )


def test_the_first_broken_link_is_named_and_what_is_met_behind_it() -> None:
    given = links(
        argo=link(
            "argo",
            State.BROKEN,
            Failure.ARGO_OUTOFSYNC,
            observed="OutOfSync",
            evidence="argocd/agentrun-g14-v01 status.sync.status",
        ),
        runtime=link("runtime", State.BROKEN, Failure.RUNTIME_DIGEST_MISMATCH, observed="old"),
        health=State.UNKNOWN,
    )

    found = agree(chain(given))

    assert found.words == ("violated", "argo-outofsync")
    assert found.judgement.expected == f"argo to agree: the argo of {OLD}"
    assert found.judgement.saw.splitlines() == [
        "first broken link argo: OutOfSync",
        "because argo is broken",
        "read at argocd/agentrun-g14-v01 status.sync.status",
        "what is met: runtime (runtime-digest-mismatch): old; runtime is broken",
        "not known: health: health is unknown",
    ]
    assert found.judgement.mend == "agentrun v01 refresh --confirm"


def test_the_next_command_is_the_nodes_where_the_failure_has_none() -> None:
    given = chain(links(pipeline=link("pipeline", State.BROKEN, Failure.PIPELINERUN_FAILED)))

    assert agree(given).judgement.mend == "agentrun v01 trigger-current --confirm --wait"


def test_what_runs_is_told_where_it_is_broken_though_all_before_it_agrees() -> None:
    given = links(health=link("health", State.BROKEN, Failure.HEALTH_FAILED, observed="503"))

    assert agree(chain(given)).words == ("violated", "health-failed")


def test_what_is_broken_counts_although_something_moved_or_is_pending() -> None:
    broken = link("argo", State.BROKEN, Failure.ARGO_DEGRADED)

    found = agree(chain(links(argo=broken, pipeline=State.PENDING), moving=(MOVE,)))

    assert found.words == ("violated", "argo-degraded")


def test_what_is_pending_is_neither_upheld_nor_violated() -> None:
    found = agree(chain(links(pipeline=State.PENDING, health=State.UNKNOWN)))

    assert found.words == ("inconclusive", "")
    assert found.judgement.reason == "pending: pipeline: pipeline is pending"
    assert found.judgement.mend == "agentrun v01 trigger-current --confirm --wait"


def test_what_is_not_known_is_not_upheld() -> None:
    found = agree(chain(links(runtime=State.UNKNOWN)))

    assert found.words == ("inconclusive", "")
    assert found.judgement.reason == "not known: runtime: runtime is unknown"


def test_links_that_are_all_absent_are_not_upheld() -> None:
    found = agree(chain(tuple(link(node, State.ABSENT) for node in NODES)))

    assert found.words == ("inconclusive", "")
    assert "no link that could be looked at" in found.judgement.reason


def test_superseded_is_upheld_and_says_so() -> None:
    found = agree(chain(links(runtime=link("runtime", State.SUPERSEDED, observed=NEW))))

    assert found.words == ("upheld", "")
    assert found.remarks == (f"superseded: runtime has {NEW}: runtime is superseded",)


def test_a_chain_that_moved_twice_is_of_no_one_moment() -> None:
    found = agree(chain(links(), moved=(MOVE,), moving=(MOVE,)))

    assert found.words == ("inconclusive", "")
    assert found.judgement.reason.startswith(
        f"moved-during-observation: refs/heads/v0.1 moved from {OLD} to {NEW}"
    )
    assert stand_still(chain(links(), moved=(MOVE,), moving=(MOVE,))).words == ("inconclusive", "")


def test_a_lane_that_stood_still_is_upheld() -> None:
    assert stand_still(chain(links())).words == ("upheld", "")


def test_a_lane_that_moved_once_was_looked_at_once_more() -> None:
    found = stand_still(chain(links(), moved=(MOVE,)))

    assert found.words == ("upheld", "")
    assert found.remarks[0].endswith("while the chain was looked at; it was looked at once more")


def test_a_lane_that_could_not_be_read_again_is_not_known_to_stand_still() -> None:
    found = stand_still(chain(links(), unread=("mirror: it hangs",)))
    nothing = stand_still(chain(links(), reread=()))

    assert found.words == nothing.words == ("inconclusive", "")
    assert found.judgement.reason.endswith("mirror: it hangs")


def test_a_failure_that_no_row_knows_is_told_as_misaligned() -> None:
    given = chain(links(argo=link("argo", State.BROKEN, "something-new")))

    assert agree(given).words == ("violated", "misaligned")


def test_what_several_links_are_not_known_for_is_said_once() -> None:
    why = "could not look: git does not answer"
    unsure = {
        node: link(node, State.UNKNOWN, why=why) for node in ("source", "pipeline", "catalog")
    }
    broken = link("health", State.BROKEN, Failure.HEALTH_FAILED, observed="503", why="503")

    whole, first = agree(chain(links(**unsure))), agree(chain(links(**unsure, health=broken)))

    assert whole.judgement.reason == f"not known: source, pipeline, catalog: {why}"
    assert first.judgement.saw.splitlines()[-1] == f"not known: source, pipeline, catalog: {why}"


def test_what_was_seen_of_a_link_behind_is_not_said_twice() -> None:
    given = links(
        argo=link("argo", State.BROKEN, Failure.ARGO_OUTOFSYNC, observed="OutOfSync"),
        health=link("health", State.BROKEN, Failure.HEALTH_FAILED, observed="503", why="503"),
    )

    assert "what is met: health (health-failed): 503\n" in f"{agree(chain(given)).judgement.saw}\n"
