"""git, run so that it neither asks, nor trusts, nor waits for anything by itself."""

import math
import os
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from fixtures.vantages import Output, Vantage, VantageError
from reports.temporary import temporary_folder

# Not a repository's settings (`-C /`) but the host's and the user's: proxies and authorities
# that git finds there are what it works with. Not their helpers and not their leniency.
_SETTINGS = ("credential.helper=", "core.askPass=", "http.sslVerify=true")
_UNSET = ("GIT_SSL_NO_VERIFY", "GIT_DIR", "GIT_WORK_TREE")
_ENVIRONMENT = (
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_ASKPASS", ""),
    ("SSH_ASKPASS", ""),
    ("GIT_TRACE_CURL", "2"),  # to its error output
    ("GIT_TRACE_CURL_NO_DATA", "1"),
    ("GIT_TRACE_REDACT", "1"),
)
MEMORY = 512
"""MiB of memory that git may take, each of its processes: it keeps what a server says until the
server ends, which a hostile one never does. A million refs take 320."""
_BOUNDED = f'ulimit -d {MEMORY * 1024} 2>/dev/null; exec "$@"'
_OF_THIS_HOST = frozenset({"local", "lab", "netns"})
"""Kinds of vantages whose commands find this host's files."""
# What a command elsewhere makes for itself is left behind where it is killed: at its deadline, or
# with the run. So `left_alone PATH SECONDS` has a process of its own remove it then.
LEFT_ALONE = r"""
left_alone() {
  set -- "$(command -v setsid)" "$@"
  $1 sh -c 'n=$2; while [ "$n" -gt 0 ] && [ -e "$1" ]; do sleep 1; n=$((n - 1)); done
    rm -rf -- "$1"' sh "$2" "$3" </dev/null >/dev/null 2>&1 &
}
"""
LONGER = 5
"""Seconds after a deadline in which a command that was left alone has been killed there."""
# Elsewhere the authorities are given as text (certificates are public), and the bundle is made
# there, of what git there trusts anyway and of them.
_TRUSTING = f"""{LEFT_ALONE}
seconds=$1; shift
for store in "$GIT_SSL_CAINFO" /etc/ssl/certs/ca-certificates.crt \
  /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem; do
  [ -f "$store" ] && break; store=
done
bundle=$(mktemp) || exit 126
trap 'rm -f "$bundle"' EXIT
left_alone "$bundle" "$seconds"
{{ [ -z "$store" ] || cat "$store"; printf '%s\\n' "$AUTHORITIES"; }} >"$bundle"
unset AUTHORITIES
GIT_SSL_CAINFO=$bundle "$@"
"""
_MOST = 64 * 1024
"""Bytes of authorities that are given to a command elsewhere."""
_NO_SUCH_COMMAND, _NO_BUNDLE = 127, 126
_REF = re.compile(rb"^([0-9a-f]{40}|[0-9a-f]{64})\t(\S+)$", re.MULTILINE)
_CUT = re.compile(rb"^\[cut: \d+ bytes are left out\]$", re.MULTILINE)


class Listed(NamedTuple):
    """What `git ls-remote` printed: how many refs, HEAD's object, and whether there was more."""

    refs: int
    head: str | None
    cut: bool


async def run_ls_remote(
    url: str, vantage: Vantage, pins: Sequence[str], *, deadline: float
) -> Output:
    """Run `git ls-remote`; see `run_git`."""
    return await run_git(("ls-remote", url), vantage, pins, deadline=deadline)


async def run_git(
    arguments: Sequence[str],
    vantage: Vantage,
    pins: Sequence[str],
    *,
    around: Sequence[str] = (),
    env: Sequence[tuple[str, str]] = (),
    deadline: float,
) -> Output:
    """Run git with libcurl's trace, which hides credentials, on its error output.

    `pins` are `HOST:PORT:ADDRESS` where the vantage's own resolver is not git's, and `around`
    is a command that runs the one that it is given. Raises `VantageError`, also where there
    is no git.
    """
    env = (*_ENVIRONMENT, *env)
    unset = [word for name in _UNSET for word in ("-u", name)]
    settings = [*_SETTINGS, *(f"http.curloptResolve={pin}" for pin in pins)]
    configured = [word for setting in settings for word in ("-c", setting)]
    bounded = ("sh", "-c", _BOUNDED, "sh")
    argv = (*around, "env", *unset, *bounded, "git", "-C", "/", *configured, *arguments)
    if vantage.authorities and vantage.kind not in _OF_THIS_HOST:
        given = (("AUTHORITIES", _as_text(vantage.authorities)),)
        argv = ("sh", "-c", _TRUSTING, "sh", str(math.ceil(deadline) + LONGER), *argv)
        ended = await vantage.run(argv, deadline=deadline, env=(*env, *given))
    else:
        with _authorities(vantage.authorities) as trusted:
            ended = await vantage.run(argv, deadline=deadline, env=(*env, *trusted))
    if ended.status == _NO_SUCH_COMMAND:
        said = ended.err.decode("utf-8", "replace").strip()
        raise VantageError(f"git cannot be run at {vantage.name}: {said}", "install git there")
    if ended.status == _NO_BUNDLE:
        said = ended.err.decode("utf-8", "replace").strip()
        raise VantageError(
            f"git at {vantage.name} cannot be given the profile's authorities: {said}",
            "let commands there write to /tmp",
        )
    return ended


def refs_in(output: bytes) -> Listed:
    """Count the refs that `git ls-remote` printed, as far as its output was kept."""
    refs = [(line[2], line[1].decode()) for line in _REF.finditer(output)]
    head = next((value for name, value in refs if name == b"HEAD"), None)
    return Listed(len(refs), head, cut=_CUT.search(output) is not None)


@contextmanager
def _authorities(paths: Sequence[str]) -> Iterator[tuple[tuple[str, str], ...]]:
    """Name a bundle of what git trusts anyway and of these authorities.

    `http.sslCAInfo` and GIT_SSL_CAINFO replace the system's store, and the variable goes
    before the setting. All that run at the same time have one bundle: it is made for the
    first of them, and goes with the last.
    """
    if not paths:
        yield ()
        return
    store = os.environ.get("GIT_SSL_CAINFO") or ssl.get_default_verify_paths().cafile
    bundle = _take_bundle((*filter(None, [store]), *paths))
    try:
        yield (("GIT_SSL_CAINFO", str(bundle.path)),)
    finally:
        _give_back(bundle)


@dataclass(slots=True)
class _Bundle:
    """A file of authorities, for as long as somebody uses it."""

    paths: tuple[str, ...]
    path: Path
    remove: ExitStack
    users: int = 0


_bundles: dict[tuple[str, ...], _Bundle] = {}
_of_bundles = Lock()
"""More than one event loop looks."""


def _take_bundle(paths: tuple[str, ...]) -> _Bundle:
    with _of_bundles:
        if paths not in _bundles:
            content = b"".join(_pem(path) for path in paths)
            with ExitStack() as stack:
                path = stack.enter_context(temporary_folder("authorities")) / "authorities.pem"
                path.write_bytes(content)
                _bundles[paths] = _Bundle(paths, path, stack.pop_all())
        _bundles[paths].users += 1
        return _bundles[paths]


def _give_back(bundle: _Bundle) -> None:
    with _of_bundles:
        bundle.users -= 1
        if not bundle.users:
            del _bundles[bundle.paths]
            bundle.remove.close()


def _pem(path: str) -> bytes:
    try:
        return Path(path).read_bytes() + b"\n"
    except OSError as error:
        said = f"the authorities in {path} could not be read: {error.strerror}"
        raise VantageError(said, "name a PEM file of certificates") from error


def _as_text(paths: Sequence[str]) -> str:
    """Return the authorities as they are given to a command elsewhere."""
    content = b"".join(_pem(path) for path in paths)
    if len(content) > _MOST:
        raise VantageError(
            f"git elsewhere cannot be given more than {_MOST} bytes of authorities",
            "name a file of the few that are needed",
        )
    return content.decode("ascii", "replace")
