"""What sentences about the managed block are about; without it they are inconclusive."""

from checks.hosts.blocks import Managed, find_blocks
from checks.hosts.file import HostsFileSeen
from config.hosts import Block
from reports.verdicts import Inconclusive

_HOLDER = "check_block_is_there_once"


def blocks_in(hosts_file: HostsFileSeen, block: Block) -> tuple[Managed, ...]:
    """Return the managed blocks that stand in the file; raises `Inconclusive` for none."""
    found = find_blocks(hosts_file.lines, block.marker)
    if not found:
        raise _inconclusive(f"{hosts_file.path} has no block '# {block.marker}'")
    return found


def pinned_names(hosts_file: HostsFileSeen, block: Block) -> frozenset[str]:
    """Return the profile's names that the blocks pin, in lower case.

    Raises `Inconclusive` for none.
    """
    pins = [pin for one in blocks_in(hosts_file, block) for pin in one.pins]
    names = {pin.name.lower() for pin in pins} & {name.lower() for name in block.names}
    if not names:
        raise _inconclusive(f"the block in {hosts_file.path} pins none of the profile's names")
    return frozenset(names)


def _inconclusive(reason: str) -> Inconclusive:
    return Inconclusive(reason, f"look at {_HOLDER} first", held_by=(_HOLDER,))
