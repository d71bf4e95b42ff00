"""Chains as servers send them: one that is right, and one for each way to be wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.x509.oid import NameOID

from tests.against.issuing import CLIENT, DAY, NOW, SERVER, Issued, issue, rivest

HOST = "www.example.test"
PAST = (NOW - 9 * DAY, NOW - DAY)
FUTURE = (NOW + DAY, NOW + 9 * DAY)

ROOT = issue("The root", authority=True, valid=(NOW - DAY, NOW + 900 * DAY))
INTERMEDIATE = issue("The intermediate", ROOT, authority=True)
STRANGER = issue("Nobody's root", authority=True)
LEAF = issue(HOST, INTERMEDIATE, names=[HOST, "*.wild.test", "127.0.0.1", "::1"])


@dataclass(frozen=True)
class Chain:
    """What is sent, and what whoever trusts the root alone has to say of it."""

    sent: tuple[Issued, ...]
    errors: tuple[tuple[int, int], ...] = ()
    """OpenSSL's code (X509_V_ERR_…) and depth of each error that there is."""
    host: str = HOST
    for_the_name: bool = True
    anchor: Issued = field(default=ROOT)
    """What is trusted."""

    def directives(self, folder: Path, name: str) -> str:
        """Write chain and key into the folder, and return nginx's words for them."""
        chain, key = folder / f"{name}.pem", folder / f"{name}.key"
        chain.write_bytes(b"".join(one.pem for one in self.sent))
        key.write_bytes(self.sent[0].key_pem)
        return f"    ssl_certificate {chain};\n    ssl_certificate_key {key};\n"

    def authorities(self, folder: Path, name: str) -> Path:
        """Write what is trusted into the folder."""
        path = folder / f"{name}.authorities.pem"
        path.write_bytes(self.anchor.pem)
        return path


def _under(authority: Issued) -> tuple[Issued, ...]:
    return (issue(HOST, authority, names=[HOST]), authority)


def _below_its_path_length() -> tuple[Issued, ...]:
    bound = issue("Bound to issue no authority", ROOT, authority=True, below=0)
    return (*_under(issue("One too many", bound, authority=True)), bound)


def _in_many_words() -> tuple[Issued, ...]:
    told = {
        NameOID.COUNTRY_NAME: "CN",
        NameOID.ORGANIZATION_NAME: 'Wärme, "Strom" & <Gas>; 有限公司',
        NameOID.ORGANIZATIONAL_UNIT_NAME: "#1 + more",
        NameOID.COMMON_NAME: HOST,
    }
    subject = x509.Name([x509.NameAttribute(kind, value) for kind, value in told.items()])
    return (issue(subject, INTERMEDIATE, names=[HOST]), INTERMEDIATE)


CHAINS: Mapping[str, Chain] = {
    "good": Chain((LEAF, INTERMEDIATE)),
    "good-with-its-root": Chain((LEAF, INTERMEDIATE, ROOT)),
    "good-for-a-wildcard": Chain((LEAF, INTERMEDIATE), host="any.wild.test"),
    "good-for-an-address": Chain((LEAF, INTERMEDIATE), host="127.0.0.1"),
    "good-for-a-name-in-capitals": Chain((LEAF, INTERMEDIATE), host=HOST.upper()),
    "good-in-many-words": Chain(_in_many_words()),
    "good-by-an-intermediate-that-is-trusted": Chain((LEAF,), anchor=INTERMEDIATE),
    "rsa": Chain((issue(HOST, INTERMEDIATE, names=[HOST], key=rivest()), INTERMEDIATE)),
    "ed25519": Chain(
        (
            issue(HOST, INTERMEDIATE, names=[HOST], key=ed25519.Ed25519PrivateKey.generate()),
            INTERMEDIATE,
        )
    ),
    "server-purpose": Chain(
        (issue(HOST, INTERMEDIATE, names=[HOST], purposes=[SERVER]), INTERMEDIATE)
    ),
    "wrong-order": Chain((LEAF, ROOT, INTERMEDIATE)),
    "a-stranger-between": Chain((LEAF, STRANGER, INTERMEDIATE)),
    "thirty-certificates": Chain((LEAF, INTERMEDIATE, *[STRANGER] * 28)),
    "missing-intermediate": Chain((LEAF,), errors=((20, 0),)),
    "wrong-name": Chain(
        (issue("other", INTERMEDIATE, names=["other.test"]), INTERMEDIATE), for_the_name=False
    ),
    "wrong-depth-of-a-wildcard": Chain(
        (LEAF, INTERMEDIATE), host="too.deep.wild.test", for_the_name=False
    ),
    "wrong-address": Chain((LEAF, INTERMEDIATE), host="127.0.0.2", for_the_name=False),
    "expired": Chain(
        (issue(HOST, INTERMEDIATE, names=[HOST], valid=PAST), INTERMEDIATE), errors=((10, 0),)
    ),
    "expired-and-of-another-name": Chain(
        (issue("other", INTERMEDIATE, names=["other.test"], valid=PAST), INTERMEDIATE),
        errors=((10, 0),),
        for_the_name=False,
    ),
    "not-yet-valid": Chain(
        (issue(HOST, INTERMEDIATE, names=[HOST], valid=FUTURE), INTERMEDIATE), errors=((9, 0),)
    ),
    "expired-intermediate": Chain(
        _under(issue("The old one", ROOT, authority=True, valid=PAST)), errors=((10, 1),)
    ),
    "self-signed": Chain((issue(HOST, names=[HOST]),), errors=((18, 0),)),
    "unknown-authority": Chain((issue(HOST, STRANGER, names=[HOST]),), errors=((20, 0),)),
    "unknown-authority-with-its-root": Chain(_under(STRANGER), errors=((19, 1),)),
    "unknown-authority-and-expired": Chain(
        (issue(HOST, STRANGER, names=[HOST], valid=PAST),), errors=((20, 0), (10, 0))
    ),
    "issued-by-no-authority": Chain(_under(issue("No authority", ROOT)), errors=((79, 1), (26, 1))),
    "path-too-long": Chain(_below_its_path_length(), errors=((25, 2),)),
    "outside-its-issuers-domain": Chain(
        _under(issue("Bound", ROOT, authority=True, within="other.test")), errors=((47, 0),)
    ),
    "purpose-of-a-client": Chain(
        (issue(HOST, INTERMEDIATE, names=[HOST], purposes=[CLIENT]), INTERMEDIATE),
        errors=((26, 0),),
    ),
    "weak-key": Chain(
        (
            issue(HOST, INTERMEDIATE, names=[HOST], key=rsa.generate_private_key(65537, 1024)),
            INTERMEDIATE,
        ),
        errors=((66, 0),),
    ),
}
