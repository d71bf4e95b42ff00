"""The client side of TLS without a network: OpenSSL over memory, and what it tells of itself."""

import os
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL, crypto

from checks.wire.certificates import is_address
from checks.wire.tls_words import ALERTS, Alert, Hello, Phase
from fixtures.vantages import Store, VantageError

_CHUNK = 16384
"""Bytes that OpenSSL is given or asked for at once: a record's worth. The buffers of more are new
pages each time."""
_FATAL = 2
_FAREWELL = 0
"""The alert close_notify (RFC 8446, 6.1): ours says that all went well."""
# OpenSSL's own names of its states (ssl/ssl_stat.c): the last one is kept when it fails.
_PHASES: dict[bytes, Phase] = {
    b"before SSL initialization": "client-hello",
    b"SSLv3/TLS write client hello": "client-hello",
    b"SSLv3/TLS read server hello": "server-hello",
    b"TLSv1.3 read encrypted extensions": "server-hello",
    b"SSLv3/TLS read server certificate request": "certificate",
    b"SSLv3/TLS read server certificate": "certificate",
    b"SSLv3/TLS read certificate status": "certificate",
    b"TLSv1.3 read server certificate verify": "certificate",
    b"TLSv1.3 read server compressed certificate": "certificate",
    b"SSLv3/TLS read server key exchange": "key-exchange",
    b"SSLv3/TLS read server done": "key-exchange",
    b"SSLv3/TLS write client certificate": "key-exchange",
    b"SSLv3/TLS write client key exchange": "key-exchange",
    b"SSLv3/TLS write certificate verify": "key-exchange",
}
_FAILED = b"error"
_ALERTED, _MOVED = SSL.SSL_CB_ALERT, SSL.SSL_CB_LOOP | SSL.SSL_CB_EXIT
_ASKS_FOR_CERTIFICATE = b"SSLv3/TLS read server certificate request"


@dataclass(slots=True)
class Trace:
    """What OpenSSL told of one connection while it ran."""

    state: bytes = b"before SSL initialization"
    alert: Alert | None = None
    """The first one; a fatal one stands before a warning that the handshake survived."""
    fatal: bool = False
    errors: list[tuple[int, int]] = field(default_factory=list)
    """Verification errors: code and depth."""
    staple: bytes = b""
    asked_for_certificate: bool = False
    ended: bool = False
    """The far side's FIN was handed on; what OpenSSL writes after it, nobody hears."""

    @property
    def phase(self) -> Phase:
        return _PHASES.get(self.state, "finished")

    @property
    def refused_by_peer(self) -> bool:
        return self.fatal and self.alert is not None and self.alert.sender == "peer"


class Engine:
    """One TLS connection as client. The caller carries the bytes; `SSL.Error` is its failure."""

    def __init__(
        self,
        host: str,
        alpn: tuple[str, ...],
        authorities: tuple[str, ...],
        hello: Hello = "usual",
        store: Store | None = None,
    ) -> None:
        self.trace = Trace()
        self.session = SSL.Connection(trust(authorities, hello, store), None)
        self.session.set_app_data(self.trace)
        if not is_address(host):
            # RFC 6066: no literals, and no trailing dot.
            self.session.set_tlsext_host_name(host.rstrip(".").encode())
        if alpn:
            self.session.set_alpn_protos(_protocols(alpn))
        self.session.request_ocsp()
        self.session.set_connect_state()

    @property
    def may_be_refused_late(self) -> bool:
        """Whether the far side judges our certificate after our own end (RFC 8446, 2)."""
        asked = self.trace.asked_for_certificate
        return asked and self.session.get_protocol_version_name() == "TLSv1.3"

    def shake(self) -> bool:
        """Go on with the handshake; False while bytes of the far side are missing."""
        try:
            self.session.do_handshake()
        except SSL.WantReadError:
            return False
        return True

    def outgoing(self) -> bytes:
        """Take the bytes that are to be sent."""
        taken = b""
        with suppress(SSL.WantReadError):
            while len(part := self.session.bio_read(_CHUNK)) == _CHUNK:
                taken += part
            taken += part
        return taken

    def incoming(self, received: bytes) -> None:
        """Give what was received; nothing means the far side's FIN."""
        if received:
            self.session.bio_write(received)
        else:
            self.trace.ended = True
            self.session.bio_shutdown()

    def decrypt(self, limit: int) -> bytes | None:
        """Return plain bytes, none at the far side's close_notify, None while bytes are missing."""
        try:
            return self.session.recv(limit)
        except SSL.WantReadError:
            return None
        except SSL.ZeroReturnError:
            return b""

    def digest(self) -> None:
        """Let OpenSSL act on what came after the handshake, without taking plain bytes."""
        with suppress(SSL.WantReadError, SSL.ZeroReturnError):
            self.session.recv(1, socket.MSG_PEEK)

    def encrypt(self, plain: bytes) -> None:
        """Make plain bytes outgoing."""
        rest = memoryview(plain)
        while rest:
            rest = rest[self.session.send(bytes(rest[:_CHUNK])) :]

    def farewell(self) -> bytes:
        """Return our close_notify, where the connection still stands."""
        with suppress(SSL.Error):
            self.session.shutdown()
        return self.outgoing()


@lru_cache(maxsize=8)
def _protocols(alpn: tuple[str, ...]) -> list[bytes]:
    return [name.encode() for name in alpn]


def is_tls(first: bytes) -> bool:
    """Tell whether the first bytes of a far side can be those of a TLS record (RFC 8446, 5.1)."""
    kind, major, minor = first[:1], first[1:2], first[2:3]
    return kind in (b"", b"\x15", b"\x16") and major in (b"", b"\x03") and minor <= b"\x04"


def say(error: SSL.Error) -> str:
    """Put OpenSSL's error queue into one line."""
    queue = error.args[0] if error.args else ()
    if isinstance(queue, list | tuple):
        return "; ".join(": ".join(part for part in entry if part) for entry in queue)
    return " ".join(str(one) for one in error.args)


def trust(
    authorities: tuple[str, ...], hello: Hello = "usual", store: Store | None = None
) -> SSL.Context:
    """Return the context that trusts the system store and these PEM files.

    It is made once for as long as the files stand as they are. The system store is the one
    that is given, or this host's: `SSL_CERT_FILE` and `SSL_CERT_DIR` name another one, as
    everywhere. Raises `VantageError` for a file that is no PEM file of certificates.
    """
    stamps = []
    for path in authorities:
        try:
            found = os.stat(path)  # noqa: PTH116 - it is looked at before each handshake
        except OSError as error:
            raise _untrustable(path, error.strerror or str(error)) from error
        stamps.append((path, found.st_mtime_ns, found.st_ino, found.st_size))
    own = store or (os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
    return _context(tuple(stamps), own, hello)


@lru_cache(maxsize=64)
def _context(
    authorities: tuple[tuple[str, int, int, int], ...],
    own: Store | tuple[str | None, str | None],
    hello: Hello,
) -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    if hello == "small":
        context.set_tmp_ecdh(ec.SECP256R1())
    elif hello == "TLSv1.2":
        context.set_max_proto_version(SSL.TLS1_2_VERSION)
    _trust_system(context, own)
    for path, *_ in authorities:
        try:
            context.load_verify_locations(path)
        except SSL.Error as error:
            raise _untrustable(path, say(error)) from error
    store = context.get_cert_store()
    if store is not None:
        # curl and git take an intermediate in the store as an anchor; so do we.
        store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)
    context.set_verify(SSL.VERIFY_PEER, _collect)
    context.set_mode(SSL.MODE_RELEASE_BUFFERS)  # a thousand that wait would hold 30 MB
    context.set_info_callback(_note)
    context.set_ocsp_client_callback(_keep_staple)
    return context


def _trust_system(context: SSL.Context, own: Store | tuple[str | None, str | None]) -> None:
    if isinstance(own, Store):
        if (anchors := context.get_cert_store()) is not None:
            for one in _anchors(own):
                anchors.add_cert(one)
        return
    try:
        context.set_default_verify_paths()
    except SSL.Error as error:
        raise VantageError(
            f"this host's own authorities could not be read: {say(error)}",
            "look at its bundle of certificates, which is empty or broken, or set SSL_CERT_FILE",
        ) from error


@lru_cache(maxsize=64)
def _anchors(store: Store) -> tuple[crypto.X509, ...]:
    """Read the certificates of a store; one that OpenSSL does not take is passed over."""
    taken = []
    for pem in store.pem:
        with suppress(crypto.Error):
            taken.append(crypto.load_certificate(crypto.FILETYPE_PEM, pem))
    return tuple(taken)


def _untrustable(path: str, why: str) -> VantageError:
    return VantageError(
        f"the authorities in {path} could not be read: {why}",
        "name a PEM file of certificates in the profile",
    )


def _collect(
    session: SSL.Connection, _certificate: crypto.X509, code: int, depth: int, ok: int
) -> bool:
    trace: Trace = session.get_app_data()
    if not ok and (code, depth) not in trace.errors:
        trace.errors.append((code, depth))
    return True


def _note(session: SSL.Connection, where: int, code: int) -> None:
    trace: Trace = session.get_app_data()
    if where & _MOVED and not where & _ALERTED:
        state = session.get_state_string()
        if state != _FAILED:
            trace.state = state
            trace.asked_for_certificate |= state == _ASKS_FOR_CERTIFICATE
    elif where & _ALERTED:
        number = code & 0xFF
        ours = bool(where & SSL.SSL_CB_WRITE)
        heard = not (ours and (trace.ended or number == _FAREWELL))
        fatal = code >> 8 == _FATAL
        if heard and (trace.alert is None or (fatal and not trace.fatal)):
            name = ALERTS.get(number, "unassigned")
            trace.alert = Alert(number, name, "us" if ours else "peer")
            trace.fatal = fatal


def _keep_staple(session: SSL.Connection, staple: bytes, _: object) -> bool:
    session.get_app_data().staple = staple
    return True
