"""A first profile, written from what is found on this host."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from config.mistakes import credentials, printable

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_PATH = re.compile(r"[A-Za-z0-9._~][A-Za-z0-9._~/+-]{0,200}")
_NEAR_GIT = re.compile(r"(?:[^@/\s]+@)?(?P<host>[^:/\s@]+):(?P<path>[^\s]+)")
_STAMP = re.compile(r"\d{4}-?\d{2}-?\d{2}(?:[T_ ]?\d{2}:?\d{2}(?::?\d{2})?)?Z?")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@dataclass(frozen=True, slots=True)
class Remote:
    """A git repository that the working folder was cloned from or pushes to."""

    host: str
    path: str


@dataclass(frozen=True, slots=True)
class Block:
    """A stamped comment in the hosts file, and the names on the lines below it."""

    marker: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """What this host shows of its network, as far as a profile can use it."""

    nameservers: tuple[str, ...] = ()
    block: Block | None = None
    remotes: tuple[Remote, ...] = ()
    proxies: tuple[tuple[str, str], ...] = ()


def look_around(root: Path, folder: Path, environment: Mapping[str, str]) -> Findings:
    """Look at the files of the host whose root folder is given, and at a working folder's git."""
    return Findings(
        nameservers=nameservers_of(_text(root / "etc/resolv.conf")),
        block=block_of(_text(root / "etc/hosts")),
        remotes=_remotes(folder),
        proxies=tuple(
            (name, _without_password(environment[name]))
            for proxy in _PROXIES
            for name in (proxy, proxy.upper())
            if environment.get(name)
        ),
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def nameservers_of(resolv_conf: str) -> tuple[str, ...]:
    """Return the nameservers that a resolv.conf names."""
    lines = (line.split() for line in resolv_conf.splitlines())
    return tuple(words[1] for words in lines if len(words) > 1 and words[0] == "nameserver")


def block_of(hosts: str) -> Block | None:
    """Return the first stamped comment of a hosts file that stands above lines with names."""
    marker, names = None, []
    for line in hosts.splitlines():
        text, _, comment = line.partition("#")
        words = text.split()
        if marker and words:
            names += [name for name in words[1:] if _HOST.fullmatch(name)]
        elif marker and names:
            break
        else:
            marker = _marker(comment.strip())
    return Block(marker, tuple(dict.fromkeys(names))) if marker and names else None


def _marker(comment: str) -> str | None:
    if not comment.isprintable() or comment.startswith("#") or any(credentials(comment)):
        return None
    marker, stamps = _STAMP.subn("{stamp}", comment)
    return marker if stamps == 1 else None


def _remotes(folder: Path) -> tuple[Remote, ...]:
    command = ["git", "-C", str(folder), "config", "--get-regexp", r"^remote\..*\.url$"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    remotes = (remote_of(line.partition(" ")[2]) for line in lines)
    return tuple(dict.fromkeys(remote for remote in remotes if remote))


def remote_of(url: str) -> Remote | None:
    """Return the host and path of a git URL that names a host; what else it holds is dropped."""
    if "://" in url:
        try:
            split = urlsplit(url)
            host, path = split.hostname or "", split.path
        except ValueError:
            return None
    elif near := _NEAR_GIT.fullmatch(url):
        host, path = near["host"], near["path"]
    else:
        return None
    path = path.strip("/")
    fits = _HOST.fullmatch(host) and _PATH.fullmatch(path) and not any(credentials(path))
    return Remote(host, path) if fits else None


def _without_password(url: str) -> str:
    before, at, after = url.rpartition("@")
    scheme = before.partition("://")[0] + "://" if "://" in before else ""
    return f"{scheme}…@{after}" if at else url


def profile_text(name: str, findings: Findings) -> str:
    """Write a commented profile that expects what was found."""
    remotes = findings.remotes or (Remote("github.com", "actions/checkout"),)
    hosts = dict.fromkeys(remote.host for remote in remotes)
    parts = [
        _HEAD.format(name=_name(name), today=datetime.now(UTC).date()),
        *(_comment(f"{variable} is set here: {value}") for variable, value in findings.proxies),
        _NAMESERVERS.format(found=_found(findings.nameservers)),
        "endpoints:\n",
        *(_endpoint(host, [one.path for one in remotes if one.host == host]) for host in hosts),
        _HOSTS,
        _block(findings.block),
        _TAIL,
    ]
    return "".join(parts)


def _name(name: str) -> str:
    fitting = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("._-")[:64]
    # In quotes a name such as 267 or true stays text.
    return f'"{fitting or "mine"}"'


def _comment(text: str) -> str:
    return f"# {printable(text)}\n"


def _found(nameservers: tuple[str, ...]) -> str:
    return printable(", ".join(nameservers)) if nameservers else "none"


def _endpoint(host: str, paths: list[str]) -> str:
    ranges = "    ranges: [web, git]\n" if host == "github.com" else ""
    others = "".join(_comment(f"     another repository there: {path}") for path in paths[1:])
    return _ENDPOINT.format(host=host, path=paths[0], ranges=ranges, others=others)


def _block(block: Block | None) -> str:
    if block is None:
        return (
            "  block:\n    absent: the hosts file pinned no names when this profile was written\n"
        )
    marker = block.marker.replace("\\", "\\\\").replace('"', '\\"')
    names = "".join(f'      - "{name}"\n' for name in block.names)
    return f'  block:\n    marker: "{marker}"\n    names:\n{names}'


_HEAD = """\
# What is expected of this host's network. Written by `python -m config init` on {today}
# from what it found here: read it, and change what is not what you expect.
#
#   python -m config check THIS-FILE         whether it can be used
#   pytest -m smoke --profile=./THIS-FILE    names, and one page
#   pytest -m network --profile=./THIS-FILE  everything
#
# All fields: python -m config schema. An example of most: config/profiles/cube-castle.yaml

name: {name}
description: The network of this host.

# Where to look from: this host.
vantages:
  - {{name: here, kind: local}}

# How long each layer may take before it counts as silent, and all layers together.
deadlines:
  resolve: 10s
  connect: 10s
  tls: 10s
  http: 20s
  git: 20s
  sighting: 60s

# Dated lists of GitHub's networks: config/ranges/github.yaml. An address outside them must
# show the name's own certificate. `python -m config refresh-ranges` takes them anew.
ranges: github

# Addresses that no name may resolve to.
forbidden: []
# forbidden: [11.2.0.12]

"""

_NAMESERVERS = """\
# Asked directly, beside the system's resolver: `configured` is what resolv.conf names
# (found: {found}). Or a list: [9.9.9.9, 10.0.0.2:5353]
nameservers: configured

# Asked over TLS or HTTPS, once a name was found wrong. Nobody is, unless named here.
# trusted_resolvers: [{{name: quad9, address: 9.9.9.9, dot: dns.quad9.net}}]

"""

_ENDPOINT = """\
  - host: "{host}"
{ranges}\
    http:
      - path: /                # must answer 200 to a browser
        user_agent: browser
    git: {{path: "{path}"}}
{others}\
"""

_HOSTS = """\

# The hosts file must be well-formed and in use. A managed block is a stamped comment and
# the lines below it that pin names; {stamp} stands for its UTC time.
hosts:
  path: /etc/hosts
"""

_TAIL = """\

# Values that must be written nowhere, by where they are found. Never the values.
secrets: []
# secrets:
#   - {name: GITHUB_TOKEN, env: GITHUB_TOKEN}

# Violations that somebody accepted, for a while. They stay visible.
waivers: []
# waivers:
#   - check: check_certificate_outlives_the_renewal_window
#     target: github.com
#     reason: renewed on Monday
#     approved_by: A. Person
#     until: 2027-01-31

# A folder to which each run's log is copied; it begins at the folder of this file.
# log_dir: logs/network
"""
