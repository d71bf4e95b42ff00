"""What proves a cause by trusted resolvers, by segments of several sizes, and by proxies."""

from checks.causes.vocabulary import Cause
from fixtures.diagnosing import Facts
from tests.checks import made
from tests.checks.causes.shown import (
    GIVEN,
    NARROW,
    NOT_CLIMBED,
    OTHER,
    SILENT,
    asked,
    asked_plainly,
    by_proxy,
    climbed,
    coded,
    cut,
    facts,
    http_refused,
    interfaces,
    others,
    refused,
    stranger,
    trusting,
)

SEVERAL: list[tuple[list[Cause], Facts]] = [
    (
        [Cause.TCP_TIMEOUT, Cause.PROXY_AUTH],
        facts(refused("timeout"), around=(by_proxy(407, refused("timeout"), None, "Basic"),)),
    ),
    (
        [Cause.TLS_SILENT, Cause.PROXY_REFUSED],
        facts(SILENT, around=(*others(SILENT), by_proxy(403, SILENT))),
    ),
    (
        [Cause.TCP_REFUSED, Cause.SERVICE_DOWN],
        facts(
            refused("refused", "ECONNREFUSED"),
            around=(by_proxy(502, refused("refused")),),
            elsewhere=(refused("refused", "ECONNREFUSED"),),
        ),
    ),
]

CONTRASTED: list[tuple[str, Cause, Facts]] = [
    (
        "outside, nobody there, and others are given over TLS",
        Cause.DNS_HIJACK,
        facts(
            stranger(made.connection_refusal(), forbidden=False),
            around=(trusting("192.0.2.1"), trusting("192.0.2.2"), asked_plainly("11.2.0.12")),
        ),
    ),
    (
        "outside, silent, and others are given over TLS",
        Cause.DNS_HIJACK,
        facts(stranger(SILENT, forbidden=False), around=(trusting("192.0.2.1"),)),
    ),
    (
        "no such name, though trusted resolvers know it",
        Cause.DNS_NXDOMAIN,
        facts(made.no_answer(), around=(coded("NXDOMAIN"), trusting("192.0.2.1"))),
    ),
    (
        "small segments pass, large ones do not",
        Cause.MTU_BLACK_HOLE,
        facts(
            cut("silent", phase="server-hello", received=200),
            around=(
                *others(SILENT),
                climbed(*NARROW),
                interfaces("runner", 1500),
                interfaces("host", 1280),
            ),
        ),
    ),
    (
        "a body passes by small segments, and not by large ones",
        Cause.MTU_BLACK_HOLE,
        facts(
            http_refused("stalled"),
            around=(
                asked("again", http_refused("stalled")),
                asked("head", made.response()),
                climbed(*NARROW, what="body"),
            ),
            given=GIVEN,
        ),
    ),
    (
        "headers in one record with a body that passes by small segments",
        Cause.MTU_BLACK_HOLE,
        facts(http_refused("stalled", "headers"), around=(climbed(*NARROW, what="body"),)),
    ),
    (
        "silence, whatever the size of segments",
        Cause.TLS_SILENT,
        facts(SILENT, around=(*others(SILENT), climbed())),
    ),
    (
        "silence, where nobody can bound segments",
        Cause.TLS_SILENT,
        facts(SILENT, around=(*others(SILENT), NOT_CLIMBED)),
    ),
    (
        "a small ClientHello passes, where nobody can bound segments",
        Cause.MTU_BLACK_HOLE,
        facts(SILENT, around=(*others(SILENT, "small-hello"), NOT_CLIMBED)),
    ),
    (
        "silence for this name alone, unless it is cut in two",
        Cause.TLS_SILENT,
        facts(SILENT, around=(*others(SILENT, "other-name"), climbed(536))),
    ),
    (
        "silence, and another address has a limit",
        Cause.TLS_SILENT,
        facts(SILENT, around=(*others(SILENT), climbed(*NARROW, address=OTHER))),
    ),
    (
        "silence in the body, whatever the size of segments",
        Cause.STALLED,
        facts(http_refused("stalled"), around=(climbed(what="body"),)),
    ),
    (
        "silence in the body, and then not",
        Cause.STALLED,
        facts(
            http_refused("stalled"),
            around=(asked("again", made.response()), climbed(*NARROW, what="body")),
        ),
    ),
    (
        "git fails, and the proxy asks us too",
        Cause.PROXY_AUTH,
        facts(made.refs_refusal(), around=(by_proxy(407, made.response(), None, "Basic"),)),
    ),
    (
        "git fails, and the proxy refuses us too",
        Cause.PROXY_REFUSED,
        facts(made.refs_refusal(), around=(by_proxy(403, refused("timeout")),)),
    ),
    (
        "git fails, and the proxy alone cannot reach the service",
        Cause.PROXY_REFUSED,
        facts(made.refs_refusal(), around=(by_proxy(502, made.handshake()),)),
    ),
    (
        "refused directly, and served through the proxy: elsewhere refused too",
        Cause.TCP_REFUSED,
        facts(
            refused("refused", "ECONNREFUSED"),
            around=(by_proxy(200, refused("refused"), made.handshake()),),
            elsewhere=(refused("refused", "ECONNREFUSED"),),
        ),
    ),
]
