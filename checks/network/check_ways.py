"""There is a way to the name's addresses from here."""

import pytest

from checks.wire.identity import NoWay, StalePin, Stranger
from checks.wire.names import Address
from fixtures.subjects import holds
from reports.verdicts import Remark, expected


@pytest.mark.smoke
@holds(NoWay)
def check_there_is_a_way_to_the_name(
    addresses: tuple[Address | Stranger | StalePin | NoWay, ...], remark: Remark
) -> None:
    without = [one.headline for one in addresses if isinstance(one, NoWay)]
    assert len(without) < len(addresses), expected("a way to at least one address", without)
    for text in without:
        remark(f"{text}; it is not looked at")
