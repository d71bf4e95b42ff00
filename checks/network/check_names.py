"""The name resolves, to addresses that are its own."""

import pytest

from checks.wire.identity import Stranger
from checks.wire.names import Address, Answer, NoAnswer
from fixtures.subjects import holds
from reports.verdicts import Remark, expected


@pytest.mark.smoke
@holds(NoAnswer)
def check_name_resolves(answer: Answer | NoAnswer) -> None:
    assert isinstance(answer, Answer), expected("an address", answer.headline)


@pytest.mark.smoke
@holds(Stranger)
def check_addresses_belong_to_the_name(
    addresses: tuple[Address | Stranger, ...], remark: Remark
) -> None:
    strangers = [one.headline for one in addresses if isinstance(one, Stranger)]
    assert not strangers, expected("addresses that are the name's own", strangers)
    for one in addresses:
        if isinstance(one, Address) and not one.known:
            remark(f"{one.address} lies outside the known ranges; it showed the name's identity")
