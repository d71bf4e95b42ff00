"""Allowances mark what is found, and never remove it; they end, and become stale."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from checks.hardcoded.seen import HardcodedSeen
from checks.hardcoded.telling import told_again
from config.allowed import Allowed
from fixtures.github.tokens import hold_tokens
from tests.checks.hardcoded.repositories import commit, look, repository, rule

UNTIL = "2099-01-31"


def suppressed(seen: HardcodedSeen) -> list[bool]:
    return [bool(one.suppressions) for one in seen.findings.found]


def states(seen: HardcodedSeen) -> list[tuple[str, str]]:
    return [(one.place, one.state) for one in seen.allowances]


def entry(seen: HardcodedSeen, at: int = 0, until: str = UNTIL) -> Allowed:
    found = seen.findings.found[at]
    return Allowed(
        rule=found.rule,
        path=found.path,
        fingerprint=found.fingerprint,
        until=date.fromisoformat(until),
        reason="known",
    )


@pytest.mark.parametrize(
    "text",
    [
        f"BAD1 // touchstone: allow bad until {UNTIL} because it is a demo\n",
        f"# touchstone: allow bad until {UNTIL} because it is a demo\nBAD1\n",
        f"/* touchstone: allow bad until {UNTIL} because it is a demo */\nBAD1\n",
        f"<!-- touchstone: allow bad until {UNTIL} because it is a demo -->\nBAD1\n",
        f"BAD1 -- touchstone: allow other, bad until {UNTIL} because it is a demo\n",
    ],
)
def test_a_comment_allows_what_stands_there(tmp_path: Path, text: str) -> None:
    seen = look(repository(tmp_path / "r", {"a": text}))

    (found,) = seen.findings.found
    (ends,) = found.suppressions
    assert (ends.where, ends.until, ends.reason) == ("in-source", UNTIL, "it is a demo")


def test_a_new_match_in_an_allowed_line_is_not_allowed(tmp_path: Path) -> None:
    line = f"BAD1 BAD2 # touchstone: allow bad until {UNTIL} because of one\n"
    both = f"BAD1 BAD2 # touchstone: allow bad, bad until {UNTIL} because of two\n"
    root = repository(tmp_path / "r", {"a": line, "b": both})

    assert suppressed(look(root)) == [True, False, True, True]


def test_another_rule_in_an_allowed_line_is_not_allowed(tmp_path: Path) -> None:
    root = repository(
        tmp_path / "r", {"a": f"BAD1 # touchstone: allow bad until {UNTIL} because x\n"}
    )
    other = rule("AD1", id="other", matches=("AD1",))

    assert [(f.rule, bool(f.suppressions)) for f in look(root, rule(), other).findings.found] == [
        ("bad", True),
        ("other", False),
    ]


def test_expired_stale_and_malformed_ones_are_told(tmp_path: Path) -> None:
    text = (
        "BAD1 # touchstone: allow bad until 2020-01-31 because x\n"
        f"good # touchstone: allow bad until {UNTIL} because x\n"
        f"BAD1 # touchstone: allow bad until {UNTIL}\n"
        "BAD1 # touchstone: allow bad until someday because x\n"
        f"BAD1 # touchstone: allow bad until {UNTIL} because x\n"
        'text = "touchstone: allow" \n'
    )
    seen = look(repository(tmp_path / "r", {"a": text}))

    assert suppressed(seen) == [False, False, False, True]
    assert states(seen) == [
        ("a:1", "expired"),
        ("a:2", "stale"),
        ("a:3", "malformed"),
        ("a:4", "malformed"),
        ("a:5", "used"),
    ]
    assert "'someday' is no date" in str(seen.allowances[3])


def test_a_baseline_follows_its_line_and_not_its_number(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a": "one\n\nBAD1\ntwo\n"})
    allowed = (entry(look(root)),)

    assert suppressed(look(root, allowed=allowed)) == [True]
    commit(root, {"a": "a\nb\nc\n\none\n  BAD1\n\ntwo\n"})
    assert suppressed(look(root, allowed=allowed)) == [True]


@pytest.mark.parametrize(
    "text", ["one\nBAD1 BAD1\ntwo\n", "other\nBAD1\ntwo\n", "one\nBAD2\ntwo\n", "good\n"]
)
def test_a_changed_line_is_new_and_its_allowance_stale(tmp_path: Path, text: str) -> None:
    root = repository(tmp_path / "r", {"a": "one\nBAD1\ntwo\n"})
    allowed = (entry(look(root)),)
    commit(root, {"a": text})

    seen = look(root, allowed=allowed)

    assert not any(suppressed(seen))
    assert [one.state for one in seen.allowances] == ["stale"]


@pytest.fixture
def hold() -> Iterator[Callable[[str], None]]:
    """Hold a secret of the profile, and let go of it at the end."""
    yield lambda value: hold_tokens([("TOKEN", value)])
    hold_tokens([])


def test_a_fingerprint_says_nothing_of_a_secret(
    tmp_path: Path, hold: Callable[[str], None]
) -> None:
    made = []
    for number, value in enumerate(("plainword-one", "plainword-two")):
        hold(value)
        root = repository(tmp_path / str(number), {"a": f"above\nBAD1 = {value}\n"})
        made.append(entry(look(root)).fingerprint)
    hold("plainword-three")
    other = entry(look(repository(tmp_path / "o", {"a": "above\nBAD1 = plainword-one\n"})))

    assert made[0] == made[1] != other.fingerprint


def test_equal_places_are_told_apart(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a": "x\nBAD1\ny\n" * 2})
    seen = look(root)
    first, second = (one.fingerprint for one in seen.findings.found)

    assert second == f"{first}-2"
    assert suppressed(look(root, allowed=(entry(seen),))) == [True, False]


def test_a_baseline_ends(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a": "BAD1\n"})

    seen = look(root, allowed=(entry(look(root), until="2020-01-31"),))

    assert suppressed(seen) == [False]
    assert [one.state for one in seen.allowances] == ["expired"]


def test_nothing_is_said_of_a_file_that_was_not_read(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a": "BAD1\n" + "x" * 2000})
    allowed = (entry(look(root)),)

    assert look(root, largest=1024, allowed=allowed).allowances == ()


def test_an_old_look_is_marked_by_another_baseline(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a": "BAD1\n"})
    seen = look(root)

    again = told_again(seen, (entry(seen),))

    assert suppressed(again) == [True]
    assert again == told_again(look(root, allowed=(entry(seen),)), (entry(seen),)) or suppressed(
        told_again(again, ())
    ) == [False]
    assert told_again(again, ()) == seen
