from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from checks.wire.certificate_reading import find_mismatch, read_certificate
from checks.wire.handshakes import Handshake
from fixtures.vantages.local import Local
from tests.checks.wire.far_sides import Behaviour, context_of_chain, far_side, over_tls
from tests.checks.wire.floods import MEGABYTE, bounded
from tests.checks.wire.test_hostile_tls import look

YESTERDAY = datetime.now(UTC) - timedelta(days=1)
TOMORROW = datetime.now(UTC) + timedelta(days=1)
PEM = serialization.Encoding.PEM
Key = ec.EllipticCurvePrivateKey


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def certificate(
    subject: str, issuer: str, key: Key, signer: Key, *names: str, authority: bool = False
) -> x509.Certificate:
    made = x509.CertificateBuilder(
        name(issuer), name(subject), key.public_key(), x509.random_serial_number()
    )
    made = made.not_valid_before(YESTERDAY).not_valid_after(TOMORROW)
    made = made.add_extension(x509.BasicConstraints(authority, None), critical=True)
    if names:
        alternative = x509.SubjectAlternativeName([x509.DNSName(one) for one in names])
        made = made.add_extension(alternative, critical=False)
    return made.sign(signer, hashes.SHA256())


def serving(folder: Path, key: Key, *chain: x509.Certificate) -> Behaviour:
    plain = serialization.NoEncryption()
    private = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, plain)
    return over_tls(context_of_chain(folder, private, *[one.public_bytes(PEM) for one in chain]))


def test_a_chain_that_loops_is_not_trusted_and_kept(tmp_path: Path) -> None:
    leaf, a, b = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    circle = [
        certificate("A", "B", a, b, authority=True),
        certificate("B", "A", b, a, authority=True),
    ]
    end = certificate("leaf", "A", leaf, a, "localhost")
    with far_side(serving(tmp_path, leaf, end, *circle * 50)) as port:
        seen = look(port, Local())

    assert isinstance(seen, Handshake), seen
    assert len(seen.chain) == 101
    assert {(one.subject, one.issuer) for one in seen.chain[1:]} == {
        ("CN=A", "CN=B"),
        ("CN=B", "CN=A"),
    }
    assert "unable to get local issuer certificate" in {error.text for error in seen.distrust}
    assert not seen.accepted


def test_ten_thousand_names_are_kept_and_a_few_shown(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    names = [f"{number:04x}" for number in range(0xA000, 0xA000 + 10_000)]
    end = certificate("many", "many", key, key, *names)
    with far_side(serving(tmp_path, key, end)) as port:
        seen = look(port, Local())

    assert isinstance(seen, Handshake), seen
    assert seen.chain[0].names == tuple(names)
    assert seen.mismatch == "it is for a000, a001, a002, a003, a004 and 9995 more"
    assert "a01f" in seen.transcript
    assert "a020" not in seen.transcript


def test_names_that_are_long_and_hostile_are_kept_whole_and_shown_in_bounds(
    tmp_path: Path,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    hostile = "\x1b]8;;https://evil.test\x07\u202egnp.<script>\r\n\x00|`\u2028\x9b2J" * 300
    ascii_hostile = hostile.encode("ascii", "ignore").decode()
    end = certificate("same" + hostile[:40], "same" + hostile[:40], key, key, ascii_hostile * 5)
    with far_side(serving(tmp_path, key, end)) as port:
        seen = look(port, Local())

    assert isinstance(seen, Handshake), seen
    assert "\u202e" in seen.chain[0].subject
    assert len(seen.chain[0].names[0]) == len(ascii_hostile * 5)
    assert all(line.isprintable() for line in seen.transcript.split("\n"))
    assert max(len(line) for line in seen.transcript.split("\n")) < 5000


def odd(of: x509.Certificate, was: bytes, becomes: bytes) -> bytes:
    der = of.public_bytes(serialization.Encoding.DER)
    assert der.count(was) == 1
    return der.replace(was, becomes)


def test_what_breaks_x509_s_own_rules_is_read_as_far_as_it_goes() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    end = certificate("odd", "odd", key, key, "localhost")
    version = odd(end, b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x37")
    twice = odd(end, b"\x06\x03\x55\x1d\x13", b"\x06\x03\x55\x1d\x11")  # two subjectAltNames
    unknown = odd(end, b"\x82\x09localhost", b"\xa3\x09localhost")  # an x400Address

    assert read_certificate(version).subject.startswith("unreadable: 55 is not a valid X509")
    assert (read_certificate(twice).subject, read_certificate(twice).names) == ("CN=odd", ())
    assert (read_certificate(unknown).subject, read_certificate(unknown).names) == ("CN=odd", ())
    for der in (version, twice, unknown):
        assert (find_mismatch(der, "localhost") or "").startswith("it cannot be compared")


def test_certificates_of_hostile_size_are_not_kept_when_they_were_read() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    names = [f"{number:04x}.test" for number in range(0xA000, 0xA000 + 5000)]
    der = certificate("many", "many", key, key, *names).public_bytes(serialization.Encoding.DER)
    at = der.index(b"a000.test")
    with bounded(seconds=20, room=24 * MEGABYTE):
        for number in range(150):
            each = der[:at] + b"%04x" % number + der[at + 4 :]
            assert read_certificate(each).names[0] == f"{number:04x}.test"
