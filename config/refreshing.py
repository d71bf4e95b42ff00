"""Known address ranges, taken anew from GitHub's meta API."""

import hashlib
import json
import time
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

import httpx

from config.addresses import RangesFile
from config.files import replace_file
from config.loading import RANGES, parse_ranges, shown

META = "https://api.github.com/meta"
"""https://docs.github.com/en/rest/meta/meta#get-github-meta-information"""

GITHUB = RANGES / "github.yaml"

NEEDED = ("web", "api", "git")
TAKEN = (*NEEDED, "packages", "pages")
"""Not `actions`: those are the sources of GitHub's own runners."""

WIDEST = {4: 8, 6: 16}
"""The shortest prefix that is believed, for each version of IP."""

SIZE = 8 << 20
SECONDS = 60.0


class RefreshError(Exception):
    """The ranges were not replaced. The message is for a person."""


def refresh(url: str = META, path: Path = GITHUB) -> RangesFile:
    """Replace the file of known ranges by what the API answers; raises `RefreshError`.

    Whatever goes wrong, the old file stays as it is.
    """
    answer = _fetch(url)
    text = _written(url, answer, _sets(answer))
    ranges = parse_ranges(text, path)
    try:
        replace_file(path, text)
    except OSError as error:
        raise RefreshError(f"{shown(path)} cannot be written: {error.strerror}") from None
    return ranges


def _fetch(url: str) -> bytes:
    began = time.monotonic()
    content = bytearray()
    try:
        with (
            httpx.Client(timeout=10.0, follow_redirects=True, max_redirects=5) as client,
            client.stream("GET", url, headers={"Accept-Encoding": "identity"}) as response,
        ):
            if url.startswith("https:") and response.url.scheme != "https":
                raise RefreshError(f"{url} leads away from https, to {response.url}")
            if response.status_code != httpx.codes.OK:
                raise RefreshError(f"{response.url} answers {response.status_code}; expected 200")
            for part in response.iter_bytes():
                content += part
                if len(content) > SIZE:
                    raise RefreshError(f"{url} answers more than {SIZE} bytes")
                if time.monotonic() - began > SECONDS:
                    raise RefreshError(f"{url} takes longer than {SECONDS:.0f} s")
    except httpx.TooManyRedirects:
        raise RefreshError(f"{url} redirects more than 5 times") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        words = str(error) or type(error).__name__
        raise RefreshError(f"{url} cannot be read: {words}") from None
    return bytes(content)


def _sets(answer: bytes) -> dict[str, list[str]]:
    try:
        meta = json.loads(answer)
    except (ValueError, RecursionError):
        raise RefreshError(f"the answer is not JSON; it begins with {answer[:40]!r}") from None
    if not isinstance(meta, dict):
        raise RefreshError("the answer is no JSON object")
    missing = [name for name in NEEDED if name not in meta]
    if missing:
        raise RefreshError(f"the answer has no networks named {', '.join(missing)}")
    return {name: _networks(name, meta[name]) for name in TAKEN if name in meta}


def _networks(name: str, listed: Any) -> list[str]:
    if not isinstance(listed, list) or not listed:
        raise RefreshError(f"the answer's {name} is no list of networks, or an empty one")
    return [str(_network(name, one)) for one in listed]


def _network(name: str, text: Any) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(text) if isinstance(text, str) else None
    except ValueError:
        network = None
    if network is None:
        raise RefreshError(f"the answer's {name} holds {str(text)[:60]!r}, which is no network")
    if network.prefixlen < WIDEST[network.version]:
        raise RefreshError(f"the answer's {name} holds {network}, which is too wide to be known")
    return network


def _written(url: str, answer: bytes, sets: dict[str, list[str]]) -> str:
    lines = [
        "# The networks in which GitHub's addresses are known to lie.",
        "# Written by `python -m config refresh-ranges`; changes by hand are lost.",
        "",
        f"source: {json.dumps(f'fetched from {url}')}",
        f'dated: "{datetime.now(UTC).date()}"',
        f"answer_sha256: {hashlib.sha256(answer).hexdigest()}",
        "sets:",
    ]
    for name, networks in sets.items():
        lines += [f"  {name}:", *(f'    - "{network}"' for network in networks)]
    return "\n".join(lines) + "\n"
