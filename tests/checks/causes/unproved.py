"""What resembles a cause and proves none, and what is well."""

from dataclasses import replace
from typing import Any

from checks.wire.ladder import RUNGS
from fixtures.diagnosing import Facts
from tests.checks import made
from tests.checks.causes.shown import (
    BLOCK,
    BUSY,
    ELSEWHERE,
    FORBIDDEN,
    GIVEN,
    INSPECTED,
    ISSUERS,
    NARROW,
    OTHER,
    POSTED,
    REPLIED,
    RST,
    SENT_ALONE,
    SILENT,
    STOOD,
    WSL,
    asked,
    asked_plainly,
    beside,
    by_proxy,
    bypass,
    climbed,
    coded,
    cut,
    dated,
    ended,
    facts,
    http_refused,
    interfaces,
    others,
    refused,
    signed_by,
    silent,
    stranger,
    trusting,
)
from tests.checks.hosts import files

UNPROVED: list[tuple[str, Facts]] = [
    ("silence, and nothing else was tried", facts(SILENT)),
    ("silence, and then not", facts(SILENT, around=others(SILENT, "again", "small-hello"))),
    (
        "silence, and then not, nor by segments of any size",
        facts(SILENT, around=(*others(SILENT, "again"), climbed(*NARROW))),
    ),
    (
        "a small ClientHello passes, and segments of any size pass and stall",
        facts(SILENT, around=(*others(SILENT, "small-hello"), climbed(536, 1240))),
    ),
    (
        "outside, of another issuer, and a trusted resolver gives it too",
        facts(stranger(made.untrusted(), forbidden=False), around=(trusting("11.2.0.12"),)),
    ),
    ("silence in the body, and nothing else was tried", facts(http_refused("stalled"))),
    ("a stale pin, and DNS does not serve either", facts(made.stale_pin(), around=(bypass(),))),
    ("a stale pin, and nobody looked past it", facts(made.stale_pin())),
    ("a stale pin, and DNS gives the same", facts(made.stale_pin(), around=(bypass("192.0.2.9"),))),
    ("WSL's header, and the block", facts(files.hosts(WSL + files.PINS), given=BLOCK)),
    ("no block, and WSL did not write", facts(files.hosts(files.PLAIN), given=BLOCK)),
    (
        "WSL's header, no block, and nothing that says there was one",
        facts(
            files.hosts(WSL),
            around=(files.wsl("[network]\ngenerateHosts=false\n"),),
            given=BLOCK,
        ),
    ),
    (
        "the file answers here too",
        facts(
            refused("other"),
            around=(made.answer("192.0.2.1", source="hosts-file"),),
            elsewhere=(made.answer("192.0.2.1", source="hosts-file"),),
        ),
    ),
    ("no answer, and nameservers were not asked", facts(made.no_answer())),
    (
        "no answer, and a nameserver that fails beside one that answers",
        facts(made.no_answer(), around=(coded("SERVFAIL"), REPLIED)),
    ),
    ("a nameserver that talks nonsense", facts(replace(silent(), reason="malformed"))),
    ("forbidden, and the name's own", facts(stranger(made.handshake(), forbidden=True))),
    ("forbidden, and nobody looked", facts(stranger(None, forbidden=True))),
    ("outside, and nobody there", facts(stranger(made.connection_refusal(), forbidden=False))),
    ("outside, and merely ended", facts(stranger(ended(), forbidden=False))),
    (
        "outside, nobody there, and a trusted resolver gives it too",
        facts(
            stranger(made.connection_refusal(), forbidden=False),
            around=(trusting("192.0.2.1"), trusting("192.0.2.1", "11.2.0.12")),
        ),
    ),
    (
        "outside, nobody there, and trusted resolvers know none of its family",
        facts(
            stranger(made.connection_refusal(), forbidden=False),
            around=(
                trusting("2001:db8::1", question="AAAA"),
                trusting(rcode="NXDOMAIN"),
                asked_plainly("192.0.2.1"),
            ),
        ),
    ),
    (
        "outside, merely ended, and others are given over TLS",
        facts(stranger(ended(), forbidden=False), around=(trusting("192.0.2.1"),)),
    ),
    (
        "outside, shows the name's identity, and others are given over TLS",
        facts(stranger(made.handshake(), forbidden=True), around=(trusting("192.0.2.1"),)),
    ),
    (
        "a stranger that the hosts file gives",
        facts(replace(stranger(made.untrusted(), forbidden=True), source="hosts-file")),
    ),
    ("a way to one address of two", facts(made.no_way(), made.address())),
    ("another error of the socket", facts(refused("other"))),
    ("reset, and nobody tried another name", facts(RST)),
    ("reset, whatever the name", facts(RST, around=others(RST))),
    ("reset, and then not", facts(RST, around=others(RST, "again", "other-name"))),
    (
        "reset, and a small ClientHello is not",
        facts(RST, around=others(RST, "other-name", "small-hello")),
    ),
    (
        "broken TLS, and a ladder beside it",
        facts(cut("protocol"), around=(climbed(*NARROW), interfaces("here", 1500))),
    ),
    (
        "nothing before the headers, and no ascent of sizes",
        facts(
            http_refused("stalled", "headers"),
            around=(climbed(*NARROW, 1460, what="body"),),
        ),
    ),
    ("broken TLS", facts(cut("protocol"))),
    ("an issuer that could be had, and nobody has", facts(SENT_ALONE)),
    ("one of the issuers that the profile names", facts(ELSEWHERE, given=ISSUERS)),
    (
        "another issuer elsewhere, and the same key",
        facts(
            made.handshake(chain=(signed_by("O=Public Limited, renewed", spki_sha256="9" * 64),)),
            elsewhere=(ELSEWHERE,),
            given=ISSUERS,
        ),
    ),
    (
        "another issuer elsewhere, and nobody trusts it there",
        facts(INSPECTED, elsewhere=(SENT_ALONE,)),
    ),
    (
        "one clock that differs",
        facts(made.response(clock_offset=-300.0), given=GIVEN),
    ),
    (
        "clocks that differ from each other",
        facts(
            made.response(clock_offset=-300.0),
            look_beside=beside(made.response(url="https://b.test/", clock_offset=300.0)),
            given=GIVEN,
        ),
    ),
    ("reset before the headers", facts(http_refused("reset", "headers"), given=GIVEN)),
    ("another status, and nothing else tried", facts(made.response(404), given=GIVEN)),
    (
        "another status, whatever is asked",
        facts(
            FORBIDDEN,
            around=(asked("again", FORBIDDEN), asked("other-user-agent", FORBIDDEN)),
            given=GIVEN,
        ),
    ),
    (
        "refused once, and then to nobody",
        facts(
            FORBIDDEN,
            around=(
                asked("again", made.response()),
                asked("other-user-agent", made.response()),
            ),
            given=GIVEN,
        ),
    ),
    (
        "the service itself takes no POST",
        facts(
            made.response(405),
            around=(
                asked("again", made.response(405), "POST"),
                asked("get", made.response(), "POST"),
            ),
            given=POSTED,
        ),
    ),
    ("git broke elsewhere", facts(made.refs_refusal())),
    (
        "git broke, and the proxy lets through",
        facts(made.refs_refusal(), around=(by_proxy(200, made.handshake(), made.handshake()),)),
    ),
    (
        "git broke, and the proxy is not there",
        facts(made.refs_refusal(), around=(by_proxy(None, made.handshake(), refused("refused")),)),
    ),
    (
        "git broke, and nobody reaches the service",
        facts(made.refs_refusal(), around=(by_proxy(502, refused("timeout")),)),
    ),
    (
        "another status directly, and a proxy that asks beside it",
        facts(made.response(404), around=(by_proxy(407, made.response(404)),), given=GIVEN),
    ),
    (
        "failing everywhere but through the proxy",
        facts(
            BUSY,
            around=(by_proxy(200, BUSY, made.response()),),
            elsewhere=(BUSY,),
            given=GIVEN,
        ),
    ),
    ("failing here, not elsewhere", facts(BUSY, elsewhere=(made.response(),), given=GIVEN)),
    ("failing here, and nobody looked elsewhere", facts(BUSY, given=GIVEN)),
]
"""What resembles a cause, and proves none."""

HEALTHY: tuple[Any, ...] = (
    made.answer("192.0.2.1"),
    made.address(),
    made.address(known=None, source="hosts-file"),
    REPLIED,
    made.connection(),
    made.handshake(),
    STOOD,
    made.attempt(1),
    made.response(),
    made.response(404, url="https://a.test/absent"),
    made.advertisement(),
    made.refs(),
    bypass(OTHER),
    files.hosts(files.WHOLE),
    files.wsl("[network]\ngenerateHosts=false\n"),
    dated("a.test", 0.3),
    dated("b.test", -0.2),
    *others(made.handshake(), "again", "other-name", "small-hello", "tls-1.2"),
    asked("again", made.response()),
    asked("other-user-agent", made.response()),
    trusting("192.0.2.1"),
    asked_plainly("192.0.2.1"),
    climbed(*RUNGS),
    interfaces("here", 1500),
    by_proxy(200, made.response(), made.response()),
)
