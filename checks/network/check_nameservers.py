"""Each configured nameserver replies, agrees with the system, and gives nothing forbidden."""

from ipaddress import ip_address

from checks.wire.identity import lies_in
from checks.wire.names import Answer
from checks.wire.nameservers import NoReply, Reply
from fixtures.subjects import holds
from reports.verdicts import NotApplicable, Remark, expected


@holds(NoReply)
def check_nameservers_reply(replies: tuple[Reply | NoReply, ...], remark: Remark) -> None:
    ways = dict.fromkeys(one.transport.upper() for one in replies)
    silent = [one.headline for one in replies if isinstance(one, NoReply)]
    assert not silent, expected(f"a reply to every question, over {' and '.join(ways)}", silent)
    if "UDP" not in ways:
        remark("asked over TCP alone: no datagrams can be sent from here")


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
    answer: Answer, replies: tuple[Reply, ...], known: tuple[str, ...]
) -> None:
    strange = [
        f"{one.server}/{one.transport} {one.question}: {', '.join(others)}"
        for one in replies
        if (others := _beside(answer, one.addresses, known))
    ]
    system = f"the system's {', '.join(answer.addresses)} ({answer.source})"
    told = f"{'; '.join(strange)}; beside {system}"
    if strange and answer.source == "hosts-file":
        raise NotApplicable(f"the hosts file answers, and nameservers may differ: {told}")
    if strange and not known:
        raise NotApplicable(f"the profile names no ranges, and nameservers may differ: {told}")
    assert not strange, expected(f"{system}, or addresses in the known ranges", strange)


def check_no_nameserver_gives_a_forbidden_address(
    replies: tuple[Reply, ...], answer: Answer, forbidden: tuple[str, ...]
) -> None:
    given = [
        f"{one.server}/{one.transport} {one.question}: {address}"
        for one in replies
        for address in one.addresses
        if lies_in(address, forbidden)
    ]
    if given and answer.source == "hosts-file":
        raise NotApplicable(f"the hosts file answers, and heals: {'; '.join(given)}")
    assert not given, expected(f"no address in {', '.join(forbidden)}", given)


def _beside(answer: Answer, addresses: tuple[str, ...], known: tuple[str, ...]) -> list[str]:
    """Return the addresses beside the system's and the known ones.

    Those of a family of which the system gives none are left out: where there is no
    IPv6, it does not ask for it.
    """
    system = {ip_address(one) for one in answer.addresses}
    families = {one.version for one in system}
    return [
        one
        for one in addresses
        if ip_address(one) not in system
        and ip_address(one).version in families
        and not lies_in(one, known)
    ]
