"""What a branch requires, beside the contract."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.gates import check_contract
from checks.gates.contract import ContractError, Wanted, read_contract
from checks.gates.contract_file import NoContract
from checks.gates.requirements import Requirements
from reports.verdicts import Inconclusive
from tests.checks.gates.seen import AT, Said, contract, protection, requirements, ruleset

HIDDEN = (("the protection of main", "give the token administration: read"),)
EQUAL = check_contract.check_required_contexts_are_the_contract


def enforced(seen: Requirements) -> None:
    check_contract.check_rules_are_enforced(contract("build"), seen, Said().remark)


def passed_by(seen: Requirements, *declared: str) -> None:
    check_contract.check_only_the_declared_may_pass_by(declared, seen, Said().remark)


def test_a_contract_that_is_required_holds() -> None:
    EQUAL(contract("build", "web"), requirements("web", "build"))
    EQUAL(contract("build"), requirements(protection=protection("build")))


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (requirements("build", "web"), "'web' is required by ruleset 7, and not in the contract"),
        (requirements("Build"), "'build' stands in the contract and is not required; 'Build' is"),
        (requirements(), "'build' stands in the contract and is not required"),
    ],
)
def test_a_context_more_or_less_is_violated(seen: Requirements, told: str) -> None:
    with pytest.raises(AssertionError, match=r"to require what checks\.json names") as raised:
        EQUAL(contract("build"), seen)
    assert told in str(raised.value)


def test_a_context_of_another_app_is_violated() -> None:
    EQUAL(contract("build", app=15368), requirements("build", app=15368))
    with pytest.raises(AssertionError, match="is to come from app 15368: any app may say so"):
        EQUAL(contract("build", app=15368), requirements("build"))


def test_what_an_administrator_alone_may_see_leaves_it_open() -> None:
    with pytest.raises(Inconclusive, match="not seen: the protection of main") as raised:
        EQUAL(contract("build"), requirements("build", hidden=HIDDEN))
    assert "administration: read" in raised.value.mend
    with pytest.raises(Inconclusive):
        EQUAL(contract("build", "web"), requirements("build", hidden=HIDDEN))
    with pytest.raises(AssertionError, match="'web' is required"):
        EQUAL(contract("build"), requirements("build", "web", hidden=HIDDEN))


def test_a_ruleset_that_is_not_active_enforces_nothing() -> None:
    trial = ruleset("build", id=8, enforcement="evaluate")

    enforced(requirements("build"))
    with pytest.raises(AssertionError, match="ruleset 8 'main' is evaluate"):
        enforced(requirements(rulesets=(trial,)))
    with pytest.raises(Inconclusive):
        enforced(requirements(rulesets=(trial,), hidden=HIDDEN))
    with pytest.raises(Inconclusive, match="requires no context"):
        enforced(requirements())


def test_who_may_pass_by_is_declared() -> None:
    admin = "OrganizationAdmin:1:always"
    seen = requirements("build", rulesets=(ruleset("build", bypass=(admin,)),))

    passed_by(seen, admin)
    with pytest.raises(AssertionError, match="may pass by, and is not declared"):
        passed_by(seen)
    with pytest.raises(AssertionError, match="is declared, and may not pass by"):
        passed_by(requirements("build"), admin)


def test_administrators_pass_by_a_protection_that_leaves_them_out() -> None:
    lenient = requirements(protection=protection("build", admins=False))

    passed_by(requirements(protection=protection("build")))
    passed_by(lenient, "administrators")
    with pytest.raises(AssertionError, match="administrators may pass by"):
        passed_by(lenient)


def test_who_passes_by_is_hidden_from_most() -> None:
    hidden = requirements("build", rulesets=(ruleset("build", bypass=None),))

    with pytest.raises(Inconclusive, match="shown only to whoever may write it"):
        passed_by(hidden)


def test_a_contract_that_is_not_there_is_violated() -> None:
    gone = NoContract(path="x.json", why="the tree has no file x.json", at=AT)

    check_contract.check_contract_can_be_read(contract("build"))
    with pytest.raises(AssertionError, match=r"no file x\.json"):
        check_contract.check_contract_can_be_read(gone)


CHECKS = [{"context": "a", "integration_id": 15368}, {"context": "b"}]
RULES = [{"type": "required_status_checks", "parameters": {"required_status_checks": CHECKS}}]
A, B = Wanted(context="a", app=15368), Wanted(context="b")


@pytest.mark.parametrize(
    ("path", "text", "wanted"),
    [
        ("c.json", json.dumps(["a", "b"]), (Wanted(context="a"), B)),
        ("c.json", json.dumps(CHECKS), (A, B)),
        ("c.json", json.dumps({"rules": [{"type": "deletion"}, *RULES]}), (A, B)),
        ("c.json", json.dumps({"required_status_checks": {"checks": CHECKS}}), (A, B)),
        ("c.json", json.dumps({"contexts": ["b", "b"]}), (B,)),
        ("c.yaml", "required:\n  - b\n", (B,)),
        ("c.txt", "# ours\n\nb\n", (B,)),
    ],
)
def test_contracts_are_read_in_all_forms(path: str, text: str, wanted: tuple[Wanted, ...]) -> None:
    assert read_contract(text.encode(), path) == wanted


@pytest.mark.parametrize(
    ("path", "content", "told"),
    [
        ("c.json", b"[", "is no JSON"),
        ("c.json", b"[]", "names no context"),
        ("c.json", b"{}", "none of required_status_checks"),
        ("c.json", b"[1]", "1 is the name of no context"),
        ("c.json", b"[" * 5000 + b"]" * 5000, "is n"),
        ("c.yaml", b"a: &a [x]\nrequired: *a\n", "refers to its own parts"),
        ("c.yaml", b"a: [", "is no YAML"),
        ("c.txt", b"\xff", "is not UTF-8"),
        ("c.txt", b"x" * (1 << 21), "more than 1048576"),
    ],
)
def test_what_is_no_contract_is_told(path: str, content: bytes, told: str) -> None:
    with pytest.raises(ContractError, match=told):
        read_contract(content, path)


@given(st.binary(max_size=200), st.sampled_from(["c.json", "c.yaml", "c.txt"]))
def test_any_bytes_are_a_contract_or_are_told(content: bytes, path: str) -> None:
    wanted: tuple[Wanted, ...] = ()
    with suppress(ContractError):
        wanted = read_contract(content, path)
        assert wanted
    assert all(one.context for one in wanted)
