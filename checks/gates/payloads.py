"""What would be sent to GitHub to require a context, or not to; nobody sends it from here."""

import json
from collections.abc import Sequence
from typing import Any, Literal

from checks.gates.requirements import Requirements
from checks.wire.github.asking import gh
from config.gates import Gate
from fixtures.repositories import Source

Step = Literal["promote", "demote"]
_CHECKS = "required_status_checks"


def payload(
    step: Step, gate: Gate, seen: Requirements, source: Source, why: Sequence[str]
) -> str | None:
    """Return the request that would promote or demote a gate, as JSON, and the one that undoes it.

    It goes to where the context is required, or else, to promote, to the ruleset that requires
    others, or to the branch protection, or makes a ruleset. There is none to demote what nothing
    requires that was seen.
    """
    way = _way(step, gate, seen)
    if way is None:
        return None
    method, path, body, undo = way
    told = {
        "dry_run": True,
        "step": step,
        "context": gate.context,
        "repository": seen.repository,
        "branch": seen.branch,
        "because": list(why),
        "not_seen": [reason for reason, _ in seen.hidden],
        "request": {"method": method, "path": f"/repos/{seen.repository}{path}", "body": body},
        "command": _command(source, method, path, "request"),
        "undo": undo
        and {
            "request": {"method": undo[0], "path": f"/repos/{seen.repository}{path}"}
            | ({"body": undo[1]} if undo[1] is not None else {}),
            "command": _command(source, undo[0], path, "undo.request"),
        },
        "needs": "administration: write",
    }
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _command(source: Source, method: str, path: str, part: str) -> str:
    """Write the command that sends the body of this file, named on its standard input."""
    send = gh(source, path, "--method", method, "--input", "-")
    return f"jq .{part}.body PAYLOAD.json | {send}"


_Way = tuple[str, str, Any, tuple[str, Any] | None]
"""Method, path below the repository, body, and method and body of the undo."""


def _way(step: Step, gate: Gate, seen: Requirements) -> _Way | None:
    bodies = {number: json.loads(text) for number, text in seen.bodies}
    holding = [one for one in seen.binding if one.id in bodies]
    if step == "demote":
        holding = [one for one in holding if gate.context in {it.context for it in one.required}]
        if not holding and not _is_protected(gate, seen):
            return None
    if holding:
        rules = bodies[holding[0].id]
        changed = {"rules": _changed(rules, step, gate)}
        return "PUT", f"/rulesets/{holding[0].id}", changed, ("PUT", {"rules": rules})
    if seen.protection is not None:
        path = f"/branches/{seen.branch}/protection/{_CHECKS}/contexts"
        body = {"contexts": [gate.context]}
        method, undo = ("POST", "DELETE") if step == "promote" else ("DELETE", "POST")
        return method, path, body, (undo, body)
    rule = {"type": _CHECKS, "parameters": {_CHECKS: [_check(gate)]} | _LENIENT}
    return "POST", "/rulesets", _new_ruleset(seen.branch, rule), None


_LENIENT = {"strict_required_status_checks_policy": False}


def _is_protected(gate: Gate, seen: Requirements) -> bool:
    protected = seen.protection.required if seen.protection else ()
    return gate.context in {one.context for one in protected}


def _new_ruleset(branch: str, rule: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": f"required checks of {branch}",
        "target": "branch",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": [f"refs/heads/{branch}"], "exclude": []}},
        "rules": [rule],
    }


def _check(gate: Gate) -> dict[str, Any]:
    return {"context": gate.context} | ({"integration_id": gate.app} if gate.app else {})


def _changed(rules: list[Any], step: Step, gate: Gate) -> list[Any]:
    """Return a ruleset's rules, whole, with the context in or out; a PUT replaces all of them."""
    changed = []
    for rule in rules:
        if rule.get("type") != _CHECKS:
            changed.append(rule)
            continue
        parameters = rule.get("parameters") or {}
        own = parameters.get(_CHECKS) or []
        others = [one for one in own if one.get("context") != gate.context]
        kept = own if step == "promote" and len(others) < len(own) else others
        if step == "promote" and kept is others:
            kept = [*others, _check(gate)]
        if kept:  # a rule that requires nothing is none
            changed.append(rule | {"parameters": parameters | {_CHECKS: kept}})
    return changed
