"""Far sides that put into every word of theirs what a terminal, a browser or Markdown obeys."""

import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import dns.message
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.checks.wire.dns_sides import datagram_side
from tests.checks.wire.far_sides import (
    context_of_chain,
    far_side,
    over_tls,
    pem_of,
    server_context,
    stay_silent,
)
from tests.checks.wire.http_sides import part_well
from tests.checks.wire.test_pkt_lines import SERVICE, pkt

ESCAPES = "\x1b]0;owned\x07\x1b[2J\x1b[31m\x9b2K\x00\x08\x7f"
TURNED = "\u202egnp.\u2066\u200f\u2028\u2029\ufeff\u200b"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>|`[a](https://evil.test)\r\n# up\n"
HOSTILE = f"{ESCAPES}{TURNED}{MARKUP}"
MARK = "owned"
"""What of it is plain: where it is found, the rest was there too."""
_ASCII = HOSTILE.encode("ascii", "ignore").decode()
_IN_A_LINE = _ASCII.replace("\r", "").replace("\n", "").replace("\0", "").encode() + b"\x9b2K\x85"
_UTF8 = HOSTILE.encode()
_TRIES = 20


@dataclass(frozen=True)
class Peers:
    """Where each of them listens, by what is hostile about it; and whom to trust."""

    ports: dict[str, int] = field(default_factory=dict)
    nameserver: str = ""
    authority: str = ""

    def profile(self, folder: Path) -> Path:
        """Write a profile that looks at all of them."""
        lines = [
            "name: hostile",
            "hosts: {absent: not looked at}",
            f"nameservers: ['{self.nameserver}']",
            f"authorities: ['{self.authority}']",
            "deadlines: {resolve: 2s, connect: 2s, tls: 2s, http: 3s, git: 5s, sighting: 6s}",
            "endpoints:",
        ]
        for name, port in self.ports.items():
            lines.append(f"  - {{host: 127.0.0.1, port: {port}, function: {name}, http: [{{}}]")
            lines[-1] += ", git: {path: a/b}}" if name.startswith("git") else "}"
        path = folder / "hostile.yaml"
        path.write_text("\n".join(lines) + "\n")
        return path


@contextmanager
def hostile_peers(folder: Path) -> Iterator[Peers]:
    """Serve them all on loopback."""
    folder.mkdir()
    authority = trustme.CA()
    with ExitStack() as open_:
        ports = {
            "certificate": open_.enter_context(far_side(over_tls(_strangers(folder)))),
            "greeting": open_.enter_context(far_side(partial(_greet, b"220 " + _UTF8))),
        }
        trusted = server_context(authority.issue_cert("127.0.0.1"))
        for name, answer in ANSWERS.items():
            serve = over_tls(trusted, partial(_answer, answer))
            ports[name] = open_.enter_context(far_side(serve))
        nameserver = open_.enter_context(_nameserver())
        yield Peers(ports, nameserver, pem_of(authority, folder))


def _strangers(folder: Path) -> ssl.SSLContext:
    """Make a chain of nobody's, with hostile words in subject, issuer and names."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)

    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.STREET_ADDRESS, text)])

    subject, issuer = name(MARK + HOSTILE), name(HOSTILE + MARK)
    names = x509.SubjectAlternativeName([x509.DNSName(f"{MARK}{_ASCII}{n}") for n in range(9)])
    made = x509.CertificateBuilder(
        *(issuer, subject, key.public_key(), 1, now - timedelta(days=2), now - timedelta(days=1))
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    return context_of_chain(
        folder,
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain),
        made.add_extension(names, critical=False).sign(key, hashes.SHA256()).public_bytes(pem),
    )


def _greet(words: bytes, connection: socket.socket) -> None:
    connection.sendall(words)
    stay_silent(connection)


def _answer(raw: Callable[[bytes], bytes], session: ssl.SSLSocket) -> None:
    head = b""
    while b"\r\n\r\n" not in head:
        if not (part := session.recv(65536)):
            return
        head += part
    session.sendall(raw(head))
    part_well(session)


def _page(status: bytes, headers: bytes, body: bytes) -> bytes:
    length = b"Content-Length: %d\r\n" % len(body)
    return b"HTTP/1.1 " + status + b"\r\n" + headers + length + b"\r\n" + body


def _with_headers(_head: bytes) -> bytes:
    headers = b"X-|`*_~Owned: " + _IN_A_LINE + b"\r\n"
    return _page(b"200 " + _IN_A_LINE, headers, _UTF8)


def _redirects(_head: bytes) -> bytes:
    return _page(b"302 Found", b"Location: javascript:" + _IN_A_LINE + b"\r\n", _UTF8)


def _is_no_http(_head: bytes) -> bytes:
    return b"HTTP/1.1 2o0 " + _IN_A_LINE + b"\r\n\r\n"


def _breaks_in_a_chunk(_head: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + _IN_A_LINE + b"\r\n"


def _git(status: bytes, kind: bytes, body: bytes) -> Callable[[bytes], bytes]:
    def answer(head: bytes) -> bytes:
        if b"/info/refs" not in head.split(b"\r\n")[0]:
            return _page(b"200 OK", b"", b"")
        return _page(status, b"Content-Type: " + kind + b"\r\n", body)

    return answer


_ADVERTISES = b"application/x-git-upload-pack-advertisement"
_REF = pkt(b"1" * 40 + b" HEAD\0" + _IN_A_LINE + b"\n")
ANSWERS: dict[str, Callable[[bytes], bytes]] = {
    "headers": _with_headers,
    "redirect": _redirects,
    "malformed": _is_no_http,
    "chunk": _breaks_in_a_chunk,
    "git-error": _git(b"200 OK", _ADVERTISES, SERVICE + pkt(b"ERR " + _UTF8)),
    "git-status": _git(b"403 No", b"text/plain; charset=utf-8", _UTF8 * 3),
    "git-type": _git(b"200 OK", b"text/html" + _IN_A_LINE, _UTF8),
    "git-banner": _git(b"200 OK", _ADVERTISES, _UTF8),
    "git-refs": _git(b"200 OK", _ADVERTISES, SERVICE + _REF + pkt(b"2" * 40 + b" " + _UTF8)),
}


@contextmanager
def _nameserver() -> Iterator[str]:
    """Give a hostile alias over UDP, and the reply to a hostile question over TCP."""
    label = bytes([60]) + _UTF8.ljust(60)[:60]

    def reply(query: bytes, asked: bytes, records: bytes, count: int) -> bytes:
        return query[:2] + struct.pack("!HHHHH", 0x8180, 1, count, 0, 0) + asked + records

    def aliases(query: bytes) -> list[bytes]:
        asked = dns.message.from_wire(query).question[0]
        name = asked.name.to_wire() or b""
        question = name + struct.pack("!HH", asked.rdtype, asked.rdclass)
        record = b"\xc0\x0c" + struct.pack("!HHIH", 5, 1, 60, len(label) + 1) + label + b"\0"
        return [reply(query, question, record, 1)]

    def another(connection: socket.socket) -> None:
        query = connection.recv(65536)[2:]
        wire = reply(query, label + b"\0\0\1\0\1", b"", 0)
        connection.sendall(len(wire).to_bytes(2) + wire)
        stay_silent(connection)

    with ExitStack() as both:
        for _ in range(_TRIES):  # the port may be another's, over TCP
            with suppress(OSError), ExitStack() as tried:
                server = tried.enter_context(datagram_side(aliases))
                tried.enter_context(far_side(another, port=server.port))
                both.push(tried.pop_all())
                break
        yield str(server)
