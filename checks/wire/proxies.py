"""The proxy for HTTPS that a vantage's environment or the profile names (curl(1), ENVIRONMENT)."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from urllib.parse import unquote, urlsplit

from checks.wire.certificates import is_address
from checks.wire.printable import printable
from config.asking import PROXY
from fixtures.vantages import NameNotResolvedError, Vantage, VantageError

_PROXIES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
_EXEMPTIONS = ("no_proxy", "NO_PROXY")
_SAY = """\
for name in NAMES; do
  eval "value=\\${$name-}"; [ -z "$value" ] || printf '%s %s\\n' "$name" "$value"
done
"""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that is asked by CONNECT, at its address."""

    host: str
    port: int
    address: str
    named_by: str
    """The variable, or the profile."""
    authorization: str | None = field(repr=False)
    """The value of Proxy-Authorization: a secret, which nobody writes down."""

    def __str__(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"{name}:{self.port}"


class NoProxyError(Exception):
    """There is no proxy for the name that could be asked; the text says why."""


async def find_proxy(host: str, vantage: Vantage, named: str | None, *, deadline: float) -> Proxy:
    """Find the proxy that programs at the vantage use for a host over HTTPS.

    `named` is the profile's, for where the environment names none. Raises `NoProxyError`, and
    `VantageError` where neither tells.
    """
    environment = await _environment(vantage, named, deadline)
    if by := _exemption(host, environment):
        raise NoProxyError(f"{by} exempts {host}")
    told = next(((name, environment[name]) for name in _PROXIES if name in environment), None)
    if told is None and named is None:
        raise NoProxyError("neither the environment nor the profile names a proxy")
    name, value = told or ("the profile", named or "")
    return await _read(name, value, vantage, deadline)


async def _environment(vantage: Vantage, named: str | None, deadline: float) -> Mapping[str, str]:
    """Return the variables that are set, lower case first, as curl and git take them."""
    script = _SAY.replace("NAMES", " ".join((*_PROXIES, *_EXEMPTIONS)))
    try:
        ended = await vantage.run(("sh", "-c", script), deadline=deadline)
    except VantageError:
        if named is None:
            raise
        return {}
    if ended.status is None:
        words = f"{vantage.name} did not say its environment within {deadline:g} s"
        raise VantageError(words, "look whether the vantage hangs")
    lines = (line.partition(" ") for line in ended.out.decode("utf-8", "replace").splitlines())
    return {name: value.strip() for name, _, value in lines if name in _PROXIES + _EXEMPTIONS}


def _exemption(host: str, environment: Mapping[str, str]) -> str | None:
    """Return the variable by which the host is asked without a proxy."""
    for name in _EXEMPTIONS:
        if name in environment:
            words = re.split(r"[,\s]+", environment[name])
            return name if any(_exempts(word, host) for word in words if word) else None
    return None


def _exempts(word: str, host: str) -> bool:
    """Tell whether a word of no_proxy means the host: `*`, a name and all below it, a network."""
    if word == "*":
        return True
    if is_address(host):
        try:
            return ip_address(host) in ip_network(word.strip("[]"), strict=False)
        except ValueError:
            return False
    domain = word.casefold().strip(".")
    own = host.casefold().rstrip(".")
    return own == domain or own.endswith(f".{domain}")


async def _read(name: str, value: str, vantage: Vantage, deadline: float) -> Proxy:
    """Read a proxy's URL; nothing of who asks is ever part of what is raised."""
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        host, port = parts.hostname or "", parts.port or PROXY
    except ValueError as error:
        raise NoProxyError(f"what {name} holds is no URL") from error
    if parts.scheme.lower() != "http":
        scheme = parts.scheme if _SCHEME.fullmatch(parts.scheme) else "another kind"
        raise NoProxyError(f"{name} names a proxy of the kind {scheme}, which is not spoken here")
    if not host:
        raise NoProxyError(f"what {name} holds names no host")
    authorization = None
    if parts.username is not None:
        who = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = f"Basic {base64.b64encode(who.encode()).decode()}"
    address = await _address(host, vantage, deadline)
    return Proxy(host, port, address, name, authorization)


async def _address(host: str, vantage: Vantage, deadline: float) -> str:
    if is_address(host):
        return host
    try:
        return (await vantage.resolve(host, deadline=deadline)).addresses[0]
    except NameNotResolvedError as error:
        words = f"the proxy's name {printable(host)} does not resolve: {printable(str(error))}"
        raise NoProxyError(words) from error
    except TimeoutError as error:
        words = f"the proxy's name {printable(host)} does not resolve until the deadline"
        raise NoProxyError(words) from error
