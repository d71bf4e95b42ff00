"""Certificates and OCSP responses, issued by hand: as they should be, and as they should not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
SERVER = ExtendedKeyUsageOID.SERVER_AUTH
CLIENT = ExtendedKeyUsageOID.CLIENT_AUTH


@dataclass(frozen=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


def elliptic() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


def rivest() -> Key:
    return rsa.generate_private_key(65537, 2048)


def issue(
    subject: str | x509.Name,
    issuer: Issued | None = None,
    *,
    names: Sequence[str] = (),
    key: Key | None = None,
    valid: tuple[datetime, datetime] = (NOW - DAY, NOW + 90 * DAY),
    authority: bool = False,
    purposes: Sequence[ObjectIdentifier] = (),
    below: int | None = None,
    within: str | None = None,
) -> Issued:
    """Issue a certificate, signed by itself where there is no issuer.

    `below` is the path length, and `within` the only domain, that an authority is bound to.
    """
    key = key or elliptic()
    signer = issuer.key if issuer else key
    named = _name(subject) if isinstance(subject, str) else subject
    by = issuer.certificate.subject if issuer else named
    number = x509.random_serial_number()
    builder = x509.CertificateBuilder(by, named, key.public_key(), number, *valid)
    for extension, critical in (
        (x509.BasicConstraints(ca=authority, path_length=below), True),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False),
    ):
        builder = builder.add_extension(extension, critical=critical)
    if names:
        builder = builder.add_extension(_alternatives(names), critical=False)
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    if within:
        bound = x509.NameConstraints([x509.DNSName(within)], None)
        builder = builder.add_extension(bound, critical=True)
    return Issued(builder.sign(signer, _digest(signer)), key)


def answer_ocsp(
    leaf: Issued,
    issuer: Issued,
    status: ocsp.OCSPCertStatus,
    valid: tuple[datetime, datetime | None] = (NOW - DAY, NOW + DAY),
) -> bytes:
    """Sign what the issuer says of the certificate, as DER."""
    revoked = status is ocsp.OCSPCertStatus.REVOKED
    return (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=leaf.certificate,
            issuer=issuer.certificate,
            algorithm=hashes.SHA1(),  # as responders do (RFC 5019, 2.1.1), and as curl looks for it
            cert_status=status,
            this_update=valid[0],
            next_update=valid[1],
            revocation_time=valid[0] if revoked else None,
            revocation_reason=x509.ReasonFlags.key_compromise if revoked else None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, issuer.certificate)
        .sign(issuer.key, _digest(issuer.key))
        .public_bytes(serialization.Encoding.DER)
    )


def refuse_ocsp(status: ocsp.OCSPResponseStatus) -> bytes:
    """Return what a responder says that does not answer, as DER."""
    refusal = ocsp.OCSPResponseBuilder.build_unsuccessful(status)
    return refusal.public_bytes(serialization.Encoding.DER)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _alternatives(names: Sequence[str]) -> x509.SubjectAlternativeName:
    def alternative(name: str) -> x509.GeneralName:
        try:
            return x509.IPAddress(ip_address(name))
        except ValueError:
            return x509.DNSName(name)

    return x509.SubjectAlternativeName([alternative(name) for name in names])


def _digest(key: Key) -> hashes.SHA256 | None:
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
