"""Label sets that were retired, and what stands on their stones."""

from collections.abc import Iterable, Iterator

from checks.wire.placing import lower
from config.labels import Retired


def buried(labels: Iterable[str], retired: Iterable[Retired]) -> Iterator[str]:
    """Cite the stone of every retired set that is among the labels, in any order and case.

    Of sets within each other, the largest speaks for those that it holds.
    """
    there = lower(labels)
    hits = [one for one in retired if lower(one.labels) <= there]
    for hit in hits:
        if not any(lower(hit.labels) < lower(other.labels) for other in hits):
            yield f"[{hit}] was {hit.tombstone}"
