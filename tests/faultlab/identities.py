"""The fault lab's certificates: as they should be, and as interception and neglect make them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

from tests.faultlab.places import HUB, NAMES, RESOLVER_NAME

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authorities:
    """Whom a node may trust."""

    public: bytes
    """The authority of all names."""
    corporate: bytes
    """One that issues certificates to an interceptor; the host trusts it, and nobody else."""


def write_identities(folder: Path) -> Authorities:
    """Write a PEM file of key and chain for each way to be somebody; return whom to trust."""
    public = trustme.CA(organization_name="The fault lab's authority")
    corporate = trustme.CA(organization_name="The company's inspection")
    nobody = trustme.CA(organization_name="Nobody's")
    between = public.create_child_ca()
    now = datetime.now(UTC)
    names = between.issue_cert(
        *NAMES, common_name=HUB, not_before=now - 30 * _DAY, not_after=now + 60 * _DAY
    )
    leaves = {
        "names": names,
        "expired": between.issue_cert(HUB, not_before=now - 90 * _DAY, not_after=now - _DAY),
        "early": between.issue_cert(HUB, not_before=now + 30 * _DAY, not_after=now + 90 * _DAY),
        "misnamed": between.issue_cert("www.somewhere.test"),
        "intercepted": nobody.issue_cert(HUB),
        "inspected": corporate.issue_cert(HUB, not_after=now + 60 * _DAY),
        "resolver": between.issue_cert(RESOLVER_NAME),
        "stranger": nobody.issue_cert("something-else.test"),
    }
    for name, leaf in leaves.items():
        (folder / f"{name}.pem").write_bytes(leaf.private_key_and_cert_chain_pem.bytes())
    alone = names.private_key_pem.bytes() + names.cert_chain_pems[0].bytes()
    (folder / "alone.pem").write_bytes(alone)
    public.cert_pem.write_to_path(str(folder / "public.pem"))
    return Authorities(public.cert_pem.bytes(), corporate.cert_pem.bytes())


def stores(authorities: Authorities) -> Iterator[tuple[str, bytes]]:
    """Walk the nodes and what their trust stores have."""
    yield "host", authorities.public + authorities.corporate
    yield "container", authorities.public
