"""What `openssl s_client` shows of a server, in the words of our own observations."""

import base64
import hashlib
import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path

from checks.wire.certificates import Certificate, Staple, is_address
from tests.against.nginx import Place
from tests.needs import need

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n", re.DOTALL)
_GROUPS = {"prime256v1": "secp256r1", "p-256": "secp256r1", "p-384": "secp384r1"}
"""One group's several names."""
_REFUSALS = {"trylater": "try_later", "internalerror": "internal_error"}
"""What a responder says that does not answer, in RFC 6960's words."""
_READ = (
    *("x509", "-noout", "-subject", "-issuer", "-dates", "-serial", "-fingerprint", "-sha256"),
    *("-pubkey", "-text", "-nameopt", "RFC2253,-esc_msb", "-dateopt", "iso_8601"),
)


@dataclass(frozen=True)
class Shown:
    """A completed handshake."""

    protocol: str
    cipher: str
    group: str | None
    alpn: str | None
    chain: tuple[Certificate, ...]
    errors: tuple[tuple[int, int], ...]
    """Code and depth of each verification error, the name's apart."""
    for_the_name: bool
    staple: Staple | None


@dataclass(frozen=True)
class Refused:
    """A handshake that was not completed."""

    alert: int | None
    """The number of the peer's alert."""
    received: int
    """Bytes that were read in the handshake."""
    text: str


def s_client(place: Place, host: str, authorities: Path) -> Shown | Refused:
    """Shake hands with the place for the host's name, as somebody would by hand.

    As curl and git do, it takes an intermediate among the authorities as an anchor. It
    offers TLS 1.2 and later: the others are not to be used (RFC 8996).
    """
    named = ("-servername", host, "-verify_hostname", host)
    ended = _openssl(
        *("s_client", "-connect", f"{place.address}:{place.port}", "-alpn", "h2,http/1.1"),
        *(("-noservername", "-verify_ip", host) if is_address(host) else named),
        *("-CAfile", str(authorities), "-no-CApath", "-no-CAstore", "-partial_chain"),
        *("-showcerts", "-status", "-min_protocol", "TLSv1.2"),
    )
    said = ended.stdout + ended.stderr
    if "Cipher is (NONE)" in said or "Cipher is" not in said:
        alert = re.search(r"SSL alert number (\d+)", said)
        read = re.search(r"handshake has read (\d+) bytes", said)
        return Refused(int(alert[1]) if alert else None, int(read[1]) if read else 0, said)
    errors = _errors(ended.stderr)
    return Shown(
        protocol=_protocol(said),
        cipher=_one(r"Cipher is (\S+)", said),
        group=_group(said),
        alpn=_maybe(r"^ALPN protocol: (\S+)", said),
        chain=read_chain(said),
        errors=tuple(error for error in errors if error[0] not in _FOR_THE_NAME),
        for_the_name=not any(code in _FOR_THE_NAME for code, _ in errors),
        staple=_staple(said),
    )


def read_chain(said: str) -> tuple[Certificate, ...]:
    """Read the certificates that `s_client -showcerts` printed, in the order sent."""
    shown = said.partition("\nCertificate chain\n")[2].partition("\n---\n")[0] + "\n"
    return tuple(read_pem(one) for one in _PEM.findall(shown))


@lru_cache
def read_pem(pem: str) -> Certificate:
    """Let `openssl x509` read a certificate."""
    text = _openssl(*_READ, feed=pem).stdout
    serial = int(_one(r"^serial=(.*)$", text), 16)
    alternatives = _maybe(r"X509v3 Subject Alternative Name: .*\n +(.+)$", text)
    spki = re.findall(r"-----BEGIN PUBLIC KEY-----(.+?)-----END", text, re.DOTALL)
    return Certificate(
        subject=_one(r"^subject=(.*)$", text),
        issuer=_one(r"^issuer=(.*)$", text),
        serial=f"{serial:x}",
        names=tuple(_name(one) for one in alternatives.split(", ")) if alternatives else (),
        not_before=_iso(_one(r"^notBefore=(.*)$", text)),
        not_after=_iso(_one(r"^notAfter=(.*)$", text)),
        key=_key(text),
        signature=_one(r"Signature Algorithm: (\S+)", text),
        sha256=_one(r"^sha256 Fingerprint=(.*)$", text).replace(":", "").lower(),
        spki_sha256=hashlib.sha256(base64.b64decode(spki[0])).hexdigest(),
    )


_FOR_THE_NAME = (62, 64)
"""Hostname mismatch, IP address mismatch (X509_V_ERR_…)."""


def _openssl(*arguments: str, feed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [need("openssl"), *arguments],
        env=os.environ | {"LC_ALL": "C"},
        input=feed,
        capture_output=True,
        text=True,
        errors="replace",  # it shows what comes after the handshake as well
        timeout=30,
        check=False,
    )


def _errors(said: str) -> Sequence[tuple[int, int]]:
    """Read the verification callback's lines: the depth stands before its errors."""
    found, depth = [], -1
    for line in said.splitlines():
        if at := re.match(r"depth=(\d+) ", line):
            depth = int(at[1])
        elif error := re.match(r"verify error:num=(\d+):", line):
            found.append((int(error[1]), depth))
    return found


def _protocol(said: str) -> str:
    """Read it from the session, or, where TLS 1.3 has sent none yet, from the cipher's line."""
    return _maybe(r"^ +Protocol *: (\S+)", said) or _one(r"^(?:New|Reused), (TLSv1\.3),", said)


def _group(said: str) -> str | None:
    """Read the key agreement's group, in the words of any OpenSSL since 1.1.1."""
    negotiated = _maybe(r"^Negotiated TLS1\.3 group: (\S+)", said)
    temporary = _maybe(r"^(?:Server|Peer) Temp Key: (?:ECDH, )?([^\s,]+)", said)
    group = (negotiated or temporary or "").lower()
    return _GROUPS.get(group, group) or None


def _staple(said: str) -> Staple | None:
    if "OCSP response: no response sent" in said:
        return None
    answered = _one(r"OCSP Response Status: (\w+)", said)
    if answered != "successful":
        return Staple(_REFUSALS.get(answered, answered), None, None)
    following = _maybe(r"Next Update: (.+)$", said)
    return Staple(
        _one(r"Cert Status: (\w+)", said),
        _gmt(_one(r"This Update: (.+)$", said)),
        _gmt(following) if following else None,
    )


def _key(text: str) -> str:
    kind = _one(r"Public Key Algorithm: (\S+)", text)
    if kind == "rsaEncryption":
        bits = _one(r"Public-Key: \((\d+) bit", text)
        return f"RSA {bits}"
    if kind == "id-ecPublicKey":
        curve = _one(r"NIST CURVE: (\S+)", text)
        return f"EC {curve}"
    return kind.capitalize()


def _name(alternative: str) -> str:
    kind, _, name = alternative.partition(":")
    return str(ip_address(name)) if kind == "IP Address" else name


def _one(pattern: str, text: str) -> str:
    found = _maybe(pattern, text)
    assert found is not None, f"openssl said nothing of {pattern}:\n{text}"
    return found


def _maybe(pattern: str, text: str) -> str | None:
    found = re.search(pattern, text, re.MULTILINE)
    return found[1] if found else None


def _iso(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _gmt(text: str) -> datetime:
    return datetime.strptime(text, "%b %d %H:%M:%S %Y GMT").replace(tzinfo=UTC)
