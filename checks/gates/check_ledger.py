"""A job becomes required by greens in a row, and does not stay so after failures."""

from checks.gates.history import History
from checks.gates.ledger import Ledger, shown, write_ledger
from checks.gates.payloads import payload
from checks.gates.promotion import (
    failures_to_demote,
    progress,
    promoted_by,
    told_demotion,
)
from checks.gates.requirements import Requirements
from config.gates import Gate, Promotion
from fixtures.repositories import Source
from reports.tables import Attach
from reports.verdicts import (
    FailureClass,
    Inconclusive,
    NotApplicable,
    Remark,
    expected,
    fails_as,
)

_JSON = "application/json"
_OLDER = "raise `history` in the gates of the profile: older runs were not looked at"
_SHOWN = 40


@fails_as(FailureClass.POLICY)
def check_gate_has_its_greens_in_a_row(
    gate: Gate,
    rule: Promotion,
    history: History,
    *,
    requirements: Requirements,
    source: Source,
    remark: Remark,
    attach: Attach,
) -> None:
    ledger = _ledger(gate, history)
    found = progress(promoted_by(ledger, gate), rule)
    lines = [*list(shown(ledger.entries))[:_SHOWN], *_others(ledger)]
    if not found.is_known or not ledger.completed:
        raise Inconclusive(f"{found}; {len(ledger.entries)} runs of it were seen", _OLDER)
    if not found.reached and not gate.required:
        mend = f"{rule.rule} wants {rule.greens} greens in a row; {'; '.join(lines[:10])}"
        raise Inconclusive(f"pending, {found}", mend)
    assert found.reached, expected(
        f"{rule.greens} greens in a row before {gate.context!r} is required, by {rule.rule}",
        saw=[str(found), *lines],
    )
    remark(str(found))
    for line in lines:
        remark(line)
    if not gate.required:
        body = payload("promote", gate, requirements, source, [str(found), f"by {rule.rule}"])
        told = _told_request("promote", gate, body, attach)
        remark(f"ready to be required, by {rule.rule}: {told}")


@fails_as(FailureClass.POLICY)
def check_gate_is_not_to_be_demoted(
    gate: Gate,
    rule: Promotion,
    history: History,
    *,
    requirements: Requirements,
    source: Source,
    attach: Attach,
    remark: Remark,
) -> None:
    if not gate.required:
        raise NotApplicable("it is not required: there is nothing to demote")
    ledger = _ledger(gate, history)
    if gate.since is not None:
        ledger = ledger.after(gate.since)
    due = failures_to_demote(ledger, rule)
    saw = [str(one) for one in due]
    if due:
        why = [f"by {rule.rule}: {told_demotion(rule)}", *saw]
        body = payload("demote", gate, requirements, source, why)
        saw.append(_told_request("demote", gate, body, attach))
    assert not due, expected(
        f"no reason to demote {gate.context!r}: {rule.rule} demotes {told_demotion(rule)}", saw
    )
    if not ledger.completed:
        raise Inconclusive("no completed run of it was seen since it is required", _OLDER)
    remark(f"{rule.rule} demotes {told_demotion(rule)}; {len(ledger.completed)} completed runs")


def _told_request(step: str, gate: Gate, body: str | None, attach: Attach) -> str:
    if body is None:
        return "nothing would be sent: no rule that was seen requires it"
    return f"what would be sent is {attach(f'{step}-{gate.context}.json', body, _JSON)}"


def _ledger(gate: Gate, history: History) -> Ledger:
    return write_ledger(gate, history.runs, history.jobs, whole=history.whole)


def _others(ledger: Ledger) -> list[str]:
    """Say how many runs were left out."""
    if not ledger.others:
        return []
    return [f"{ledger.others} more on runners of other labels, which are another ledger"]
