"""Whether the resolver asks the hosts file, and before DNS."""

from collections.abc import Sequence
from ipaddress import ip_address

from checks.hosts.file import HostsFileSeen
from checks.hosts.pins import Bypass
from checks.hosts.settings import NsswitchMissing, NsswitchSeen
from checks.hosts.subject import pinned_names
from checks.wire.names import Answer, NoAnswer
from config.hosts import Block
from fixtures.vantages.hosts_file import look_up
from fixtures.vantages.nsswitch import Step, files_come_first
from reports.verdicts import NotApplicable, Remark, expected


def check_files_stand_before_dns(nsswitch: NsswitchSeen | NsswitchMissing, remark: Remark) -> None:
    if isinstance(nsswitch, NsswitchMissing):
        raise NotApplicable(f"{nsswitch.headline}: the C library's own order holds")
    orders = nsswitch.orders
    saw = [f"{nsswitch.path}:{number}: {_say(steps)}" for number, steps in orders]
    right = len(orders) == 1 and files_come_first(orders[0][1])
    assert right, expected("one line `hosts:` with files before dns", saw=saw or "no such line")
    before = [step.source for step in orders[0][1]]
    if "resolve" in before[: before.index("files")]:
        remark("systemd-resolved is asked before files; it reads the hosts file, if ReadEtcHosts")


def check_pinned_names_are_answered_by_the_file(
    answers: tuple[Answer | NoAnswer, ...],
    bypasses: tuple[Bypass, ...],
    hosts_file: HostsFileSeen,
    block: Block,
    remark: Remark,
) -> None:
    pinned = pinned_names(hosts_file, block)
    judged = [answer for answer in answers if answer.name.lower() in pinned]
    saw = [said for answer in judged if (said := _elsewhere(answer, hosts_file))]
    assert not saw, expected("the resolver's answers to come from the hosts file", saw=saw)
    if said := _needless([bypass for bypass in bypasses if bypass.host.lower() in pinned]):
        remark(said)


def _elsewhere(answer: Answer | NoAnswer, hosts_file: HostsFileSeen) -> str | None:
    lines = hosts_file.lines
    found = (*look_up(lines, answer.name, "IPv4"), *look_up(lines, answer.name, "IPv6"))
    given = ", ".join(f"{address} on line {line.number}" for line, address in found)
    if isinstance(answer, NoAnswer):
        return f"{answer.name}: {answer.code}, and {hosts_file.path} gives {given}"
    ours = {ip_address(address) for _, address in found}
    if all(ip_address(address) in ours for address in answer.addresses):
        return None
    seen = ", ".join(answer.addresses)
    return f"{answer.name}: {seen} from {answer.source}, and {hosts_file.path} gives {given}"


def _needless(bypasses: Sequence[Bypass]) -> str | None:
    """Say for which names the override is not needed any more."""
    names = ", ".join(bypass.host for bypass in bypasses if bypass.serving)
    if not names:
        return None
    if all(bypass.serving for bypass in bypasses):
        return f"the override may be removed: without it DNS gives what serves {names}"
    return f"without the override DNS gives what serves {names}; the others still need it"


def _say(steps: tuple[Step, ...]) -> str:
    words = (" ".join((step.source, *(f"[{action}]" for action in step.actions))) for step in steps)
    return "hosts: " + " ".join(words)
