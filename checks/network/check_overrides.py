"""An address that the hosts file gives is still the name's."""

from checks.wire.identity import NoWay, StalePin, Stranger
from checks.wire.names import Address
from fixtures.subjects import holds
from reports.verdicts import Inconclusive, NotApplicable, expected


@holds(StalePin)
def check_hosts_file_gives_current_addresses(
    addresses: tuple[Address | Stranger | StalePin | NoWay, ...],
) -> None:
    pinned = [one for one in addresses if isinstance(one, StalePin) or one.source == "hosts-file"]
    if not pinned:
        raise NotApplicable("the hosts file does not give this name")
    stale = [one.headline for one in pinned if isinstance(one, StalePin)]
    wanted = "every pinned address to lie in the known ranges, or to show the name's identity"
    assert not stale, expected(wanted, stale)
    if all(isinstance(one, NoWay) for one in pinned):
        holder = "check_there_is_a_way_to_the_name"
        raise Inconclusive("no way to any pin", f"look at {holder} first", held_by=(holder,))
