"""Rules and allowances themselves: whether they can be relied on."""

from checks.hardcoded.seen import HardcodedSeen
from reports.verdicts import FailureClass, NotApplicable, Remark, expected, fails_as


@fails_as(FailureClass.CONFIG)
def check_rules_hold_their_samples(seen: HardcodedSeen) -> None:
    saw = [f"{one.id}: {'; '.join(one.failing)}" for one in seen.rules if one.failing]
    assert not saw, expected("each rule to find what its samples say, and no more", saw=saw)


@fails_as(FailureClass.POLICY)
def check_allowances_are_fresh(seen: HardcodedSeen, remark: Remark) -> None:
    if not seen.allowances:
        raise NotApplicable("nothing is allowed here: no comment says so, and no baseline")
    used = [one for one in seen.allowances if one.state == "used"]
    for one in used:
        remark(f"{one.place}: {one.rule} is allowed until {one.until}: {one.reason}")
    saw = [str(one) for one in seen.allowances if one.state != "used"]
    assert not saw, expected("allowances that can be read, still hold and allow something", saw=saw)
