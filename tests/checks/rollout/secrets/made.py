"""Lists of Secrets made by hand."""

from fixtures.clusters import Listing
from tests.checks.made import NOW


def listing() -> Listing:
    return Listing(
        cluster="g14",
        of="secrets",
        namespaces=("a",),
        listed=1,
        resource_version="1",
        asked=(),
        at=NOW,
    )
