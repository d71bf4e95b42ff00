"""A process that observes its share of the endpoints when it is told to: `lookers.py` starts it."""

import json
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from checks.wire.connections import Peer
from checks.wire.names import Address
from checks.wire.tls import Handshake, shake_hands
from fixtures.observatory import Observatory
from fixtures.outcomes import Recorder, Seen
from fixtures.sightings import Sighting, plan, prepare
from fixtures.vantages.local import Local
from reports import recorder
from reports.garbage import search_from_here
from reports.redaction import Redactor
from reports.run import Run
from tests.bench.machine import most_memory

_DEADLINE = 5.0


class Discarding:
    """In the place of a run's recorder: writes nothing, and hides nothing."""

    def append(self, kind: str, /, **fields: Any) -> None:
        """Forget the line."""

    def redact(self, text: str, /) -> str:
        """Return the text as it is."""
        return text

    def attach_packed(self, name: str, packed: bytes, media_type: str, /) -> str:
        """Forget the bytes."""
        return name


def main() -> None:
    """Plan and import, say so, wait for a line, observe, and say what came of it."""
    told = json.loads(Path(sys.argv[1]).read_text())
    planned = plan(_sighting(name, address, told["port"]) for name, address in told["sites"])
    with tempfile.TemporaryDirectory() as folder:
        observatory = Observatory(
            planned,
            {"here": Local("here", (told["authority"],))},
            _recorder(Path(folder), journal=told["journal"]),
            in_flight=told["in_flight"],
            limit=2 * _DEADLINE,
        )
        prepare(planned)
        _say({"ready": len(planned)})
        sys.stdin.readline()
        search_from_here()  # as any run does
        began = time.monotonic()
        observatory.start()
        # The last first: to be woken for each of them is what judging costs, not observing.
        accepted = sum(_is_accepted(observatory, one) for one in reversed(planned))
        seconds = time.monotonic() - began
        observatory.stop()
    _say({"accepted": accepted, "seconds": seconds, "megabytes": most_memory()})


def _sighting(name: str, address: str, port: int) -> Sighting:
    at = Address(host=name, address=address, source="dns", known=None, at=datetime.now(UTC))
    return Sighting(shake_hands, Peer(name, port), "here", ((at,),), deadline=_DEADLINE)


def _recorder(folder: Path, *, journal: bool) -> Recorder:
    if not journal:
        return Discarding()
    return recorder.Recorder(Run.begin(folder, redact=Redactor(), about={}))


def _is_accepted(observatory: Observatory, sighting: Sighting) -> bool:
    outcome = observatory.see(sighting, lambda _: None)
    if not isinstance(outcome, Seen):
        raise TypeError(f"{sighting} was not made: {outcome}")
    (seen,) = outcome.observations
    if not (isinstance(seen, Handshake) and seen.accepted):
        raise TypeError(seen.headline)
    return True


def _say(what: Mapping[str, float]) -> None:
    print(json.dumps(what), flush=True)  # noqa: T201 - it is how it answers


if __name__ == "__main__":
    main()
