"""What sentences about the managed block are about; without it they are inconclusive."""

from checks.hosts.blocks import Managed, find_blocks
from checks.hosts.file import HostsFileSeen
from checks.hosts.pins import NothingPinned
from config.hosts import Block
from fixtures.subjects import holders_of
from reports.verdicts import Inconclusive


def blocks_in(hosts_file: HostsFileSeen, block: Block) -> tuple[Managed, ...]:
    """Return the managed blocks that stand in the file; raises `Inconclusive` for none."""
    found = find_blocks(hosts_file.lines, block.marker)
    if not found:
        reason = f"{hosts_file.path} has no block '# {block.marker}'"
        raise _inconclusive(reason, hosts_file, block)
    return found


def pinned_names(hosts_file: HostsFileSeen, block: Block) -> frozenset[str]:
    """Return the profile's names that the blocks pin, in lower case.

    Raises `Inconclusive` for none.
    """
    pins = [pin for one in blocks_in(hosts_file, block) for pin in one.pins]
    names = {pin.name.lower() for pin in pins} & {name.lower() for name in block.names}
    if not names:
        reason = f"the block in {hosts_file.path} pins none of the profile's names"
        raise _inconclusive(reason, hosts_file, block)
    return frozenset(names)


def _inconclusive(reason: str, hosts_file: HostsFileSeen, block: Block) -> Inconclusive:
    nothing = NothingPinned(path=hosts_file.path, marker=block.marker, at=hosts_file.at)
    holders = holders_of((nothing,))
    return Inconclusive(reason, f"look at {' and '.join(holders)} first", held_by=holders)
