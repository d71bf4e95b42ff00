"""Whether tombstones were changed: each run that begins writes down their number and head."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from reports.sequence import AT_ONCE, instant
from reports.survey import Begun
from reports.tombstones import TOMBSTONES, Tombstones


def unlike_anchors(begun: Sequence[Begun], stones: Tombstones) -> Iterator[str]:
    """Compare the tombstones with what runs wrote down of them; tells what differs, in words."""
    lines = stones.chain.lines
    for one in sorted(begun, key=lambda one: one.known.began):
        if one.anchor is None:
            continue
        run, began = one.known.run, one.known.began
        count, head = one.anchor
        if stones.chain.wrong is not None and count > len(lines):
            return
        if count > len(lines):
            yield (
                f"{TOMBSTONES} line {len(lines) + 1}: it and what follows was cut off; it had"
                f" {count} lines when {run} began"
            )
            return
        if stones.head_after(count) != head:
            yield f"{TOMBSTONES} line {count}: it is not what it was when {run} began"
            return
        if count < len(lines) and _is_before(written := lines[count]["at"], began):
            yield (
                f"{TOMBSTONES} line {count + 1}: it says that it was written at {written}, and"
                f" was not there when {run} began, at {instant(began)}"
            )


def _is_before(written: str, began: datetime) -> bool:
    return datetime.fromisoformat(written).timestamp() < began.timestamp() - AT_ONCE
