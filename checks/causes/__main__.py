"""`python -m checks.causes` prints the table of causes: README.md beside this file is made so."""

from checks.causes.rules import every_rule
from checks.causes.vocabulary import Cause

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
    " inconclusive, with the reason why the vantage could not look, and the mend.",
    Cause.UNKNOWN: "No rule is proved; the facts are what the check judged.",
}


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
    return "\n".join(parts)


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201 - it is what was asked for
