"""git asked about a repository that a profile names: a worktree, a bare one, or a URL."""

import os
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from checks.wire.certificates import is_address
from checks.wire.git_command import run_git
from checks.wire.git_words import said_by_git
from config.lanes.places import is_url
from fixtures.repositories.git import ENVIRONMENT, git_in
from fixtures.vantages import NameNotResolvedError, Output, SourceError, Vantage
from fixtures.vantages.commands import LIMIT
from fixtures.vantages.placing import path_at

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_REMOTES = (("GIT_ALLOW_PROTOCOL", "http:https:ssh:git:file"),)
_QUIET = (("GIT_TRACE_CURL", "0"),)
_FEEDING = 'feed=$1; shift; printf "%s\\n" "$feed" | "$@"'
_OF_THIS_HOST = frozenset({"local", "lab", "netns"})
_PORTS = {"http": 80, "https": 443}


class TooMuchError(SourceError):
    """git wrote more than is kept: who asks for less may be told."""


@dataclass(frozen=True, slots=True)
class Said:
    """What git wrote, and how it ended."""

    status: int
    out: bytes
    words: str
    """Its own words on its error output."""
    trace: str = ""
    """libcurl's trace beside them, where it was asked for; git hides credentials in it."""


async def ask_folder(
    folder: str,
    words: Sequence[str],
    vantage: Vantage,
    *,
    feed: Sequence[str] = (),
    env: Sequence[tuple[str, str]] = (),
    deadline: float,
) -> Said:
    """Run git in a repository's folder, by nobody's configuration but the repository's.

    It asks no remote, and looks for no repository above the folder: that one would answer in its
    place. `feed` are lines for its input. Raises `VantageError` where git cannot be
    run, does not end by the deadline (seconds), or writes more than is kept.
    """
    around = ("sh", "-c", _FEEDING, "sh", "\n".join(feed)) if feed else ()
    ended = await run_git(
        (*git_in(Path(folder))[1:], *words),
        vantage,
        (),
        around=around,
        env=(*_QUIET, *ENVIRONMENT.items(), *env, _not_above(folder, vantage)),
        deadline=deadline,
    )
    return _said(ended, f"git {_command(words)} in {folder}", deadline)


def _not_above(folder: str, vantage: Vantage) -> tuple[str, str]:
    """Return what keeps git below the folder's parent, also where links lead to the folder."""
    parents = [str(Path(folder).parent)]
    if vantage.kind in _OF_THIS_HOST:
        parents.append(str(Path(os.path.realpath(folder)).parent))
    return "GIT_CEILING_DIRECTORIES", os.pathsep.join(dict.fromkeys(parents))


def placed(folder: str, vantage: Vantage) -> str:
    """Return where a folder of a profile lies: in the lab, paths begin below the lab's own root."""
    return str(path_at(folder, vantage))


async def ask_remote(
    words: Sequence[str],
    url: str,
    vantage: Vantage,
    *,
    around: Sequence[str] = (),
    traced: bool = False,
    deadline: float,
) -> Said:
    """Run a command of git's that asks the remote at the URL; `{url}` stands for it in the words.

    Proxies, authorities and keys are what git has there; it asks nobody for a password. Raises
    `VantageError` as `ask_folder` does.
    """
    found, pins = await _found(url, vantage, deadline)
    given = [found if word == "{url}" else word for word in words]
    env = _REMOTES if traced else (*_QUIET, *_REMOTES)
    ended = await run_git(given, vantage, pins, around=around, env=env, deadline=deadline)
    return _said(ended, f"git {_command(words)} {url}", deadline)


def refused(what: str, said: Said, mend: str) -> SourceError:
    """Return what is raised where git did not tell: its own words, and a mend."""
    words = said.words or f"git ended with {said.status}"
    return SourceError(f"{what}: {words}", mend)


def by_hand(repository: str, *words: str) -> str:
    """Word a command of git's on a repository, for people; `{url}` stands for a remote."""
    is_remote = is_url(repository)
    given = shlex.join(
        (repository if is_remote else ".") if one == "{url}" else one for one in words
    )
    if is_remote:
        return f"GIT_TERMINAL_PROMPT=0 git {given}"
    return f"git -C {shlex.quote(repository)} {given}"


def _command(words: Sequence[str]) -> str:
    """Return the name of a command among its words: behind options, and what they take."""
    return next((word for word in words if word.isascii() and word[:1].islower()), "")


async def _found(url: str, vantage: Vantage, deadline: float) -> tuple[str, list[str]]:
    """Return the URL as it is found from the vantage, and what git has to be told of its host.

    Only the lab, which this host's resolver does not know, moves ports and names addresses.
    """
    parts = urlsplit(url) if _SCHEME.match(url) else None
    if vantage.kind != "lab" or parts is None or parts.scheme not in _PORTS or not parts.hostname:
        return url, []
    host, port = parts.hostname, parts.port or _PORTS[parts.scheme]
    if is_address(host):
        moved = vantage.port(host, port)
        return parts._replace(netloc=f"{host}:{moved}").geturl(), []
    try:
        addresses = (await vantage.resolve(host, deadline=deadline)).addresses
    except (NameNotResolvedError, TimeoutError) as error:
        raise SourceError(f"{host} is not resolved at {vantage.name}: {error}", "") from error
    moved = vantage.port(addresses[0], port)
    pins = [f"{host}:{moved}:{','.join(addresses)}"]
    return parts._replace(netloc=f"{host}:{moved}").geturl(), pins


def _said(ended: Output, what: str, deadline: float) -> Said:
    trace = ended.err.decode("utf-8", "replace")
    words = said_by_git(trace)
    if ended.status is None:
        heard = f"; it said: {words}" if words else ""
        raise SourceError(
            f"{what} did not end within {deadline:g} s{heard}",
            "look whether the remote, or its file system, hangs",
        )
    if len(ended.out) > LIMIT:
        raise TooMuchError(f"{what} wrote more than {LIMIT} bytes", "ask for less of it")
    return Said(ended.status, ended.out, words, trace)
