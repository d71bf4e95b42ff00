"""Reading certificates as they were sent, however hostile. Imported by who has seen one."""

import hashlib
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache, wraps
from typing import Any, Protocol, TypeVar, cast

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.bindings.openssl.binding import Binding
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID
from OpenSSL import crypto

from checks.wire.certificates import Certificate, Staple, is_address
from checks.wire.printable import printable

_NEVER = datetime(1, 1, 1, tzinfo=UTC)
_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
_NAMES_SHOWN = 5
_NAME_SHOWN = 100
"""Characters of a name; DNS has 253."""
_VERSION = b"\xa0"
_SHORT = 0x80
"""Lengths up to here are written as they are; above, it is the length of the length (X.690)."""
_UNPARSED = (
    *(ValueError, TypeError, OverflowError, UnsupportedAlgorithm, crypto.Error),
    *(x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType),
)
"""What cryptography and pyOpenSSL raise for a certificate that breaks X.509's rules."""
_USUAL = 4096
"""Bytes of a certificate that is read once for all; a larger one is read each time it is sent:
what is kept of a hostile far side must not add up."""

T = TypeVar("T")
Read = TypeVar("Read", bound=Callable[..., Any])


class Session(Protocol):
    """What of a TLS connection shows the peer's chain."""

    def get_peer_cert_chain(self) -> list[crypto.X509] | None: ...


def read_chain(session: Session) -> tuple[bytes, ...]:
    """Return the certificates that the peer sent, in its order, as DER."""
    sent = session.get_peer_cert_chain() or []
    return tuple(crypto.dump_certificate(crypto.FILETYPE_ASN1, one) for one in sent)


def _once(read: Read) -> Read:
    """Read a certificate of usual size once for all; and be warned of none."""

    def quietly(*arguments: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # cryptography warns of what it will refuse one day
            return read(*arguments)

    kept = lru_cache(maxsize=2048)(quietly)

    @wraps(read)
    def look(der: bytes, *arguments: Any) -> Any:
        return (kept if len(der) <= _USUAL else quietly)(der, *arguments)

    return cast("Read", look)


@_once
def read_certificate(der: bytes) -> Certificate:
    """Read one certificate; a part that does not parse does not hide the rest.

    OpenSSL reads more of them, and takes ten times as long: it is asked last.
    """
    return Certificate(
        subject=_text(lambda: _name(_parse(der).subject)),
        issuer=_text(lambda: _issuer(_parse(der).issuer)),
        serial=_text(
            lambda: f"{_parse(der).serial_number:x}",
            lambda: f"{_reread(der).get_serial_number():x}",
        ),
        names=_or(lambda: _names(_parse(der)), ()),
        not_before=_or(lambda: _parse(der).not_valid_before_utc, _NEVER),
        not_after=_or(lambda: _parse(der).not_valid_after_utc, _NEVER),
        key=_text(
            lambda: _key(_parse(der).public_key()),
            lambda: _rarer_key(_reread(der).get_pubkey()),
        ),
        signature=_text(
            lambda: _signature(_parse(der).signature_algorithm_oid.dotted_string),
            lambda: _reread(der).get_signature_algorithm().decode(),
        ),
        sha256=hashlib.sha256(der).hexdigest(),
        spki_sha256=_text(lambda: hashlib.sha256(_spki(der)).hexdigest()),
        issuer_urls=_or(lambda: _issuer_urls(_parse(der)), ()),
    )


def find_mismatch(der: bytes, host: str) -> str | None:
    """Tell why the certificate is not one for the host (a name or an address); None when it is.

    RFC 9525, by service-identity: subjectAltName alone counts, never the common name. A name
    that stands there letter by letter needs no pattern.
    """
    named = host.isascii() and host.rstrip(".").lower() in read_certificate(der).names
    return None if named and not is_address(host) else _compare(der, host)


@_once
def _compare(der: bytes, host: str) -> str | None:
    # Imported by the first pattern: who needs none should not wait for it.
    from service_identity import CertificateError, VerificationError, cryptography  # noqa: PLC0415

    try:
        certificate = _parse(der)
        if is_address(host):
            cryptography.verify_certificate_ip_address(certificate, host)
        else:
            cryptography.verify_certificate_hostname(certificate, host.rstrip("."))
    except VerificationError:
        names = read_certificate(der).names
        shown = ", ".join(printable(name, _NAME_SHOWN) for name in names[:_NAMES_SHOWN])
        more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
        return f"it is for {shown}{more}" if names else "it names no host"
    except CertificateError as error:
        return f"its names cannot be used: {error}"
    except _UNPARSED as error:
        return f"it cannot be compared with the name: {error}"
    return None


def read_staple(der: bytes, leaf: bytes) -> Staple:
    """Read an OCSP response (RFC 6960), which has to be about this certificate (3.2)."""
    try:
        response = ocsp.load_der_ocsp_response(der)
        if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return Staple(response.response_status.name.lower(), None, None)
        about = f"{response.serial_number:x}" == read_certificate(leaf).serial
        return Staple(
            response.certificate_status.name.lower() if about else "for another certificate",
            response.this_update_utc,
            response.next_update_utc,
        )
    except _UNPARSED as error:
        return Staple(f"unreadable: {error}", None, None)


@lru_cache(maxsize=256)
def name_error(code: int) -> str:
    """Return OpenSSL's own words for an error of chain verification."""
    words = Binding.lib.X509_verify_cert_error_string(code)
    return str(Binding.ffi.string(words).decode())


@lru_cache(maxsize=8)
def _parse(der: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(der)


@lru_cache(maxsize=8)
def _reread(der: bytes) -> crypto.X509:
    return crypto.load_certificate(crypto.FILETYPE_ASN1, der)


def _name(name: x509.Name) -> str:
    return name.rfc4514_string()


_issuer = lru_cache(maxsize=64)(_name)  # one has issued many


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    return tuple(
        str(name.value) for name in found.value if isinstance(name, x509.DNSName | x509.IPAddress)
    )


def _issuer_urls(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess)
    except x509.ExtensionNotFound:
        return ()
    return tuple(
        str(one.access_location.value)
        for one in found.value
        if one.access_method == AuthorityInformationAccessOID.CA_ISSUERS
        and isinstance(one.access_location, x509.UniformResourceIdentifier)
    )


def _key(public: object) -> str:
    match public:
        case rsa.RSAPublicKey():
            return f"RSA {public.key_size}"
        case ec.EllipticCurvePublicKey():
            return f"EC {_CURVES.get(public.curve.name, public.curve.name)}"
        case ed25519.Ed25519PublicKey():
            return "Ed25519"
        case ed448.Ed448PublicKey():
            return "Ed448"
    raise UnsupportedAlgorithm(type(public).__name__)


def _rarer_key(key: crypto.PKey) -> str:
    public = key.to_cryptography_key()
    try:
        return _key(public)
    except UnsupportedAlgorithm:
        return f"{type(public).__name__.removesuffix('PublicKey').lstrip('_')} {key.bits()}"


@lru_cache(maxsize=256)
def _signature(oid: str) -> str:
    """Return OpenSSL's name of a signature algorithm."""
    number = Binding.lib.OBJ_txt2nid(oid.encode())
    if not number:
        raise ValueError(f"the signature algorithm {oid} is unknown")
    return str(Binding.ffi.string(Binding.lib.OBJ_nid2ln(number)).decode())


def _spki(der: bytes) -> bytes:
    """Return the subjectPublicKeyInfo as it was sent (RFC 5280, 4.1)."""
    start, _ = _content(der, 0)  # Certificate
    at, _ = _content(der, start)  # tbsCertificate
    if der[at : at + 1] == _VERSION:
        _, at = _content(der, at)
    for _ in ("serialNumber", "signature", "issuer", "validity", "subject"):
        _, at = _content(der, at)
    _, end = _content(der, at)
    return der[at:end]


def _content(der: bytes, at: int) -> tuple[int, int]:
    """Return where the content of the DER element at a place begins and ends."""
    start = at + 2
    length = int.from_bytes(der[at + 1 : start], "big")
    if length > _SHORT:
        at, start = start, start + length - _SHORT
        length = int.from_bytes(der[at:start], "big")
    if start + length > len(der):
        raise ValueError("an element does not end within the certificate")
    return start, start + length


def _or(read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except _UNPARSED:
        return otherwise


def _text(read: Callable[[], str], otherwise: Callable[[], str] | None = None) -> str:
    try:
        return read()
    except _UNPARSED as error:
        return _text(otherwise) if otherwise else f"unreadable: {error}"
