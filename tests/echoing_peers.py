"""Far sides that put words into all that they say; beside one whose nameserver lies of it.

It runs on a host of `tests.stand_ins.enter`: `python -m tests.echoing_peers`, below whose `/mnt`
the words and certificates stand. It is listening when it says so by a file.
"""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import dns.message
import dns.name
import dns.rdatatype
import dns.rrset
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.checks.wire.dns_sides import datagram_side
from tests.checks.wire.far_sides import Behaviour, far_side, over_tls, stay_silent
from tests.checks.wire.http_sides import Answer, part_well, reading, saying
from tests.checks.wire.test_pkt_lines import SERVICE, pkt

FOLDER = Path("/mnt")
NAMESERVER, TRUSTED, PROXY = "192.0.2.53", "192.0.2.99", "192.0.2.98"
LIE, CLOSED = "192.0.2.66", "192.0.2.67"
RESOLVER, LIED_TO, ALIAS = "dns.test", "lied-to.test", "alias.test"
_ADVERTISES = b"Content-Type: application/x-git-upload-pack-advertisement\r\n"


def page(status: bytes, headers: bytes, body: bytes) -> bytes:
    """Write an answer of HTTP."""
    length = b"Content-Length: %d\r\nConnection: close\r\n" % len(body)
    return b"HTTP/1.1 " + status + b"\r\n" + headers + length + b"\r\n" + body


def _sites(word: bytes) -> dict[str, Answer]:
    """Say the word once in every part of an answer."""
    with_it = b"X-Echo: %s\r\nServer: %s\r\nWWW-Authenticate: Basic realm=%s\r\n" % ((word,) * 3)
    return {
        "status": saying(page(b"500 " + word, with_it, word)),
        "path": saying(page(b"302 Found", b"Location: /" + word + b"?a=" + word + b"\r\n", word)),
        "redirect": saying(page(b"302 Found", b"Location: http://" + word + b"/\r\n", word)),
        "git-asks": saying(page(b"401 " + word, with_it, word)),
    }


def _long_sites(word: bytes) -> dict[str, Answer]:
    """Say it so often that whatever is kept of it ends within it.

    Where that leaves little of it, the other of the two that differ by half a word leaves more.
    """
    sites: dict[str, Answer] = {}
    for way, many in _often(word):
        location = b"Location: http://p.test/" + many + b"\r\n"
        sites |= {
            f"{way}": saying(page(b"500 " + many, b"X-Echo: " + many + b"\r\n", many)),
            f"malformed-{way}": saying(b"HTTP/1.1 2o0 " + many + b"\r\n\r\n"),
            f"chunk-{way}": saying(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + many + b"\r\n"
            ),
            f"redirect-{way}": saying(page(b"302 Found", location, b"")),
            f"git-error-{way}": saying(page(b"200 OK", _ADVERTISES, SERVICE + pkt(b"ERR " + many))),
            f"git-ref-{way}": saying(page(b"200 OK", _ADVERTISES, SERVICE + pkt(many))),
            f"git-banner-{way}": saying(page(b"200 OK", _ADVERTISES, pkt(many))),
            f"git-status-{way}": saying(page(b"403 No", b"Content-Type: text/plain\r\n", many)),
            f"git-type-{way}": saying(page(b"200 OK", b"Content-Type: " + many + b"\r\n", many)),
        }
    return sites


def _often(word: bytes) -> Iterator[tuple[str, bytes]]:
    yield "long", word * 60
    yield "longer", b"x" * 20 + word * 60


def _plain_sites(word: bytes) -> dict[str, Behaviour]:
    """Say it without TLS: once, and as often as the others."""
    sites: dict[str, Behaviour] = {}
    for way, said in (("", word), *((f"-{way}", many) for way, many in _often(word))):
        location = b"Location: http://p.test/" + said + b"\r\n"
        sites |= {
            f"portal{way}": _plainly(b"302 Found", location),
            f"portal-status{way}": _plainly(b"511 " + said, b""),
            f"greeting{way}": _greet(said),
        }
    return sites


def _plainly(status: bytes, headers: bytes) -> Behaviour:
    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(page(status, headers, b""))
        stay_silent(connection)

    return behave


def _greet(words: bytes) -> Behaviour:
    def behave(connection: socket.socket) -> None:
        connection.sendall(words)
        stay_silent(connection)

    return behave


def addresses() -> dict[str, str]:
    """Return where each of them is: by its name, and the number of the word that it says."""
    every = [("certificate", 0), ("certificate", 1)]
    every += [(name, number) for name in _sites(b"") for number in range(2)]
    every += [(name, 0) for name in (*_long_sites(b""), *_plain_sites(b""))]
    names = [*(f"{name}.{number}.test" for name, number in every), ALIAS]
    return {name: f"198.51.100.{1 + at}" for at, name in enumerate(names)}


def _strangers(word: str, folder: Path) -> ssl.SSLContext:
    """Make a certificate of nobody's, with the word in subject, issuer and names."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, word)])
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, f"x{word}x")])
    ascii_word = word.encode("ascii", "ignore").decode()
    begun = datetime(2025, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(
        *(issuer, subject, key.public_key(), 1, begun, begun.replace(year=2099))
    )
    names = x509.SubjectAlternativeName([x509.DNSName(f"{ascii_word}.{n}") for n in range(3)])
    pem = serialization.Encoding.PEM
    path = folder / f"stranger-{abs(hash(word))}.pem"
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.add_extension(names, critical=False).sign(key, hashes.SHA256()).public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def reply(words: Sequence[bytes], wire: bytes, where: str) -> bytes:
    """Give the address by an alias whose label is a word; and TXT records of all of them."""
    query = dns.message.from_wire(wire)
    answer = dns.message.make_response(query, recursion_available=True)
    (asked,) = query.question
    name = asked.name
    for word in words:
        alias = dns.name.Name((word[:63], *dns.name.from_text("alias.test").labels))
        answer.answer.append(_record(name, "CNAME", alias.to_text()))
        name = alias
    if asked.rdtype == dns.rdatatype.A:
        answer.answer.append(_record(name, "A", where))
    for word in words:
        text = json.dumps(word.decode("latin-1").encode("ascii", "ignore").decode())
        answer.additional.append(_record(name, "TXT", text))
    return answer.to_wire()


def _record(name: dns.name.Name, kind: str, text: str) -> dns.rrset.RRset:
    return dns.rrset.from_text(name, 60, "IN", kind, text)


def _by_tcp(answer: Callable[[bytes], bytes]) -> Callable[[socket.socket], None]:
    """Answer one message, over TCP or TLS; both halves of it come together."""

    def serve(connection: socket.socket) -> None:
        wire = answer(connection.recv(65536)[2:])
        connection.sendall(len(wire).to_bytes(2) + wire)
        stay_silent(connection)

    return serve


def _over_https(words: Sequence[bytes]) -> Answer:
    """Answer A, and refuse AAAA, each with the words; the body may come after the head."""

    def answer(session: ssl.SSLSocket, head: bytes) -> None:
        _, _, body = head.partition(b"\r\n\r\n")
        body = body or session.recv(65536)
        kind = b"Content-Type: application/dns-message\r\n"
        if dns.message.from_wire(body).question[0].rdtype == dns.rdatatype.A:
            session.sendall(page(b"200 " + words[0], kind, reply(words, body, CLOSED)))
        else:
            session.sendall(page(b"403 No", b"Content-Type: " + words[0] + b"\r\n", words[1]))
        part_well(session)

    return answer


def _proxy(word: bytes) -> Behaviour:
    head = b"407 %s\r\nProxy-Authenticate: %s realm=%s\r\n\r\n" % (word, word.split()[0], word)
    return _said_to_connect(b"HTTP/1.1 " + head)


def _said_to_connect(raw: bytes) -> Behaviour:
    def behave(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(raw)

    return behave


def main() -> None:
    """Serve them all, until this process is ended."""
    words = [one.encode() for one in json.loads((FOLDER / "words.json").read_text())]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(FOLDER / "names.pem")
    places = addresses()
    with ExitStack() as stack:

        def listen(behave: Behaviour, address: str, port: int = 443) -> None:
            stack.enter_context(far_side(behave, address, port))

        for number, word in enumerate(words):
            listen(
                over_tls(_strangers(word.decode(), FOLDER)), places[f"certificate.{number}.test"]
            )
            for name, answer in (_sites(word) | _long_sites(word)).items():
                if where := places.get(f"{name}.{number}.test"):
                    listen(over_tls(context, reading(answer)), where)
        for name, behave in _plain_sites(words[0]).items():
            listen(behave, places[f"{name}.0.test"])
        listen(over_tls(context, _by_tcp(lambda wire: reply(words, wire, CLOSED))), TRUSTED, 853)
        listen(over_tls(context, reading(_over_https(words))), TRUSTED)
        listen(_proxy(words[0]), PROXY, 3128)
        known = places | {LIED_TO: LIE, RESOLVER: TRUSTED}

        def resolve(wire: bytes) -> bytes:
            name = dns.message.from_wire(wire).question[0].name.to_text(omit_final_dot=True)
            return reply(words if name == ALIAS else (), wire, known.get(name, CLOSED))

        stack.enter_context(datagram_side(lambda wire: [resolve(wire)], NAMESERVER, 53))
        listen(_by_tcp(resolve), NAMESERVER, 53)
        (FOLDER / "listening").touch()
        threading.Event().wait()


if __name__ == "__main__":
    main()
