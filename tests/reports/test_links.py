"""Chains, link by link: as journals hold them, and as record, log and terminal show them."""

import json
from typing import Any

import pytest

from reports.links import Link, Linked, read_links
from reports.projections import links, log, record
from reports.projections.account import account, without_observations
from tests.reports.lines import HOSTILE, begin, check, end, numbered, sighting, verdict

SHA = "9f2c1e4b5a6d7c8e9f0a1b2c3d4e5f6a7b8c9d0e"
CHAIN: list[dict[str, Any]] = [
    {"node": "source", "state": "agrees", "expected": SHA, "observed": SHA},
    {"node": "mirror", "state": "absent", "why": "this lane reads from GitHub"},
    {
        "node": "argo",
        "state": "broken",
        "expected": f"revision {SHA}",
        "observed": "revision 0123456 | `x`",
        "why": "it compares with an older commit",
        "failure": "argo-revision-lag",
        "evidence": "argocd/agentrun-g14-v01 status.sync.revision",
        "mend": "argo refresh --hard agentrun-g14-v01",
    },
    {"node": "runtime", "state": "broken", "failure": "boot-commit-mismatch", "why": "older"},
    {"node": "health", "state": "unknown", "why": HOSTILE},
]


def run(*looks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    judged = check("rollout", "every_link_agrees", "agentrun-v01", "Every link agrees")
    lines = [begin(), {"kind": "plan", "checks": [judged]}]
    for at, look in enumerate(looks):
        seen = {"headline": "a chain", "phases": [], "observation": {"kind": "x", "links": look}}
        lines += [
            sighting(f"s{at}", "put_together", "agentrun-v01", ""),
            {"kind": "sighting.end", "sighting": f"s{at}", "seconds": 0.0, "seen": [seen]},
        ]
    return numbered([*lines, verdict(judged, "violated", ["s0"]), *end()])


def test_the_record_marks_the_first_link_that_broke_and_says_what_is_next() -> None:
    written = links.links(account(run(CHAIN)))

    row = (
        f"| **→** | **argo** | **BROKEN** | `revision {SHA}` | <code>revision 0123456 &#124;"
        " &#96;x&#96;</code> | `argocd/agentrun-g14-v01 status.sync.revision` |"
    )
    first, *rows = [line for line in written.splitlines() if line.startswith(("**", "| **→"))]
    assert first == (
        "**The chain breaks at argo (argo-revision-lag), and 1 more behind it.**"
        " it compares with an older commit. Next: `argo refresh --hard agentrun-g14-v01`"
    )
    assert rows == [row]
    assert written.count("**BROKEN**") == 2


def test_record_and_log_have_the_chain_of_the_journal() -> None:
    lines = run(CHAIN)

    assert "## Chains, link by link" in record.project(lines)
    told = [line for line in log.project(lines).text.splitlines() if line.startswith("    - ")]
    assert len(told) == len(CHAIN)
    assert told[0] == f"    - source: agrees; expected {SHA}; observed {SHA}"
    assert "argo-revision-lag" in told[2]
    assert "next argo refresh --hard agentrun-g14-v01" in told[2]


def test_what_is_kept_of_a_journal_for_its_seal_has_the_links_still() -> None:
    lines = [without_observations(json.loads(json.dumps(line))) for line in run(CHAIN)]

    assert links.linked_of(account(lines)) == links.linked_of(account(run(CHAIN)))


def test_the_last_look_at_a_target_counts() -> None:
    whole = [{"node": "source", "state": "agrees"}]

    (linked,) = links.linked_of(account(run(CHAIN, whole)))

    assert linked.links == (Link("source", "agrees"),)
    assert linked.told == "is whole"


def test_a_chain_names_the_nodes_that_it_does_not_have() -> None:
    absent = [Link("mirror", "absent"), Link("argo", "absent")]

    assert Linked("a", "here", (Link("source", "agrees"), *absent)).told == (
        "agrees at source alone: it has no mirror, argo"
    )
    assert Linked("a", "here", (*absent,)).told == "is absent"


def test_a_run_without_chains_has_no_section() -> None:
    assert links.links(account(run())) == ""
    assert links.screen(()) == []


def test_the_terminal_shows_a_table_of_at_most_a_hundred_columns() -> None:
    rows = links.screen(links.linked_of(account(run(CHAIN))))

    assert max(len(row.text) for row in rows) <= 100
    assert all(row.text.isprintable() for row in rows)
    assert rows[0].text == (
        "agentrun-v01 from here breaks at argo (argo-revision-lag), and 1 more behind it"
    )
    assert [row.text.split()[0:3] for row in rows if row.text.startswith(">>")] == [
        [">>", "argo", "BROKEN"]
    ]
    assert [row.tone for row in rows] == ["bad", "", "", "", "bad", "bad", "unsure", "", ""]
    assert rows[-1].text.endswith("argo refresh --hard agentrun-g14-v01")


def test_of_many_chains_the_terminal_shows_those_that_are_not_whole() -> None:
    whole, broken = (Link("source", "agrees"),), (Link("source", "broken", failure="x"),)
    every = [Linked(f"lane-{at}", "here", whole) for at in range(20)]
    every += [Linked(f"bad-{at}", "here", broken) for at in range(9)]

    told = [row.text for row in links.screen(every)]

    assert sum("breaks at" in text for text in told) == 8
    assert told[-2:] == [
        "20 more are whole, or absent: their tables are in the record",
        "1 more are not whole: their tables are in the record",
    ]


def test_what_is_pending_is_neither_whole_nor_broken() -> None:
    pending = Linked("a", "here", (Link("source", "agrees"), Link("argo", "pending", why="soon")))

    assert pending.told == "is pending at argo"
    assert "**The chain is pending at argo.** soon." in links._table(pending)


def test_links_that_are_all_absent_are_not_whole() -> None:
    assert Linked("a", "here", (Link("source", "absent"),)).told == "is absent"


@pytest.mark.parametrize(
    ("found", "count"),
    [
        (None, 0),
        ("source", 0),
        ({"node": "source", "state": "agrees"}, 0),
        ([], 0),
        ([1], 0),
        ([{"node": "source"}], 0),
        ([{"node": 1, "state": "agrees"}], 0),
        ([{"node": "source", "state": "agrees"}, None], 0),
        ([{"node": "source", "state": "agrees", "why": None, "more": [1]}], 1),
        ([{"node": "source", "state": "agrees", "why": {"a": 1}}], 1),
    ],
)
def test_whatever_a_journal_holds_as_links_is_read_or_left(found: Any, count: int) -> None:
    read = read_links(found)

    assert len(read) == count
    assert all(isinstance(link.why, str) for link in read)
