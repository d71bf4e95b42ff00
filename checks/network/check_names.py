"""The name resolves, to addresses that are its own."""

import pytest

from checks.wire.identity import NoWay, Stranger
from checks.wire.names import Address, Answer, NoAnswer
from fixtures.subjects import holds
from reports.verdicts import Inconclusive, NotApplicable, Remark, expected


@pytest.mark.smoke
@holds(NoAnswer)
def check_name_resolves(answer: Answer | NoAnswer) -> None:
    assert isinstance(answer, Answer), expected("an address", answer.headline)


@pytest.mark.smoke
@holds(Stranger)
def check_addresses_belong_to_the_name(
    addresses: tuple[Address | Stranger | NoWay, ...], remark: Remark
) -> None:
    strangers = [one.headline for one in addresses if isinstance(one, Stranger)]
    assert not strangers, expected("addresses that are the name's own", strangers)
    own = [one for one in addresses if isinstance(one, Address)]
    if not own:
        holder = "check_there_is_a_way_to_the_name"
        raise Inconclusive("no way to any address", f"look at {holder} first", held_by=(holder,))
    if all(one.known is None for one in own):
        raise NotApplicable(
            "the profile names no ranges for it; whose certificate answers there is the tls"
            " area's to judge"
        )
    for one in own:
        if one.known is False:
            remark(f"{one.address} lies outside the known ranges; it showed the name's identity")
