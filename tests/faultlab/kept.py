"""The table of what was measured, as it is kept beside the rules, and held against a new look."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict

from checks.causes.__main__ import MEASURED, README, table
from checks.causes.vocabulary import Cause
from tests.faultlab.fault import Fault
from tests.faultlab.faults import FAULTS
from tests.faultlab.measuring import Measured, as_measured
from tests.faultlab.standing import Look

_HOLDS = {"upheld", "not-applicable"}
RENEW = "python -m tests.faultlab --keep"


def expected(fault: Fault) -> tuple[str, ...]:
    """Return what a run must name, all in all; a vantage that cannot look violates nothing."""
    nothing = fault.cause is None or fault.cause is Cause.VANTAGE_UNAVAILABLE
    return () if nothing else (str(fault.cause),)


def is_named(fault: Fault, measured: Measured) -> bool:
    """Tell whether a run named the cause and no other; where nothing broke, that all holds."""
    verdicts = set(measured.verdicts)
    if fault.cause is None:
        return verdicts <= _HOLDS
    if fault.cause is Cause.VANTAGE_UNAVAILABLE:
        return verdicts - _HOLDS == {"inconclusive"}
    return "violated" in verdicts and measured.causes == expected(fault)


def row_of(fault: Fault, measured: Measured) -> dict[str, object]:
    """Write a row of the table."""
    return {"cause": fault.cause and str(fault.cause), **asdict(measured)}


def in_words(fault: Fault, measured: Measured) -> str:
    """Write a row for people."""
    named = ", ".join(measured.causes) or "no cause"
    violated = ", ".join(measured.violated) or "nothing"
    return f"{fault.name}: {named}: {measured.seen or 'all holds'} (violated: {violated})"


def kept_rows() -> dict[str, Measured]:
    """Read the rows, by fault."""
    return {row["fault"]: as_measured(row) for row in json.loads(MEASURED.read_text())}


def keep(rows: Iterable[dict[str, object]]) -> None:
    """Keep what was measured beside what was before, and print the README anew."""
    known = {row["fault"]: row for row in json.loads(MEASURED.read_text())}
    known |= {str(row["fault"]): row for row in rows}
    whole = [known[one.name] for one in FAULTS if one.name in known]
    MEASURED.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
    README.write_text(table())


def shows_its_cause(fault: Fault, look: Look) -> None:
    """Assert that the program names the cause and no other, and that the table says what it saw."""
    measured = look(fault)
    sys.stdout.write(f"{in_words(fault, measured)}\n")

    assert is_named(fault, measured), measured
    assert measured == kept_rows().get(fault.name), RENEW
