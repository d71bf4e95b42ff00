"""What proves each cause: alone, and where several are proved."""

from dataclasses import replace

from checks.causes.vocabulary import Cause
from checks.wire.contrasts import OtherPort
from checks.wire.tls_words import Alert
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
    OTHER,
    PORTAL,
    POSTED,
    REPLIED,
    RST,
    SELF_SIGNED,
    SENT_ALONE,
    SILENT,
    STOOD,
    WSL,
    asked,
    beside,
    bypass,
    coded,
    cut,
    dated,
    distrusted,
    ended,
    facts,
    http_refused,
    others,
    refused,
    signed_by,
    silent,
    stranger,
    tunnel,
    without_wsl_conf,
)
from tests.checks.hosts import files
from tests.checks.made import DAY, NOW

PINNED = (made.answer("192.0.2.1", source="hosts-file"), bypass(OTHER))
TOGETHER: list[tuple[list[Cause], Facts]] = [
    (
        [Cause.CERTIFICATE_EXPIRED, Cause.HOSTNAME_MISMATCH],
        facts(ended(), made.handshake(mismatch="it is for b.test")),
    ),
    (
        [Cause.HOSTS_OVERRIDE_STALE, Cause.HOSTNAME_MISMATCH],
        facts(made.handshake(mismatch="it is for b.test"), around=PINNED),
    ),
    (
        [Cause.HOSTS_OVERRIDE_STALE, Cause.TLS_CUT_IN_HANDSHAKE],
        facts(cut("closed"), around=PINNED),
    ),
    (
        [Cause.DNS_SERVFAIL, Cause.DNS_TIMEOUT],
        facts(made.no_answer(), around=(coded("SERVFAIL"), silent())),
    ),
    (
        [Cause.MITM_TRUSTED, Cause.CERTIFICATE_EXPIRED],
        facts(INSPECTED, ended(), given=ISSUERS),
    ),
    (
        [Cause.MITM_UNTRUSTED, Cause.HOSTNAME_MISMATCH],
        facts(replace(SELF_SIGNED, mismatch="it is for b.test")),
    ),
]
"""Where several causes are proved, each on its own."""

PROVED: list[tuple[str, Cause, Facts]] = [
    (
        "stale pin, and DNS serves",
        Cause.HOSTS_OVERRIDE_STALE,
        facts(made.stale_pin(), around=(bypass(OTHER),)),
    ),
    (
        "WSL's header, no block, no wsl.conf",
        Cause.HOSTS_REGENERATED,
        facts(files.hosts(WSL), around=(without_wsl_conf(),), given=BLOCK),
    ),
    (
        "judged by wsl.conf",
        Cause.HOSTS_REGENERATED,
        facts(files.wsl("[boot]\nsystemd=true\n"), around=(files.hosts(WSL),), given=BLOCK),
    ),
    (
        "the baseline has the block",
        Cause.HOSTS_REGENERATED,
        facts(files.hosts(WSL), before=(files.hosts(files.WHOLE),), given=BLOCK),
    ),
    (
        "the host's file answers, the container's does not",
        Cause.HOSTS_NOT_IN_CONTAINER,
        facts(made.no_answer(), elsewhere=(made.answer("192.0.2.1", source="hosts-file"),)),
    ),
    ("no such name", Cause.DNS_NXDOMAIN, facts(made.no_answer(), around=(coded("NXDOMAIN"),))),
    ("a server says so", Cause.DNS_NXDOMAIN, facts(coded("NXDOMAIN"), made.answer("192.0.2.1"))),
    ("failing", Cause.DNS_SERVFAIL, facts(made.no_answer(), around=(coded("SERVFAIL"),))),
    ("a server fails", Cause.DNS_SERVFAIL, facts(coded("SERVFAIL"), made.answer("192.0.2.1"))),
    ("silence", Cause.DNS_TIMEOUT, facts(made.no_answer(), around=(silent(),))),
    ("a server is silent", Cause.DNS_TIMEOUT, facts(silent(), REPLIED)),
    ("will not answer", Cause.DNS_REFUSED, facts(made.no_answer(), around=(coded("REFUSED"),))),
    ("nothing listens", Cause.DNS_REFUSED, facts(replace(silent(), reason="refused"), REPLIED)),
    (
        "forbidden, and of another name",
        Cause.DNS_HIJACK,
        facts(stranger(made.handshake(mismatch="it is for b.test"), forbidden=True)),
    ),
    (
        "forbidden, and nobody there",
        Cause.DNS_HIJACK,
        facts(stranger(made.connection_refusal(), forbidden=True)),
    ),
    (
        "outside, and of an unknown issuer",
        Cause.DNS_HIJACK,
        facts(stranger(made.untrusted(), forbidden=False)),
    ),
    (
        "judged by what nameservers reply",
        Cause.DNS_HIJACK,
        facts(
            made.reply("11.2.0.12"),
            around=(stranger(made.untrusted(), forbidden=True),),
        ),
    ),
    ("refused", Cause.TCP_REFUSED, facts(refused("refused", "ECONNREFUSED"))),
    (
        "refused, and another port is not",
        Cause.TCP_REFUSED,
        facts(
            refused("refused", "ECONNREFUSED"),
            around=(
                OtherPort(
                    host="a.test", address="192.0.2.1", port=80, showed=made.connection(), at=NOW
                ),
            ),
        ),
    ),
    ("silence", Cause.TCP_TIMEOUT, facts(refused("timeout"))),
    ("reset at once", Cause.TCP_RESET, facts(refused("reset", "ECONNRESET"), made.connection())),
    ("the kernel knows no way", Cause.NO_ROUTE, facts(refused("unreachable", "EHOSTUNREACH"))),
    (
        "no way to any nameserver",
        Cause.NO_ROUTE,
        facts(made.no_answer(), around=(replace(silent(), reason="unreachable"),)),
    ),
    ("no way to any address", Cause.NO_ROUTE, facts(made.no_way(), made.no_way("2001:db8::2"))),
    (
        "reset for this name alone",
        Cause.TLS_RESET_ON_SNI,
        facts(RST, around=others(RST, "other-name")),
    ),
    (
        "a pinned address where nobody answers",
        Cause.HOSTS_OVERRIDE_STALE,
        facts(refused("timeout"), around=PINNED),
    ),
    ("FIN", Cause.TLS_CUT_IN_HANDSHAKE, facts(cut("closed"))),
    (
        "FIN for this name alone",
        Cause.TLS_CUT_IN_HANDSHAKE,
        facts(cut("closed"), around=others(cut("closed"), "other-name")),
    ),
    ("FIN in one attempt", Cause.TLS_CUT_IN_HANDSHAKE, facts(cut("closed"), made.handshake())),
    ("silence, whatever is sent", Cause.TLS_SILENT, facts(SILENT, around=others(SILENT))),
    (
        "alert",
        Cause.TLS_ALERT,
        facts(cut("alert", alert=Alert(40, "handshake_failure", "peer"))),
    ),
    ("HTTP", Cause.NOT_TLS, facts(cut("not-tls", first_bytes=PORTAL))),
    (
        "small passes, large does not",
        Cause.MTU_BLACK_HOLE,
        facts(SILENT, around=others(SILENT, "small-hello")),
    ),
    ("self-signed", Cause.MITM_UNTRUSTED, facts(SELF_SIGNED)),
    (
        "an authority that nobody knows",
        Cause.MITM_UNTRUSTED,
        facts(distrusted(20, 21, chain=(signed_by("CN=Nobody"),))),
    ),
    (
        "an address completes a chain, and its issuer is known",
        Cause.CHAIN_INCOMPLETE,
        facts(SENT_ALONE, around=(STOOD,)),
    ),
    (
        "another host has the issuer",
        Cause.CHAIN_INCOMPLETE,
        facts(SENT_ALONE, look_beside=beside(STOOD)),
    ),
    (
        "trusted here, another issuer elsewhere",
        Cause.MITM_TRUSTED,
        facts(made.handshake(), elsewhere=(ELSEWHERE,)),
    ),
    (
        "trusted here, another issuer where it is compared with, and this one elsewhere",
        Cause.MITM_TRUSTED,
        facts(INSPECTED, ELSEWHERE, elsewhere=(ELSEWHERE, replace(INSPECTED, address=OTHER))),
    ),
    (
        "trusted here, and the profile names others",
        Cause.MITM_TRUSTED,
        facts(INSPECTED, given=ISSUERS),
    ),
    (
        "trusted where it is compared with, and the profile names others",
        Cause.MITM_TRUSTED,
        facts(ELSEWHERE, INSPECTED, elsewhere=(INSPECTED,), given=ISSUERS),
    ),
    ("it has ended", Cause.CERTIFICATE_EXPIRED, facts(ended())),
    (
        "it has ended, and the clocks agree",
        Cause.CERTIFICATE_EXPIRED,
        facts(ended(), around=(dated("a.test", 0.2), dated("b.test", 0.1))),
    ),
    (
        "it has not begun",
        Cause.CERTIFICATE_NOT_YET_VALID,
        facts(distrusted(9, chain=(replace(made.certificate(), not_before=NOW + DAY),))),
    ),
    (
        "for another name",
        Cause.HOSTNAME_MISMATCH,
        facts(made.handshake(mismatch="it is for b.test")),
    ),
    (
        "valid by the others' clocks",
        Cause.CLOCK_SKEW,
        facts(ended(), around=(dated("a.test", -2 * 86400.0), dated("b.test", -2 * 86400.0))),
    ),
    (
        "several hosts agree with each other",
        Cause.CLOCK_SKEW,
        facts(
            made.response(clock_offset=-300.0),
            look_beside=beside(made.response(url="https://b.test/", clock_offset=-301.0)),
            given=GIVEN,
        ),
    ),
    ("FIN in the body", Cause.BODY_TRUNCATED, facts(http_refused("truncated"))),
    ("RST in the body", Cause.BODY_RESET, facts(http_refused("reset"))),
    (
        "silence in the body, however it is asked for",
        Cause.STALLED,
        facts(http_refused("stalled"), around=(asked("again", http_refused("stalled")),)),
    ),
    ("a proxy asks", Cause.PROXY_AUTH, facts(made.response(407), given=GIVEN)),
    ("git's proxy asks", Cause.PROXY_AUTH, facts(tunnel(407))),
    ("git's proxy refuses", Cause.PROXY_REFUSED, facts(tunnel(403))),
    (
        "POST is cut, GET is answered",
        Cause.METHOD_BLOCKED,
        facts(
            http_refused("reset", "headers"),
            around=(
                asked("again", http_refused("reset", "headers"), "POST"),
                asked("get", made.response(404), "POST"),
            ),
            given=POSTED,
        ),
    ),
    (
        "somebody else refuses POST",
        Cause.METHOD_BLOCKED,
        facts(
            made.response(403, headers=(("Via", "proxy"),)),
            around=(
                asked("again", made.response(403, headers=(("Via", "proxy"),)), "POST"),
                asked("get", made.response(), "POST"),
            ),
            given=POSTED,
        ),
    ),
    (
        "refused to this User-Agent",
        Cause.USER_AGENT_BLOCKED,
        facts(
            FORBIDDEN,
            around=(asked("again", FORBIDDEN), asked("other-user-agent", made.response())),
            given=GIVEN,
        ),
    ),
    ("too often", Cause.RATE_LIMITED, facts(made.response(429), given=GIVEN)),
    (
        "none left",
        Cause.RATE_LIMITED,
        facts(made.response(403, headers=(("X-RateLimit-Remaining", "0"),)), given=GIVEN),
    ),
    ("who is there?", Cause.AUTHENTICATION_REQUIRED, facts(made.response(401), given=GIVEN)),
    (
        "git is asked who is there",
        Cause.AUTHENTICATION_REQUIRED,
        facts(replace(made.advertisement_refusal(), status=401)),
    ),
    ("down from everywhere", Cause.SERVICE_DOWN, facts(BUSY, elsewhere=(BUSY,), given=GIVEN)),
]
"""What proves a cause, and that one alone."""
