"""What git says when it fails, and the layer that it names."""

import re
from typing import Literal

from fixtures.github.tokens import marked

Layer = Literal["names", "connection", "tls", "trust", "http", "git", "unknown"]

_TRACE = re.compile(r"^\d\d:\d\d:\d\d\.\d{6} \S+\.c:\d+ ", re.MULTILINE)
_UNSENT = re.compile("Send failure: (Connection reset|Broken pipe)")
_KEPT = 32768
"""Characters that are kept of a transcript's beginning, and of its end."""
_SAID = 2048
"""Of what git said itself: a server can make it repeat as much as it likes."""

# The first that fits, in git's, libcurl's, GnuTLS's and OpenSSL's own words (C locale).
_WORDS: tuple[tuple[str, Layer], ...] = (
    (r"could not resolve (host|proxy)", "names"),
    (r"certificate verification failed", "trust"),
    (r"ssl certificate problem|certificate verify failed", "trust"),
    (r"certificate subject name|subjectaltname|no alternative certificate", "trust"),
    (r"certificate (has expired|is not yet valid)|self.signed certificate", "trust"),
    (r"gnutls_handshake\(\) failed|ssl_connect|tls connect error", "tls"),
    (r"unexpected tls packet|wrong version number|ssl connection timeout", "tls"),
    (r"repository '.*' not found|is this a git repository|not valid: ", "git"),
    (r"protocol error|bad line length|invalid (packet|ls-refs)|unexpected flush", "git"),
    (r"expected (flush|'?service)|remote error|invalid server response", "git"),
    (r"the requested url returned error|authentication failed", "http"),
    (r"could not read (username|password)|redirect|empty reply from server", "http"),
    (r"failed to connect to|couldn't connect to server|connection refused", "connection"),
    (r"no route to host|network is unreachable", "connection"),
)
# How far the trace came, for words that fit several layers (resets, timeouts): the last that fits.
_STEPS: tuple[tuple[str, Layer], ...] = (
    (r"== Info: *Trying ", "connection"),
    (r"== Info: Connected to |== Info: found \d+ certificates|ALPN", "tls"),
    (r"=> Send header:|== Info: using HTTP/", "http"),
)


def layer_of(transcript: str) -> Layer:
    """Return the layer at which git failed, by its own words and then by its trace.

    Words such as `Connection reset by peer` are the same in every layer.
    """
    said = said_by_git(transcript)
    for words, layer in _WORDS:
        if re.search(words, said, re.IGNORECASE):
            return layer
    reached: Layer = "unknown" if said or not _TRACE.search(transcript) else "names"
    for step, layer in _STEPS:
        if re.search(step, transcript):
            reached = layer
    if reached == "tls" and _UNSENT.search(said):
        return "connection"  # reset before a ClientHello could be sent
    return reached


def said_by_git(transcript: str) -> str:
    """Return what git said itself, without its trace; of much, the beginning and the end."""
    # Not splitlines: what else ends a line there may stand in a header that the trace repeats.
    # ssh ends its lines by both: a lone CR would begin a terminal's line anew.
    whole = (line.rstrip("\r") for line in transcript.split("\n"))
    lines = (line for line in whole if line and not _TRACE.match(line))
    return _shorten("; ".join(lines), _SAID, " ")


def shorten(transcript: str) -> str:
    """Keep the beginning and the end of a long transcript, and say what was left out."""
    return _shorten(transcript, _KEPT, "\n")


def _shorten(text: str, kept: int, around: str) -> str:
    if len(text) <= 2 * kept:
        return text
    text = marked(text)
    left_out = len(text) - 2 * kept
    if left_out <= 0:
        return text
    note = f"{around}… {left_out} characters left out …{around}"
    return f"{text[:kept]}{note}{text[-kept:]}"
