"""unbound over TLS and HTTPS, as resolvers that are trusted speak."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme

from checks.wire.resolvers import Server
from checks.wire.trusted import Trusted
from tests.checks.wire.dns_sides import SERVED, free_place, unbound

NAME = "resolver.test"


@dataclass(frozen=True)
class Speaking:
    """Where one unbound is asked: plainly, over TLS and over HTTPS."""

    plainly: Server
    dot: Trusted
    doh: Trusted


@contextmanager
def speaking_tls(
    address: str, folder: Path, certificate: trustme.LeafCert, zones: str = SERVED
) -> Iterator[Speaking]:
    """Serve the zones in all ways."""
    dot, doh = free_place(address), free_place(address)
    certificate.private_key_and_cert_chain_pem.write_to_path(str(folder / "unbound.pem"))
    words = f"""\
{zones}
  interface: {address}@{dot.port}
  interface: {address}@{doh.port}
  tls-port: {dot.port}
  https-port: {doh.port}
  tls-service-key: "{folder}/unbound.pem"
  tls-service-pem: "{folder}/unbound.pem"
"""
    with unbound(address, folder, words) as plainly:
        yield Speaking(
            plainly,
            Trusted("ours", address, "dot", NAME, dot.port),
            Trusted("ours", address, "doh", NAME, doh.port, "/dns-query"),
        )
