"""The truth table: of each context who produces it, who requires it, and what it is worth."""

from collections.abc import Sequence
from dataclasses import dataclass

from checks.gates.contract import Wanted
from checks.gates.emission import Emission, find_emitters, is_path_filtered
from checks.gates.emitted import Emitted
from checks.gates.history import History, NoEmitter
from checks.gates.ledger import Ledger, write_ledger
from checks.gates.promotion import failures_to_demote, progress
from checks.gates.requirements import Requirements
from checks.wire.workflows.seen import WorkflowFile
from config.gates import Gate, Gates

COLUMNS = (
    "context",
    "required by",
    "producing job",
    "app",
    "last emitted",
    "path-filtered",
    "last runs, newest first",
    "may be required",
)
_SIGNS = {"green": "G", "hollow": "h", "red": "R", "cancelled": "c", "skipped": "s"}
_SIGNS |= {"absent": "-", "neutral": "n", "pending": "…"}
LEGEND = "G green, h hollow, R red, c cancelled, s skipped, n neutral, - not in the run, … pending"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is known of one context."""

    context: str
    wanted: bool
    """Whether the contract names it, or the branch requires it."""
    required_by: str
    producers: str
    app: str
    emitted: str
    filtered: str
    last: str
    may: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The row, under `COLUMNS`."""
        return (
            self.context,
            self.required_by,
            self.producers,
            self.app,
            self.emitted,
            self.filtered,
            self.last,
            self.may,
        )

    @property
    def has_producer(self) -> bool:
        """Whether a file emits it, or something has of late."""
        return bool(self.producers) or self.emitted not in ("never", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a truth table is made of."""

    gates: Gates
    contract: tuple[Wanted, ...]
    requirements: Requirements
    files: tuple[WorkflowFile, ...]
    emitted: Emitted
    histories: tuple[History | NoEmitter, ...]
    """Of each gate, in the order of the gates."""


def truth_table(facts: Facts) -> tuple[Row, ...]:
    """Write a row for every context that is in the contract, is required, or is a gate."""
    contexts = [
        *(one.context for one in facts.contract),
        *(one.context for one in facts.requirements.required),
        *(one.context for one in facts.gates.jobs),
    ]
    ledgers = {
        gate.context: (gate, _ledger(gate, history))
        for gate, history in zip(facts.gates.jobs, facts.histories, strict=True)
    }
    return tuple(_row(one, facts, ledgers.get(one)) for one in dict.fromkeys(contexts))


def _ledger(gate: Gate, history: History | NoEmitter) -> Ledger | None:
    if isinstance(history, NoEmitter):
        return None
    return write_ledger(gate, history.runs, history.jobs, whole=history.whole)


def _row(context: str, facts: Facts, known: tuple[Gate, Ledger | None] | None) -> Row:
    emission = find_emitters(context, facts.files)
    gate, ledger = known or (None, None)
    rules = [one.source for one in facts.requirements.required if one.context == context]
    hidden = "; not all was seen" if facts.requirements.hidden else ""
    wanted = bool(rules) or context in {one.context for one in facts.contract}
    return Row(
        context=context,
        wanted=wanted,
        required_by=(" and ".join(dict.fromkeys(rules)) or "nobody") + hidden,
        producers=_producers(emission),
        app=_apps(context, facts.emitted),
        emitted=_last_emitted(context, facts.emitted, ledger),
        filtered=_filtered(emission),
        last=_last(ledger),
        may=_may(gate, ledger, facts.gates),
    )


def _producers(emission: Emission) -> str:
    if emission.exact:
        return ", ".join(map(str, emission.exact))
    return f"perhaps {emission.possible[0]}" if emission.possible else ""


def _apps(context: str, emitted: Emitted) -> str:
    apps = dict.fromkeys(one.app for one in emitted.runs if one.name == context)
    return ", ".join(str(app) if app else UNKNOWN for app in apps) or UNKNOWN


def _last_emitted(context: str, emitted: Emitted, ledger: Ledger | None) -> str:
    times = [one.completed or one.started for one in emitted.runs if one.name == context]
    times += [one.ended for one in ledger.completed if one.job] if ledger else []
    newest = max((one for one in times if one is not None), default=None)
    if newest is not None:
        return f"{newest:%Y-%m-%dT%H:%M:%SZ}"
    statuses = [one for at in emitted.commits for one in at.statuses if one.context == context]
    return f"{statuses[0].updated:%Y-%m-%dT%H:%M:%SZ}, a status" if statuses else "never"


def _filtered(emission: Emission) -> str:
    if not emission.exact:
        return UNKNOWN
    return "yes" if any(is_path_filtered(one) for one in emission.exact) else "no"


def _last(ledger: Ledger | None) -> str:
    if ledger is None:
        return UNKNOWN
    signs: Sequence[str] = [_SIGNS[one.colour] for one in reversed(ledger.entries)]
    return " ".join(signs[:10]) or "none"


def _may(gate: Gate | None, ledger: Ledger | None, gates: Gates) -> str:
    if gate is None:
        return "no gate of the profile"
    if ledger is None or not ledger.completed:
        return f"{UNKNOWN}: no completed run"
    rule = gates.promotion_of(gate)
    found = progress(ledger, rule)
    if gate.required and failures_to_demote(ledger, rule):
        return f"to be demoted, {found.fraction}"
    if gate.required:
        return f"is required, {found.fraction}"
    return f"{'yes' if found.reached else 'not yet'}, {found.fraction}"
