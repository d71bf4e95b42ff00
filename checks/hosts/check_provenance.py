"""Where the hosts file comes from, and what became of it since."""

from checks.hosts.blocks import find_blocks
from checks.hosts.drift import drift
from checks.hosts.file import HostsFileMissing, HostsFileSeen
from config.hosts import Block, HostsFile
from config.model import Absent
from reports.verdicts import Inconclusive, NotApplicable, Remark, expected

_OTHERS_WRITE = 0o022


def check_file_belongs_to_its_owner(hosts_file: HostsFileSeen, expected_file: HostsFile) -> None:
    owner = expected_file.owner
    if isinstance(owner, Absent):
        raise NotApplicable(owner.absent)
    own = hosts_file.owner == owner
    assert own, expected(f"{hosts_file.path} to belong to {owner}", saw=hosts_file.headline)


def check_only_the_owner_writes_the_file(hosts_file: HostsFileSeen) -> None:
    guarded = hosts_file.mode & _OTHERS_WRITE == 0
    assert guarded, expected(
        f"no write permission on {hosts_file.path} for group and others", saw=hosts_file.headline
    )


def check_wsl_has_not_written_the_file_anew(
    hosts_file: HostsFileSeen, block: Block, remark: Remark
) -> None:
    header = hosts_file.header
    anew = header is not None and not find_blocks(hosts_file.lines, block.marker)
    saw = f"{hosts_file.where(header)}, and no block" if header else ""
    assert not anew, expected("a file that WSL has not generated since the block was made", saw=saw)
    if header is not None:
        remark(f"{hosts_file.where(header)}: the header stands there, and the block does too")


def check_file_is_unchanged_since_the_baseline(
    hosts_file: HostsFileSeen, baseline: HostsFileSeen | HostsFileMissing
) -> None:
    if isinstance(baseline, HostsFileMissing):
        raise Inconclusive(
            f"there was no {baseline.path} at {baseline.at:%Y-%m-%dT%H:%M:%SZ}, in the baseline",
            "name a run that saw the file",
        )
    saw = [str(difference) for difference in drift(baseline, hosts_file)]
    assert not saw, expected(
        f"{hosts_file.path} as it was at {baseline.at:%Y-%m-%dT%H:%M:%SZ}", saw=saw
    )
