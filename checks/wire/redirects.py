"""Where a redirect leads (RFC 9110, 10.2.2 and 15.4)."""

import re
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from checks.wire.exchange import Exchange, ExchangeBrokenError, Request, target_of
from checks.wire.printable import printable
from config.endpoints import HTTPS

_REDIRECTS = (301, 302, 303, 307, 308)
_KEEP_METHOD = (307, 308)
_BODY_HEADERS = ("content-type", "content-length")
_HOST = re.compile(r"[a-z0-9_][a-z0-9._-]{0,252}|[0-9a-f:.]+")
"""A name, or an address without a zone (which would be one of ours)."""


def redirection_of(exchange: Exchange) -> str | None:
    """Return the Location of an answer that is a redirect."""
    return exchange.header("location") if exchange.status in _REDIRECTS else None


def follow(request: Request, status: int, location: str) -> Request:
    """Make the request that the redirect asks for.

    As browsers do, a POST becomes a GET unless the status forbids it. Raises
    `ExchangeBrokenError` for a Location that leads nowhere over https.
    """
    try:
        parts = urlsplit(urljoin(request.url, location.strip()))
        host, port = parts.hostname or "", HTTPS if parts.port is None else parts.port
        path = parts.path.encode("latin-1") or b"/"  # the bytes that were sent
        query = parts.query.encode("latin-1")
    except ValueError as error:
        raise ExchangeBrokenError(
            "malformed", f"Location {printable(location)}: {error}"
        ) from error
    if parts.scheme != "https":
        raise ExchangeBrokenError("not-https", f"Location {printable(location)}")
    if not _HOST.fullmatch(host) or port == 0:
        raise ExchangeBrokenError("malformed", f"Location {printable(location)}: no place")
    target = target_of(path + b"?" + query if query else path)
    onward = replace(request, host=host, port=port, target=target)
    if status in _KEEP_METHOD or request.method in ("GET", "HEAD"):
        return onward
    kept = tuple(one for one in request.headers if one[0].lower() not in _BODY_HEADERS)
    return replace(onward, method="GET", body=None, headers=kept)
