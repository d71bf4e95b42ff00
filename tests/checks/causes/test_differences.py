"""The first layer at which vantages differ, of observations made by hand."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from checks.causes.differences import compare
from checks.wire.identity import Stranger
from checks.wire.responses import Hop
from fixtures.comparing import Looked, View
from reports.comparisons import Comparison
from tests.checks import made

ONE, OTHER, THIRD = "192.0.2.1", "192.0.2.2", "192.0.2.3"
PROBES = {
    "Answer": "ask_system",
    "NoAnswer": "ask_system",
    "Address": "identify",
    "Stranger": "identify",
    "StalePin": "identify",
    "NoWay": "identify",
    "Reply": "ask_servers",
    "NoReply": "ask_servers",
    "Connection": "connect",
    "ConnectionRefusal": "connect",
    "Handshake": "shake_hands",
    "HandshakeRefusal": "shake_hands",
    "Attempt": "sample",
    "Response": "fetch",
    "HttpRefusal": "fetch",
    "Advertisement": "read_advertisement",
    "AdvertisementRefusal": "read_advertisement",
    "RefsListed": "list_refs",
    "RefsRefusal": "list_refs",
}


def view(name: str, *seen: Any, facts: Mapping[str, Any] | None = None) -> View:
    """Return what a vantage saw, each kind of observation by the probe that makes it."""
    by_probe: dict[str, list[Any]] = {}
    for one in seen:
        by_probe.setdefault(PROBES[type(one).__name__], []).append(one)
    looked = [
        Looked(f"{name}-{probe}", probe, "a.test", (*own,)) for probe, own in by_probe.items()
    ]
    return View(name, tuple(looked), facts or {})


def blind(name: str, probe: str, reason: str = "no such container") -> View:
    return View(name, (Looked(f"{name}-{probe}", probe, "a.test", (), reason),))


def both(*views: View) -> View:
    """Return one view of what several hold."""
    return replace(views[0], looked=tuple(one for part in views for one in part.looked))


def first(*views: View) -> Comparison:
    (told,) = compare("a.test", views)
    return told


def facts(nameserver: str = "192.0.2.53", mtu: int = 1500, *, order: str = "files dns") -> Any:
    files = {
        "/etc/resolv.conf": f"nameserver {nameserver}\n",
        "/etc/nsswitch.conf": f"hosts: {order}",
    }
    routes = ["0.0.0.0/0 via 10.0.0.1 dev eth0 metric 0", "10.0.0.0/8 dev br0 metric 0"]
    return {"files": files, "routes": routes, "interfaces": {"eth0": mtu, "br0": 9000}}


WHOLE = (made.answer(ONE), made.address(ONE), made.connection(), made.handshake(), made.response())
PORTAL: Any = {"url": "https://portal.test/", "hops": (Hop(302, "https://portal.test/"),)}
CUT = replace(made.handshake_refusal(), reason="closed", errors=("FIN",), sent=517)


def test_nothing_differs_where_all_saw_the_same() -> None:
    later = replace(made.handshake(), seconds=9.0, sent=1, cipher="other", connected_after=1.0)
    told = first(
        view("here", *WHOLE), view("there", *WHOLE[:3], later, made.response(body_bytes=9))
    )

    assert not told.differs
    assert told.vantages == ("here", "there")
    assert told.equal == ("names (192.0.2.1, DNS)", "TCP", "TLS", "HTTP")


def test_one_vantage_is_not_compared() -> None:
    assert [*compare("a.test", [view("here", *WHOLE)])] == []
    assert [*compare("a.test", [view("here", *WHOLE), blind("there", "ask_system")])] == []


def test_the_first_layer_is_named_with_what_is_equal_before_it() -> None:
    told = first(
        view("host", *WHOLE, facts=facts(mtu=1420)),
        view("runner", *WHOLE[:3], CUT, facts=facts("127.0.0.11")),
    )

    assert told.layer == "TLS"
    assert told.equal == ("names (192.0.2.1, DNS)", "TCP")
    assert told.saw == {
        "host": "completed TLSv1.3, certificate issued by CN=An authority",
        "runner": "connection closed (FIN) after client-hello, 0 bytes received, 517 bytes sent",
    }
    assert told.beside == ("MTU 1420 / 1500",)
    assert {"host-shake_hands", "runner-shake_hands"} <= {*told.sightings}


@pytest.mark.parametrize(
    ("layer", "seen"),
    [
        ("names", (made.no_answer(),)),
        ("route and MTU", (made.answer(ONE), made.no_way(ONE))),
        ("TCP", (made.answer(ONE), made.address(ONE), made.connection_refusal())),
        ("TLS", (*WHOLE[:3], made.handshake_refusal())),
        ("TLS", (*WHOLE[:3], made.untrusted())),
        ("TLS", (*WHOLE[:3], made.handshake(protocol="TLSv1.2"))),
        ("TLS", (*WHOLE, made.attempt(1), made.attempt(2, made.handshake_refusal()))),
        ("HTTP", (*WHOLE[:4], made.response(403))),
        ("HTTP", (*WHOLE[:4], made.response(**PORTAL))),
        ("HTTP", (*WHOLE[:4], made.http_refusal())),
    ],
)
def test_each_layer(layer: str, seen: tuple[Any, ...]) -> None:
    told = first(view("here", *WHOLE), view("there", *seen))

    assert told.layer == layer
    assert [*told.saw] == ["here", "there"]
    assert told.saw["here"] != told.saw["there"]
    assert first(view("there", *seen), view("here", *WHOLE)).layer == layer


@pytest.mark.parametrize(
    ("seen", "other"),
    [
        (made.advertisement(), made.advertisement_refusal()),
        (made.refs(), made.refs_refusal()),
        (made.refs(), made.refs(0)),
    ],
)
def test_git_is_the_last_layer(seen: Any, other: Any) -> None:
    told = first(view("here", *WHOLE, seen), view("there", *WHOLE, other))

    assert told.layer == "git"
    assert told.equal[-1] == "HTTP"


def test_a_lower_layer_may_break_while_a_higher_one_is_looked_at() -> None:
    there = view("there", *WHOLE[:4], replace(made.connection_refusal(), reason="reset"))
    fetched = replace(there.looked[-1], probe="fetch")
    there = replace(there, looked=(*there.looked[:-1], fetched))

    assert first(view("here", *WHOLE), there).layer == "TCP"


def test_how_names_are_resolved_is_first_where_the_names_differ_by_it() -> None:
    here = view("here", *WHOLE, facts=facts())
    hijacked = (made.answer("11.2.0.12"), made.stranger())
    there = view("there", *hijacked, facts=facts("192.0.2.99"))
    told = first(here, there)

    assert told.layer == "resolver configuration"
    assert told.saw["here"].startswith("asks 192.0.2.53; 192.0.2.1, DNS")
    assert told.saw["there"].startswith("asks 192.0.2.99; 11.2.0.12, DNS; 11.2.0.12 for a.test")
    same = first(here, view("there", *hijacked, facts=facts()))
    assert (same.layer, same.equal) == ("names", ("resolver configuration",))
    pinned = (made.answer("11.2.0.12", source="hosts-file"), made.stale_pin())
    assert first(here, view("there", *pinned, facts=facts("192.0.2.99"))).layer == "names"


def test_a_configuration_alone_is_no_difference() -> None:
    told = first(
        view("here", *WHOLE, facts=facts(mtu=1420)),
        view("there", *WHOLE, facts=facts("127.0.0.11", order="dns files")),
    )

    assert not told.differs
    assert told.equal == ("names (192.0.2.1, DNS)", "TCP", "TLS", "HTTP")


def test_equal_configurations_are_told() -> None:
    told = first(view("here", *WHOLE, facts=facts()), view("there", *WHOLE, facts=facts()))

    assert told.equal[:3] == (
        "resolver configuration",
        "names (192.0.2.1, DNS)",
        "route and MTU (1500)",
    )


def at(address: str) -> tuple[Any, ...]:
    """Return what is seen of one whole address, and connected there."""
    return (
        made.address(address, known=None),
        replace(made.connection(), address=address),
        made.handshake(address=address),
        made.response(address=address),
    )


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ([ONE, OTHER], [OTHER, ONE]),
        ([ONE, OTHER], [OTHER, THIRD]),
        ([ONE], [OTHER]),
    ],
    ids=["order", "overlap", "nothing in common"],
)
def test_other_addresses_that_serve_the_name_are_no_difference(
    here: list[str], there: list[str]
) -> None:
    told = first(
        view("here", made.answer(*here), *(one for each in here for one in at(each))),
        view("there", made.answer(*there), *(one for each in there for one in at(each))),
    )

    assert not told.differs
    assert bool(told.beside) == ({*here} != {*there})


def test_an_address_that_one_was_given_and_that_serves_worse_is_a_difference() -> None:
    refused = replace(made.connection_refusal(), address=OTHER)
    there = view("there", made.answer(ONE, OTHER), *at(ONE), made.address(OTHER), refused)
    told = first(view("here", made.answer(ONE), *at(ONE)), there)

    assert told.layer == "names"
    assert told.saw["there"] == "192.0.2.1, 192.0.2.2, DNS; 192.0.2.2: refused (ECONNREFUSED)"


def test_other_addresses_of_another_issuer_are_a_difference() -> None:
    between = replace(made.certificate(), issuer="CN=A proxy")
    seen = (made.address(OTHER), made.handshake(address=OTHER, chain=(between,)))
    told = first(view("here", made.answer(ONE), *at(ONE)), view("there", made.answer(OTHER), *seen))

    assert told.layer == "names"
    assert told.saw["there"] == "192.0.2.2, DNS; certificate issued by CN=A proxy"


def test_addresses_of_which_nothing_is_known_are_a_difference() -> None:
    assert first(view("here", made.answer(ONE)), view("there", made.answer(OTHER))).differs


def test_a_pin_beside_other_addresses_is_a_difference() -> None:
    pinned = view("there", made.answer(OTHER, source="hosts-file"), *at(OTHER))
    told = first(view("here", made.answer(ONE), *at(ONE)), pinned)

    assert told.layer == "names"
    assert told.saw["there"].startswith("192.0.2.2, hosts file")
    same = view("there", made.answer(ONE, source="hosts-file"), *at(ONE))
    assert not first(view("here", made.answer(ONE), *at(ONE)), same).differs


def test_an_address_without_a_way_beside_another_is_no_difference() -> None:
    there = view("there", made.answer(ONE, "2001:db8::1"), *at(ONE), made.no_way())
    told = first(view("here", made.answer(ONE), *at(ONE)), there)

    assert not told.differs
    assert "there has no way to 2001:db8::1 (ENETUNREACH: Network is unreachable)" in told.beside


def test_a_stranger_at_the_same_address_differs_by_what_it_showed() -> None:
    shown = Stranger(
        host="a.test", address=ONE, source="dns", forbidden=False, showed=CUT, at=made.NOW
    )
    here = view("here", made.answer(ONE), made.address(ONE, known=False))

    assert first(here, view("there", made.answer(ONE), shown)).layer == "TLS"


def test_what_a_relay_cannot_tell_is_no_difference() -> None:
    refused = made.handshake_refusal()
    unsure = replace(
        refused, reason="closed", errors=("FIN (ssh does not tell an RST from a FIN)",)
    )
    silent = replace(refused, reason="silent", errors=("nothing came", "nc tells nothing"))

    for doubted in (unsure, silent):
        there = view("there", *WHOLE[:3], doubted)
        assert not first(view("here", *WHOLE[:3], refused), there).differs
    sure = replace(refused, reason="closed", errors=("FIN",))
    assert first(view("here", *WHOLE[:3], refused), view("there", *WHOLE[:3], sure)).differs


def test_after_redirects_an_answer_belongs_to_the_address_that_was_asked() -> None:
    here = view("here", *WHOLE[:4], made.response(address="198.51.100.1"))
    there = view("there", *WHOLE[:4], made.response(502, address="198.51.100.2"))

    assert first(here, there).layer == "HTTP"


def test_what_could_not_be_looked_at_is_no_difference() -> None:
    there = both(view("there", *WHOLE[:3]), blind("there", "shake_hands", "it hangs"))
    told = first(view("here", *WHOLE), there, blind("gone", "ask_system"))

    assert not told.differs
    assert told.vantages == ("here", "there")
    assert told.unseen == ("there did not look at TLS: it hangs",)
    assert told.blind == ("gone could not look: no such container",)


def test_those_that_agree_are_compared_further() -> None:
    seen = [
        view("here", *WHOLE),
        view("cut", *WHOLE[:3], CUT),
        view("barred", *WHOLE[:4], made.response(403)),
    ]
    tls, http = compare("a.test", seen)

    assert (tls.layer, tls.vantages) == ("TLS", ("here", "cut", "barred"))
    assert (http.layer, http.vantages) == ("HTTP", ("here", "barred"))


def test_nameservers_count_where_nothing_else_differs() -> None:
    here = view("here", *WHOLE, made.reply(ONE))
    there = view("there", *WHOLE, made.no_reply())
    told = first(here, there)

    assert told.layer == "names"
    assert told.saw["there"] == "nameservers, A over UDP: no reply (timeout)"
    assert first(here, view("there", *WHOLE[:3], CUT, made.no_reply())).layer == "TLS"
    assert not first(here, view("there", *WHOLE, made.reply(THIRD, server="192.0.2.99"))).differs


def test_routes_that_cannot_be_read_are_passed_over() -> None:
    odd: dict[str, Any] = {
        "routes": ["", "no route", "10.0.0.0/99 dev x"],
        "interfaces": {"eth0": "many"},
    }
    told = first(
        view("here", *WHOLE, facts=odd),
        view("there", *WHOLE[:3], CUT, facts={"files": {"/etc/resolv.conf": "(no permission)"}}),
    )

    assert (told.layer, told.beside) == ("TLS", ())
