"""The first layer at which vantages differ, of observations made by hand."""

from dataclasses import replace
from typing import Any

import pytest

from checks.causes.differences import compare
from checks.wire.responses import Hop
from tests.checks import made
from tests.checks.causes.views import (
    CUT,
    ONE,
    OTHER,
    WHOLE,
    at,
    blind,
    both,
    facts,
    first,
    view,
)

PORTAL: Any = {"url": "https://portal.test/", "hops": (Hop(302, "https://portal.test/"),)}


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
    assert [*compare("a.test", [view("here", *WHOLE), view("there")])] == []


def test_a_vantage_that_could_not_look_is_told_beside_a_single_other() -> None:
    told = first(view("here", *WHOLE), blind("there", "ask_system"))
    nobody = first(blind("here", "connect", "it hangs"), blind("there", "ask_system"))

    assert (told.vantages, told.equal, told.layer) == (("here",), (), "")
    assert told.blind == ("there could not look: no such container",)
    assert not told.compared
    assert nobody.vantages == ()
    assert nobody.blind == ("here could not look: it hangs", *told.blind)


def test_the_issuer_is_told_of_a_chain_that_is_not_trusted_too() -> None:
    untrusted = made.untrusted()
    told = first(view("here", *WHOLE), view("there", *WHOLE[:3], untrusted))

    assert told.layer == "TLS"
    assert told.saw["here"].endswith("certificate issued by CN=An authority")
    assert "not trusted: " in told.saw["there"]
    assert told.saw["there"].endswith(f"; certificate issued by {untrusted.chain[0].issuer}")


def test_an_address_is_told_once() -> None:
    seen = (made.answer(ONE, OTHER), made.address(ONE), made.address(OTHER), *at(ONE), *at(OTHER))
    told = first(
        view("here", *seen), view("there", made.answer(ONE, OTHER), *map(made.no_way, (ONE, OTHER)))
    )

    assert told.layer == "route and MTU"
    for words in told.saw.values():
        assert (words.count(ONE), words.count(OTHER)) == (1, 1)
        assert f"way to {ONE}" in words


def test_what_was_compared_is_told_where_nothing_is_equal() -> None:
    seen, other = view("here", *WHOLE, facts=facts()), (made.no_answer(),)
    unknown = first(seen, view("there", *other))
    pinned = made.answer(OTHER, source="hosts-file")
    different = first(seen, view("there", pinned, *at(OTHER), facts=facts("127.0.0.11")))
    asked = first(seen, view("there", *other, facts=facts("127.0.0.11")))

    assert (unknown.layer, unknown.equal) == ("names", ())
    assert unknown.instead == "resolver configuration is not known of there"
    assert (different.layer, different.equal) == ("names", ())
    assert different.instead == "resolver configuration is different"
    assert (asked.layer, asked.instead) == (
        "resolver configuration",
        "nothing is compared before it",
    )
    assert first(seen, view("there", *other, facts=facts())).instead == ""


def test_how_large_packets_may_be_is_told_where_nothing_differs_by_it() -> None:
    def sized(size: int) -> Any:
        return (*WHOLE[:2], replace(made.connection(), segment_size=size), *WHOLE[3:])

    told = first(
        view("here", *sized(1448), facts=facts()),
        view("there", *sized(1348), facts=facts(mtu=1400)),
    )

    assert not told.differs
    assert told.sizes == ("MTU 1500 / 1400", "segments of 1448 / 1348 bytes")


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
    assert told.sizes == ("MTU 1420 / 1500",)
    assert told.below[-1] == "MTU 1420 / 1500"
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


def test_routes_that_cannot_be_read_are_passed_over() -> None:
    odd: dict[str, Any] = {
        "routes": ["", "no route", "10.0.0.0/99 dev x"],
        "interfaces": {"eth0": "many"},
    }
    told = first(
        view("here", *WHOLE, facts=odd),
        view("there", *WHOLE[:3], CUT, facts={"files": {"/etc/resolv.conf": "(no permission)"}}),
    )

    assert (told.layer, told.sizes, told.beside) == ("TLS", (), ())
