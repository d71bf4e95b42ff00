"""`python -m checks.causes` prints the table of causes: README.md beside this file is made so."""

import json
from pathlib import Path
from typing import Any

from checks.causes.rules import every_rule
from checks.causes.vocabulary import Cause

README = Path(__file__).with_name("README.md")
MEASURED = Path(__file__).with_name("measured.json")
"""What the tests' fault lab has shown; `python -m tests.faultlab --keep` writes it."""
_HEAD = """\
# Causes

Why a check is violated, in a closed vocabulary. Each cause is proved by one rule, from what the
run has seen of the target; several are named only where each is proved on its own, and where none
is, the diagnosis says `unknown`, with what was seen: that is better than a guess. A diagnosis never
changes a verdict, and a remedy is never applied by itself.

A rule is a function below, in the file of its family: `names.py`, `connections.py`, `tls.py`,
`segments.py`, `certificates.py`, `http.py`, `proxies.py`, `hosts.py`. It is pure: a replayed run is
diagnosed by the same rules.

Where a check is violated, a few more sightings are made of what it judged (`contrasts.py` chooses
them): the same address with one thing changed. They are recorded as any other, and replayed.
`--no-escalate` leaves them out; what needs one is `unknown` then.

The difference between vantages is no cause of a violation, and looks at nothing more:
`differences.py` names, of each target that was judged from several vantages, the first layer that
they do not see alike. It is pure too.

This file is printed by `python -m checks.causes`; a test holds it to the rules.
"""
_WITHOUT = {
    Cause.VANTAGE_UNAVAILABLE: "Nothing was seen, so nothing is violated: the check is"
    " inconclusive, and this its cause, with the reason why the vantage could not look as proof and"
    " the mend as remedy.",
    Cause.UNKNOWN: "No rule is proved; the facts are what the check judged.",
}

_SHOWN = """\
## What each fault shows

Measured by the real program in the tests' fault lab: a host, a container beside it, nameservers
and a web, wired by network namespaces, with a middlebox between them. Each row is one run: all that
was violated names this cause, and no other. Numbers that change from run to run are left out (…).
`python -m tests.faultlab` measures it, and tests hold these rows to what it sees.

| cause | fault | what was seen first | violated |
|---|---|---|---|"""


def table() -> str:
    """Write the vocabulary, cause by cause, with what proves each."""
    rules = {rule.cause: rule for rule in every_rule()}
    parts = [_HEAD]
    for cause in Cause:
        if (rule := rules.get(cause)) is None:
            parts.append(f"## {cause}\n\n{_WITHOUT[cause]}\n")
            continue
        family = rule.prove.__module__.rpartition(".")[2]
        rows = [
            ("Proof", rule.proof),
            ("Contrast", rule.contrast),
            ("Remedy", rule.remedy),
            ("Undo", rule.undo),
        ]
        told = "".join(f"- {name}: {_sentence(text)}\n" for name, text in rows)
        parts.append(f"## {cause}\n\n`{family}.py`\n\n{told}")
    return "\n".join([*parts, _SHOWN, *map(_row, json.loads(MEASURED.read_text()))]) + "\n"


def _row(row: dict[str, Any]) -> str:
    """Write one fault with what the program said of it; a row of another cause would be a lie."""
    verdicts = [one for one in row["verdicts"] if one not in ("upheld", "not-applicable")]
    violated = [f"`{one}`" for one in row["violated"]]
    said = ", ".join(violated) or " and ".join(verdicts) or "all upheld"
    cells = (row["cause"] or "none", row["fault"], row["seen"], said)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201 - it is what was asked for
