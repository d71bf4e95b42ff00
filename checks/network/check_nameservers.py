"""Each configured nameserver replies, over UDP and TCP, and agrees with the system."""

from ipaddress import ip_address, ip_network

from checks.wire.names import Answer
from checks.wire.nameservers import NoReply, Reply
from fixtures.subjects import holds
from reports.verdicts import Remark, expected


@holds(NoReply)
def check_nameservers_reply(replies: tuple[Reply | NoReply, ...]) -> None:
    silent = [one.headline for one in replies if isinstance(one, NoReply)]
    assert not silent, expected("a reply to every question, over UDP and TCP", silent)


def check_nameservers_know_the_name(
    replies: tuple[Reply, ...], answer: Answer, remark: Remark
) -> None:
    negative = [one.headline for one in replies if one.rcode != "NOERROR"]
    without = [
        f"{server} has no address for it"
        for server in dict.fromkeys(one.server for one in replies)
        if not any(one.addresses for one in replies if one.server == server)
    ]
    if answer.source == "hosts-file":
        for text in negative or without:
            remark(f"the hosts file answers; {text}")
        return
    assert not negative, expected("NOERROR from every nameserver", negative)
    assert not without, expected("an address from every nameserver", without)


def check_nameservers_agree_with_the_system(
    answer: Answer, replies: tuple[Reply, ...], known: tuple[str, ...], remark: Remark
) -> None:
    other = [one for one in replies if one.addresses and not {*one.addresses} & {*answer.addresses}]
    strange = [one for one in other if not _all_known(one.addresses, known)]
    system = ", ".join(answer.addresses)
    if answer.source == "hosts-file" or not known:
        for one in strange:
            remark(f"{one.headline}; the system says {system} ({answer.source})")
        return
    seen = [one.headline for one in strange]
    assert not strange, expected(f"the system's {system}, or addresses in the known ranges", seen)


def _all_known(addresses: tuple[str, ...], known: tuple[str, ...]) -> bool:
    networks = [ip_network(one) for one in known]
    return all(any(ip_address(address) in network for network in networks) for address in addresses)
