"""An address that the hosts file gives is still the name's."""

from checks.wire.identity import StalePin, Stranger
from checks.wire.names import Address
from fixtures.subjects import holds
from reports.verdicts import NotApplicable, expected


@holds(StalePin)
def check_hosts_file_gives_current_addresses(
    addresses: tuple[Address | Stranger | StalePin, ...],
) -> None:
    if not any(isinstance(one, StalePin) or one.source == "hosts-file" for one in addresses):
        raise NotApplicable("the hosts file does not give this name")
    stale = [one.headline for one in addresses if isinstance(one, StalePin)]
    assert not stale, expected("every pinned address to show the name's trusted identity", stale)
