"""What the runs of an incident told: causes, verdicts, and whether they are what is kept."""

from collections.abc import Mapping
from typing import Any

from tests.incidents.records import kept, outline
from tests.incidents.worlds import text_of
from tests.program import Ended

Runs = Mapping[str, Ended]
GOOD = {"upheld", "not-applicable"}


def causes(ended: Ended) -> dict[str, set[str]]:
    """Return the checks in which each cause is named."""
    told: dict[str, set[str]] = {}
    for line in ended.journal("verdict"):
        for one in line.get("diagnoses", ()):
            told.setdefault(one["cause"], set()).add(line["check"].partition("::")[2])
    return told


def diagnosis(ended: Ended, cause: str) -> dict[str, Any]:
    """Return the first diagnosis that names the cause, with its proof in one text."""
    first = next(
        one
        for line in ended.journal("verdict")
        for one in line.get("diagnoses", ())
        if one["cause"] == cause
    )
    return {**first, "facts": "\n".join(first["facts"])}


def of(ended: Ended, verdict: str) -> set[str]:
    return {check for check, found in ended.verdicts().items() if found == verdict}


def hold(runs: Runs, incident: str) -> None:
    """Compare what is kept with what these runs wrote."""
    for name, text in kept(runs).items():
        told = f"{incident}/{name} is outdated: python -m tests.incidents {incident}"
        assert outline(text_of(incident, name)) == outline(text), told
    assert text_of(incident, "compared.md") == kept(runs)["compared.md"]
