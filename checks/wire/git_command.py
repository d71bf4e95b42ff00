"""`git ls-remote`, run so that it neither asks, nor trusts, nor waits for anything by itself."""

import os
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
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
_NO_SUCH_COMMAND = 127
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
    """Run `git ls-remote` with libcurl's trace, which hides credentials, on its error output.

    `pins` are `HOST:PORT:ADDRESS` where the vantage's own resolver is not git's. Raises
    `VantageError`, also where there is no git.
    """
    unset = [word for name in _UNSET for word in ("-u", name)]
    settings = [*_SETTINGS, *(f"http.curloptResolve={pin}" for pin in pins)]
    configured = [word for setting in settings for word in ("-c", setting)]
    bounded = ("sh", "-c", _BOUNDED, "sh")
    argv = ("env", *unset, *bounded, "git", "-C", "/", *configured, "ls-remote", url)
    with _authorities(vantage.authorities) as trusted:
        ended = await vantage.run(argv, deadline=deadline, env=(*_ENVIRONMENT, *trusted))
    if ended.status == _NO_SUCH_COMMAND:
        said = ended.err.decode("utf-8", "replace").strip()
        raise VantageError(f"git cannot be run at {vantage.name}: {said}", "install git there")
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
    before the setting.
    """
    if not paths:
        yield ()
        return
    store = os.environ.get("GIT_SSL_CAINFO") or ssl.get_default_verify_paths().cafile
    with temporary_folder("authorities") as folder:
        bundle = folder / "authorities.pem"
        bundle.write_bytes(b"".join(_pem(path) for path in (*filter(None, [store]), *paths)))
        yield (("GIT_SSL_CAINFO", str(bundle)),)


def _pem(path: str) -> bytes:
    try:
        return Path(path).read_bytes() + b"\n"
    except OSError as error:
        said = f"the authorities in {path} could not be read: {error.strerror}"
        raise VantageError(said, "name a PEM file of certificates") from error
