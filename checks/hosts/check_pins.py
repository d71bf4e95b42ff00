"""The addresses that the managed block pins."""

from checks.hosts.file import HostsFileSeen
from checks.hosts.pins import Bypass, PinServes
from checks.hosts.subject import pinned_names
from checks.wire.identity import StalePin
from config.hosts import Block
from fixtures.subjects import holds
from reports.verdicts import Remark, expected


@holds(StalePin)
def check_every_pin_serves_its_name(
    pins: tuple[PinServes | StalePin, ...], hosts_file: HostsFileSeen
) -> None:
    saw = [_stale(pin, hosts_file) for pin in pins if isinstance(pin, StalePin)]
    assert not saw, expected("each pinned address to show its name's trusted identity", saw=saw)


def check_what_answers_without_the_override_is_known(
    bypasses: tuple[Bypass, ...], hosts_file: HostsFileSeen, block: Block, remark: Remark
) -> None:
    pinned = pinned_names(hosts_file, block)
    judged = [bypass for bypass in bypasses if bypass.host.lower() in pinned]
    needless = ", ".join(bypass.host for bypass in judged if bypass.serving)
    if judged and all(bypass.serving for bypass in judged):
        remark(f"the override may be removed: without it DNS gives what serves {needless}")
    elif needless:
        remark(f"without the override DNS gives what serves {needless}; the others still need it")


def _stale(pin: StalePin, hosts_file: HostsFileSeen) -> str:
    numbers = [
        line.number
        for line in hosts_file.lines
        if line.gives(pin.host) and line.address and line.address.text == pin.address
    ]
    at = ":".join((hosts_file.path, *(str(number) for number in numbers[:1])))
    return f"{at}: {pin.host} is pinned to {pin.address}, which shows: {pin.showed.headline}"
