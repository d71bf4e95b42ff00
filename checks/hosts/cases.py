"""What is looked at of hosts files, and judged."""

from collections.abc import Iterator
from typing import Any

from checks.hosts.file import read_hosts_file
from checks.hosts.pins import Pinned, examine_pins, look_past_pin
from checks.hosts.rollback import BackupOf, read_backup, rehearse_rollback
from checks.hosts.settings import read_nsswitch, read_wsl_conf
from checks.wire.connections import Peer
from checks.wire.endpoints import answer_for, replies_for, vantages_for
from config.endpoints import Endpoint
from config.hosts import Block
from config.model import Absent
from config.schema import Profile
from fixtures.sightings import Baseline, Case, Sighting


def cases(profile: Profile) -> Iterator[Case]:
    """Make a case of the hosts file at each of its vantages."""
    if isinstance(profile.hosts, Absent):
        yield Case("hosts", "profile", absent=profile.hosts)
        return
    for vantage in vantages_for(profile, profile.hosts.vantages):
        yield Case(str(profile.hosts), vantage, _arguments(profile, vantage))


def _arguments(profile: Profile, vantage: str) -> dict[str, Any]:
    hosts = profile.hosts
    if isinstance(hosts, Absent):
        return {}
    file = Sighting(read_hosts_file, hosts.path, vantage)
    judged: dict[str, Any] = {
        "expected_file": hosts,
        "hosts_file": file,
        "baseline": Baseline(file),
        "wsl_conf": Sighting(read_wsl_conf, hosts.wsl_conf, vantage),
        "nsswitch": Sighting(read_nsswitch, hosts.nsswitch, vantage),
        "block": hosts.block,
    }
    if isinstance(hosts.block, Absent):
        needing = ("answers", "pins", "bypasses", "backups", "rehearsal")
        return judged | dict.fromkeys(needing, hosts.block)
    return judged | _of_block(profile, hosts.block, file)


def _of_block(profile: Profile, block: Block, file: Sighting) -> dict[str, Any]:
    vantage = file.vantage
    pinned = Pinned(file.target, block.marker, block.port)
    return {
        "answers": tuple(answer_for(profile, Endpoint(host=name), vantage) for name in block.names),
        "pins": Sighting(
            examine_pins, pinned, vantage, needs=(file,), deadline=profile.deadlines.tls
        ),
        "bypasses": _bypasses(profile, block, vantage),
        **_of_backup(block, file),
    }


def _bypasses(profile: Profile, block: Block, vantage: str) -> tuple[Sighting, ...]:
    """Look past each pin; where no nameservers are to be asked there is nothing to look at."""
    found = []
    for name in block.names:
        endpoint = Endpoint(host=name, port=block.port)
        replies = replies_for(profile, endpoint, vantage)
        if isinstance(replies, Absent):
            return ()
        peer, limit = Peer(name, block.port), profile.deadlines.tls
        found.append(Sighting(look_past_pin, peer, vantage, needs=(replies,), deadline=limit))
    return tuple(found)


def _of_backup(block: Block, file: Sighting) -> dict[str, Any]:
    if isinstance(block.backup, Absent):
        return {"backups": block.backup, "rehearsal": block.backup}
    backup = BackupOf(file.target, block.marker, block.backup)
    kept = Sighting(read_backup, backup, file.vantage, needs=(file,))
    return {
        "backups": kept,
        "rehearsal": Sighting(rehearse_rollback, backup, file.vantage, needs=(file, kept)),
    }
