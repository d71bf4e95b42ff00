"""What a check quotes of a lane's next commands is what a profile may name."""

import re
from pathlib import Path

from checks.rollout.chain.nodes import NODES as LINKED
from config.lanes.failures import NODES, PENDING, Failure
from tests.checks.rollout.chain.made import lane as given

ROLLOUT = Path(__file__).parents[3] / "checks" / "rollout"
_WORDS = re.compile(r"""(?<=next_for\()[^()]*(?:\([^()]*\)[^()]*)*(?=\))""")
_NODE = re.compile(r"""^_?NODE = "([^"]+)"$""", re.MULTILINE)


def test_every_key_that_a_check_quotes_may_stand_in_a_profile() -> None:
    texts = [path.read_text() for path in ROLLOUT.rglob("*.py")]
    quoted = {
        key
        for text in texts
        for call in _WORDS.findall(text)
        for key in re.findall('"([^"]*)"', call)
        if key
    }
    nodes = {node for text in texts for node in _NODE.findall(text)}

    assert len(quoted) > 5
    assert len(nodes) > 5
    assert quoted | nodes | {one.name for one in LINKED} <= {*NODES, *PENDING, *Failure}


def test_a_command_is_found_by_its_class_then_its_node_then_the_default() -> None:
    of_lane = given(next={"default": "a", "mirror": "b", "pending-flush": "c"})

    assert of_lane.next_for(Failure.PENDING_FLUSH, "mirror") == "c"
    assert of_lane.next_for(Failure.MIRROR_SOURCE_LAG, "mirror") == "b"
    assert of_lane.next_for(Failure.MISALIGNED) == "a"
