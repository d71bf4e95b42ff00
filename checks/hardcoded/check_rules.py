"""Text that stands in files, and should be configuration; and what must be read instead."""

from checks.hardcoded.judging import first, look_into
from checks.hardcoded.seen import HardcodedSeen
from config.rules import Rule
from reports.verdicts import FailureClass, NotApplicable, Remark, expected, fails_as


@fails_as(FailureClass.POLICY)
def check_nothing_is_hardcoded(
    of_rule: HardcodedSeen, rule: Rule, mode: str, remark: Remark
) -> None:
    judged = look_into(of_rule, rule)
    for finding in judged.allowed:
        (ends, *_) = finding.suppressions
        remark(f"{finding.where}: allowed until {ends.until}: {ends.reason}")
    found = judged.told
    if found and rule.level == "note":
        raise NotApplicable(f"the rule informs, and forbids nothing: {first(found)}")
    if found and mode == "report-only":
        raise NotApplicable(f"findings are only reported: {first(found)}")
    assert not found, expected(f"no {rule.says}; instead: {rule.instead}", saw=found)
    judged.ensure_all_was_read()


@fails_as(FailureClass.POLICY)
def check_replacement_is_read(of_rule: HardcodedSeen, replacement: Rule, mode: str) -> None:
    judged = look_into(of_rule, replacement)
    if not judged.rule.found:
        judged.ensure_all_was_read()
    saw = f"none of {judged.rule.files} files reads {replacement.reads}"
    if not judged.rule.found and mode == "report-only":
        raise NotApplicable(f"findings are only reported: {saw}")
    assert judged.rule.found, expected(f"{replacement.says}; {replacement.instead}", saw=saw)
