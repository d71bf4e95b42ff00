"""The fault lab's nameservers: unbound, and a dnsmasq that somebody put in its place."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from checks.wire.resolvers import Server
from tests.checks.wire.dns_sides import write_unbound
from tests.daemons import daemon
from tests.faultlab.places import FORBIDDEN, HUB, LYING, NAMES, NAMESERVER, RESOLVER
from tests.faultlab.wiring import at, ruled
from tests.needs import need

_DNS = 53
ANSWERS: Mapping[str, Sequence[str]] = {name: (address,) for name, address in NAMES.items()}
UNKNOWN = f'  local-zone: "{HUB}." always_nxdomain\n'
REFUSED = f'  local-zone: "{HUB}." always_refuse\n'
SILENT = f'  local-zone: "{HUB}." always_deny\n'
# A secondary that has never heard from its primary.
FAILING = f"""\
  local-zone: "{HUB}." transparent
auth-zone:
  name: "{HUB}."
  primary: 192.0.2.200
  fallback-enabled: no
"""


@contextmanager
def resolving(
    folder: Path, answers: Mapping[str, Sequence[str]] = ANSWERS, zones: str = ""
) -> Iterator[None]:
    """Let the nameserver say this of the names, and of any other that there is no such name.

    `zones` are unbound's own words, within its clause `server:`.
    """
    # A zone for each: what is said of one name is not said of those below it.
    records = "".join(
        f'  local-zone: "{name}." static\n'
        + "".join(f'  local-data: "{name}. 60 IN A {one}"\n' for one in addresses)
        for name, addresses in answers.items()
    )
    tls = "".join(f"  interface: {NAMESERVER}@{port}\n" for port in (853, 443))
    tls += "".join(f'  tls-service-{one}: "{folder}/resolver.pem"\n' for one in ("key", "pem"))
    head = '  access-control: 0.0.0.0/0 allow\n  local-zone: "." static\n'
    conf = write_unbound(folder, Server(NAMESERVER, _DNS), head + tls + records + zones)
    argv = (*at(RESOLVER), need("unbound"), "-d", "-c", str(conf))
    with daemon(argv, until="start of service"):
        yield


@contextmanager
def hijacking(network: str, to: str = FORBIDDEN) -> Iterator[None]:
    """Let questions of a network be answered by somebody else, who lies about the first name.

    What is asked over TLS is not led there.
    """
    argv = [
        *(*at(RESOLVER), need("dnsmasq"), "--no-daemon", "--conf-file=/dev/null"),
        *("--pid-file=", "--no-resolv", "--no-hosts", "--bind-interfaces", "--log-facility=-"),
        *(f"--listen-address={LYING}", f"--server={NAMESERVER}", f"--address=/{HUB}/{to}"),
    ]
    led = [
        f"lead ip saddr {network} ip daddr {NAMESERVER} {over} dport {_DNS} dnat ip to {LYING}"
        for over in ("udp", "tcp")
    ]
    with ExitStack() as stack:
        stack.enter_context(daemon(argv, until="started, version"))
        stack.enter_context(ruled(*led))
        yield
