"""The managed block of the hosts file."""

from checks.hosts.blocks import find_blocks, read_stamp
from checks.hosts.file import HostsFileSeen
from checks.hosts.pins import NothingPinned
from checks.hosts.subject import blocks_in
from config.hosts import Block
from fixtures.subjects import holds
from reports.verdicts import Remark, expected


@holds(NothingPinned)
def check_block_is_there_once(hosts_file: HostsFileSeen, block: Block) -> None:
    found = find_blocks(hosts_file.lines, block.marker)
    saw = [hosts_file.where(one.opening) for one in found] or [f"none in {hosts_file.path}"]
    assert len(found) == 1, expected(f"exactly one block '# {block.marker}'", saw=saw)


def check_block_is_well_formed(hosts_file: HostsFileSeen, block: Block) -> None:
    found = blocks_in(hosts_file, block)
    saw = [
        f"{hosts_file.where(one.opening)}: {one.stamp!r} is not a UTC time"
        for one in found
        if "{stamp}" in block.marker and read_stamp(one.stamp) is None
    ]
    saw += [
        f"{hosts_file.where(line)}: the resolver does not read it"
        for one in found
        for line in one.entries
        if not line.answers
    ]
    assert not saw, expected("a block with its UTC time, of lines that the resolver reads", saw=saw)


def check_block_pins_every_name(hosts_file: HostsFileSeen, block: Block, remark: Remark) -> None:
    pins = [pin for one in blocks_in(hosts_file, block) for pin in one.pins]
    pinned = {pin.name.lower() for pin in pins}
    missing = [name for name in block.names if name.lower() not in pinned]
    asked = {name.lower() for name in block.names}
    for pin in pins:
        if pin.name.lower() not in asked:
            remark(
                f"{hosts_file.path}:{pin.number} pins {pin.name}, which the profile does not name"
            )
    assert not missing, expected(
        "each of the profile's names in the block",
        saw=[f"{name} is not in the block of {hosts_file.path}" for name in missing],
    )


def check_no_other_line_answers_for_the_names(hosts_file: HostsFileSeen, block: Block) -> None:
    found = find_blocks(hosts_file.lines, block.marker)
    managed = {number for one in found for number in one.numbers}
    first = min(managed, default=None)
    saw = [
        f"{hosts_file.where(line)}: {_effect(line.number, first)}"
        for line in hosts_file.lines
        if line.number not in managed and any(line.gives(name) for name in block.names)
    ]
    assert not saw, expected("no line but the block's to answer for its names", saw=saw)


def _effect(number: int, first: int | None) -> str:
    if first is None:
        return "it answers, and there is no block"
    if number < first:
        return f"it stands before the block (line {first}) and wins over it"
    return f"the block (line {first}) wins over it, unless /etc/host.conf says `multi on`"
