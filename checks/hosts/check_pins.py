"""The addresses that the managed block pins."""

from checks.hosts.file import HostsFileSeen
from checks.hosts.pins import PinServes
from checks.wire.identity import StalePin
from fixtures.subjects import holds
from reports.verdicts import expected


@holds(StalePin)
def check_every_pin_serves_its_name(
    pins: tuple[PinServes | StalePin, ...], hosts_file: HostsFileSeen
) -> None:
    saw = [_stale(pin, hosts_file) for pin in pins if isinstance(pin, StalePin)]
    assert not saw, expected("each pinned address to show its name's trusted identity", saw=saw)


def _stale(pin: StalePin, hosts_file: HostsFileSeen) -> str:
    numbers = [
        line.number
        for line in hosts_file.lines
        if line.gives(pin.host) and line.address and line.address.text == pin.address
    ]
    at = ":".join((hosts_file.path, *(str(number) for number in numbers[:1])))
    return f"{at}: {pin.host} is pinned to {pin.address}, which shows: {pin.showed.headline}"
