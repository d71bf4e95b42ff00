"""What a branch requires is what the checked-in contract says, enforced, and passed by by few."""

from checks.gates.contract import beyond, missing, of_other_apps
from checks.gates.contract_file import Contract, NoContract
from checks.gates.requirements import ADMINISTRATORS, Requirements
from fixtures.github.values import Ruleset
from fixtures.subjects import holds
from reports.verdicts import FailureClass, Inconclusive, Remark, expected, fails_as


@holds(NoContract)
@fails_as(FailureClass.EVIDENCE)
def check_contract_can_be_read(contract_file: Contract | NoContract) -> None:
    assert isinstance(contract_file, Contract), expected(
        "a checked-in list of the required contexts", saw=contract_file.headline
    )


@fails_as(FailureClass.POLICY)
def check_required_contexts_are_the_contract(
    contract: Contract, requirements: Requirements
) -> None:
    wanted, required = contract.wanted, requirements.required
    saw = [*beyond(wanted, required), *of_other_apps(wanted, required)]
    if not requirements.hidden:  # what was not seen may require the rest
        saw += missing(wanted, required)
    named = f"{requirements.branch} to require what {contract.path} names, and nothing else"
    why = _not_enforced(contract, requirements)
    assert not saw, expected(named, [*saw, *why])
    _all_is_seen(requirements, *missing(wanted, required), *why)


@fails_as(FailureClass.POLICY)
def check_rules_are_enforced(
    contract: Contract, requirements: Requirements, remark: Remark
) -> None:
    saw = _not_enforced(contract, requirements)
    if saw:
        _all_is_seen(requirements, *saw)
    assert not saw, expected("every ruleset of the contract's contexts to be active", saw)
    if not requirements.required:
        _all_is_seen(requirements)
        raise Inconclusive(
            f"{requirements.branch} requires no context: there is no rule to be enforced",
            "see check_required_contexts_are_the_contract",
        )
    for one in requirements.binding:
        remark(f"ruleset {one.id} {one.name!r} is {one.enforcement}")


@fails_as(FailureClass.POLICY)
def check_only_the_declared_may_pass_by(
    bypass: tuple[str, ...], requirements: Requirements, remark: Remark
) -> None:
    found = {actor for one in requirements.binding for actor in one.bypass or ()}
    protection = requirements.protection
    if protection is not None and protection.required and not protection.admins:
        found.add(ADMINISTRATORS)
    surplus = sorted(found - set(bypass))
    saw = [f"{actor} may pass by, and is not declared" for actor in surplus]
    hidden = [one for one in requirements.binding if one.bypass is None]
    if not hidden and not requirements.hidden:
        gone = sorted(set(bypass) - found)
        saw += [f"{actor} is declared, and may not pass by" for actor in gone]
    assert not saw, expected(f"who may pass by to be {', '.join(bypass) or 'nobody'}", saw)
    if hidden:
        raise Inconclusive(
            f"who may pass by {_named(hidden)} is shown only to whoever may write it",
            "give the token the permission administration: write, or look at the ruleset by hand",
        )
    _all_is_seen(requirements)
    remark(f"may pass by: {', '.join(sorted(found)) or 'nobody'}")


def _not_enforced(contract: Contract, requirements: Requirements) -> list[str]:
    """Name the rulesets that would require the contract's contexts, and are not active."""
    named = {one.context for one in contract.wanted}
    enforced = {one.context for one in requirements.required}
    return [
        f"ruleset {one.id} {one.name!r} is {one.enforcement}, and would require {context!r}"
        for one in requirements.rulesets
        for context in dict.fromkeys(it.context for it in one.required)
        if one.enforcement != "active" and context in named - enforced
    ]


def _named(rulesets: list[Ruleset]) -> str:
    return " and ".join(f"ruleset {one.id} {one.name!r}" for one in rulesets)


def _all_is_seen(requirements: Requirements, *beside: str) -> None:
    """Raise `Inconclusive` where a part of what is required could not be seen."""
    for reason, mend in requirements.hidden:
        raise Inconclusive("; ".join((f"not seen: {reason}", *beside)), mend)
