"""The hosts file's lines: whether they are read, and say one thing."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from itertools import groupby

from checks.hosts.file import HostsFileMissing, HostsFileSeen
from checks.hosts.problems import Fault, problems_of
from config.hosts import HostsFile
from fixtures.subjects import holds
from fixtures.vantages.hosts_file import Line, Word, is_loopback
from reports.verdicts import Remark, expected

# Names that no public DNS gives: RFC 6761, RFC 6762, RFC 8375, and ICANN's reserved .internal.
_LOCAL = (
    "localhost",
    "localdomain",
    "local",
    "internal",
    "test",
    "invalid",
    "example",
    "home.arpa",
)


@holds(HostsFileMissing)
def check_file_is_there(hosts_file: HostsFileSeen | HostsFileMissing) -> None:
    there = isinstance(hosts_file, HostsFileSeen)
    assert there, expected(f"a hosts file at {hosts_file.path}", saw="none")


def check_every_line_is_read(hosts_file: HostsFileSeen, remark: Remark) -> None:
    for said in _problems(hosts_file, {"trailing-dot"}):
        remark(said)
    saw = _problems(hosts_file, {"address", "scope", "no-name", "name", "nul"})
    assert not saw, expected("lines of an address and names, as hosts(5) has them", saw=saw)


def check_encoding_is_plain(hosts_file: HostsFileSeen, remark: Remark) -> None:
    crlf = _problems(hosts_file, {"carriage-return"})
    if crlf:
        remark(f"{len(crlf)} lines end with CR LF, the first is {crlf[0]}")
    saw = _problems(hosts_file, {"byte-order-mark", "not-utf-8"})
    assert not saw, expected("plain UTF-8 without a byte order mark", saw=saw)


def check_last_line_ends_with_a_newline(hosts_file: HostsFileSeen) -> None:
    saw = _problems(hosts_file, {"no-newline"})
    assert not saw, expected(
        "a newline after the last line: what is appended would become a part of it, and glibc"
        " misreads the line if blanks stand before it",
        saw=saw,
    )


def check_no_name_is_given_twice(hosts_file: HostsFileSeen) -> None:
    saw = [
        f"{hosts_file.path}: {name} is given {address} on {_on(lines)}"
        for (name, address), lines in _by_name_and_address(hosts_file.lines)
        if len(lines) > 1
    ]
    assert not saw, expected("each name once for an address", saw=saw)


def check_no_name_has_two_addresses(hosts_file: HostsFileSeen) -> None:
    saw = []
    for name, found in groupby(_by_name_and_address(hosts_file.lines), lambda one: one[0][0]):
        given = [(address, lines) for (_, address), lines in found]
        for family in ("IPv4", "IPv6"):
            own = [(address, lines) for address, lines in given if lines[0].family == family]
            if len(own) > 1:
                pairs = "; ".join(f"{address} on {_on(lines)}" for address, lines in own)
                saw.append(f"{hosts_file.path}: {name} is given {pairs}")
    assert not saw, expected("one address of a family for each name", saw=saw)


def check_no_public_name_points_at_this_host(
    hosts_file: HostsFileSeen, expected_file: HostsFile
) -> None:
    saw = [
        f"{hosts_file.where(line)}: {word.text} points at this host"
        for line in hosts_file.lines
        if line.answers and is_loopback(line)
        for word in line.names
        if _is_public(word, hosts_file.hostname) and not _is_let(word, expected_file.loopback)
    ]
    assert not saw, expected("loopback for this host's own names only", saw=saw)


def _problems(hosts_file: HostsFileSeen, faults: set[Fault]) -> list[str]:
    return [
        f"{hosts_file.path}:{line.number}:{problem.column}: {problem.text}"
        for line in hosts_file.lines
        for problem in problems_of(line)
        if problem.fault in faults
    ]


def _by_name_and_address(lines: Iterable[Line]) -> list[tuple[tuple[str, str], list[Line]]]:
    found: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        if line.answers and line.address:
            for word in line.names:
                found.setdefault((word.text.lower(), line.address.text.lower()), []).append(line)
    return sorted(found.items(), key=lambda one: one[0])


def _on(lines: list[Line]) -> str:
    return " and ".join(f"line {line.number}" for line in lines)


def _is_public(word: Word, hostname: str | None) -> bool:
    name = word.text.lower().rstrip(".")
    own = (hostname or "").lower().partition(".")[0]
    local = any(name.endswith(f".{suffix}") for suffix in _LOCAL)
    return "." in name and not local and name.partition(".")[0] != own


def _is_let(word: Word, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(word.text.lower(), pattern.lower()) for pattern in patterns)
