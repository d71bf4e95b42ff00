import asyncio
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtensionOID
from OpenSSL import SSL

from checks.wire.certificate_reading import find_mismatch, read_certificate, read_staple
from checks.wire.certificates import Staple
from checks.wire.connections import Peer
from checks.wire.handshakes import HandshakeRefusal
from checks.wire.tls_opening import open_tls
from checks.wire.tls_words import Alert
from fixtures.vantages.local import Local
from tests.checks.wire.far_sides import (
    Behaviour,
    context_of_chain,
    far_side,
    over_tls,
    read_hello,
    server_context,
)
from tests.checks.wire.looking import distrust, look

YESTERDAY = datetime.now(UTC) - timedelta(days=1)
TOMORROW = datetime.now(UTC) + timedelta(days=1)


def test_another_hosts_certificate_is_a_mismatch(authority: trustme.CA, here: Local) -> None:
    names = [f"host{number}.example.org" for number in range(8)]
    with far_side(over_tls(server_context(authority.issue_cert(*names)))) as port:
        seen = look(port, here)

    assert seen.distrust == ()
    assert seen.mismatch == f"it is for {', '.join(names[:5])} and 3 more"


@pytest.mark.parametrize(
    ("name", "host", "mismatch"),
    [
        ("*.example.org", "api.example.org", None),
        ("*.example.org", "a.b.example.org", "it is for *.example.org"),
        ("*.example.org", "example.org", "it is for *.example.org"),
        ("api.example.org", "api.EXAMPLE.org.", None),
        ("127.0.0.1", "127.0.0.1", None),
        ("127.0.0.2", "127.0.0.1", "it is for 127.0.0.2"),
        ("localhost", "127.0.0.1", "it is for localhost"),
    ],
)
def test_names_are_matched_as_browsers_do(
    authority: trustme.CA, here: Local, name: str, host: str, mismatch: str | None
) -> None:
    with far_side(over_tls(server_context(authority.issue_cert(name)))) as port:
        seen = look(port, here, host)

    assert seen.mismatch == mismatch


def test_a_common_name_alone_is_no_name(authority: trustme.CA, here: Local) -> None:
    with far_side(over_tls(server_context(authority.issue_cert(common_name="localhost")))) as port:
        seen = look(port, here)

    assert seen.mismatch is not None
    assert "localhost" in seen.chain[0].subject


def test_a_chain_of_two_hundred_is_kept(authority: trustme.CA, here: Local, tmp_path: Path) -> None:
    leaf = authority.issue_cert("localhost")
    ballast = trustme.CA().cert_pem.bytes()
    context = context_of_chain(
        tmp_path, leaf.private_key_pem.bytes(), leaf.cert_chain_pems[0].bytes(), *[ballast] * 199
    )
    with far_side(over_tls(context)) as port:
        seen = look(port, here)

    assert (len(seen.chain), seen.distrust) == (200, ())


def test_a_chain_beyond_what_openssl_takes_is_refused_by_us(
    authority: trustme.CA, here: Local, tmp_path: Path
) -> None:
    leaf = authority.issue_cert("localhost")
    ballast = trustme.CA().cert_pem.bytes()
    context = context_of_chain(
        tmp_path, leaf.private_key_pem.bytes(), leaf.cert_chain_pems[0].bytes(), *[ballast] * 400
    )
    with far_side(over_tls(context)) as port:
        opened = asyncio.run(open_tls(Peer("localhost", port), "127.0.0.1", here, deadline=10))

    assert isinstance(opened, HandshakeRefusal)
    assert (opened.reason, opened.alert) == ("protocol", Alert(47, "illegal_parameter", "us"))
    assert "excessive message size" in opened.errors[0]


def hostile_certificate(tmp_path: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP384R1())
    name = x509.Name(
        [x509.NameAttribute(x509.NameOID.COMMON_NAME, "\x1b[31mred\x1b[0m\u202egro.elpmaxe\r\nx")]
    )
    names = x509.SubjectAlternativeName(
        [
            x509.DNSName("evil\x00.example.org"),
            x509.DNSName("a\x1b[2J\nb"),
            x509.DNSName("\x7f" * 300),
        ]
    )
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, YESTERDAY, TOMORROW)
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA384())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    return context_of_chain(
        tmp_path,
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain),
        certificate.public_bytes(pem),
    )


def test_hostile_names_are_kept_as_they_are_and_shown_escaped(here: Local, tmp_path: Path) -> None:
    with far_side(over_tls(hostile_certificate(tmp_path))) as port:
        seen = look(port, here)

    assert "\u202e" in seen.chain[0].subject
    assert seen.chain[0].names[0] == "evil\x00.example.org"
    assert seen.chain[0].key == "EC P-384"
    assert "evil\\x00.example.org" in seen.headline
    assert distrust(seen)[0][1] == 0


def test_a_part_that_does_not_parse_does_not_hide_the_rest() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "odd")])
    broken = x509.UnrecognizedExtension(ExtensionOID.SUBJECT_ALTERNATIVE_NAME, b"\xff\xff")
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 255, YESTERDAY, TOMORROW)
        .add_extension(broken, critical=False)
        .sign(key, None)
    )
    der = certificate.public_bytes(serialization.Encoding.DER)

    seen = read_certificate(der)

    assert (seen.subject, seen.serial, seen.names) == ("CN=odd", "ff", ())
    assert (seen.key, seen.signature) == ("Ed25519", "ED25519")
    assert (find_mismatch(der, "odd") or "").startswith("it cannot be compared with the name: ")


def test_a_certificate_that_only_openssl_can_read_is_kept_by_its_digest() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "zzzz")])
    whole = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, YESTERDAY, TOMORROW)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )
    der = whole.replace(b"\x0c\x04zzzz", b"\x13\x04z@\xffz")  # no PrintableString

    seen = read_certificate(der)

    assert seen.subject.startswith("unreadable: ")
    assert (len(seen.sha256), len(seen.spki_sha256), seen.key) == (64, 64, "EC P-256")


def staple_from(authority: trustme.CA, leaf: trustme.LeafCert, status: str) -> bytes:
    issuer = x509.load_pem_x509_certificate(authority.cert_pem.bytes())
    key = serialization.load_pem_private_key(authority.private_key_pem.bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    revoked = status == "REVOKED"
    return (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes()),
            issuer=issuer,
            algorithm=hashes.SHA256(),
            cert_status=ocsp.OCSPCertStatus[status],
            this_update=YESTERDAY,
            next_update=TOMORROW,
            revocation_time=YESTERDAY if revoked else None,
            revocation_reason=None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, issuer)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )


def stapling(leaf: trustme.LeafCert, staple: bytes) -> Behaviour:
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    key = serialization.load_pem_private_key(leaf.private_key_pem.bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    context.use_privatekey(key)
    context.use_certificate(x509.load_pem_x509_certificate(leaf.cert_chain_pems[0].bytes()))
    context.set_ocsp_server_callback(lambda _session, _extra: staple)

    def behave(connection: socket.socket) -> None:
        session = SSL.Connection(context, None)
        session.set_accept_state()
        session.bio_write(read_hello(connection))
        with pytest.raises(SSL.WantReadError):
            session.do_handshake()
        connection.sendall(session.bio_read(65536))
        read_hello(connection)

    return behave


@pytest.mark.parametrize("status", ["GOOD", "REVOKED", "UNKNOWN"])
def test_a_staple_is_read(authority: trustme.CA, here: Local, status: str) -> None:
    leaf = authority.issue_cert("localhost")
    with far_side(stapling(leaf, staple_from(authority, leaf, status))) as port:
        seen = look(port, here)

    assert seen.staple == Staple(
        status.lower(), YESTERDAY.replace(microsecond=0), TOMORROW.replace(microsecond=0)
    )


def test_a_responder_that_refuses_is_quoted(authority: trustme.CA, here: Local) -> None:
    refusal = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    staple = refusal.public_bytes(serialization.Encoding.DER)
    with far_side(stapling(authority.issue_cert("localhost"), staple)) as port:
        seen = look(port, here)

    assert seen.staple == Staple("unauthorized", None, None)


def test_a_staple_that_is_no_ocsp_is_unreadable() -> None:
    assert read_staple(b"\x30\x80junk", b"").status.startswith("unreadable: ")
