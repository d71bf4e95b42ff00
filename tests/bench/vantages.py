"""Four vantages at once, beside the shell script that goes to each of them in turn."""

import json
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from fixtures.lab.git import make_repository
from tests.bench.apart import FAR, Apart, apart, inside, within
from tests.bench.farm import Farm, farm
from tests.bench.machine import (
    BrokenError,
    Ended,
    MissingError,
    program,
    pytest_here,
    timed,
    version_of,
    wait_for,
)
from tests.bench.rows import Bench, Peer, Row, compared

_ENDPOINTS = 200
_VANTAGES = 4
_SAMPLE = 10
"""Endpoints that the script looks at, from one vantage."""
_ROUND_TRIP = 0.1
_AT_MOST = 0.1
_STARTED = 30.0
_SENTENCES = (
    "checks/network/check_names.py::check_name_resolves",
    "checks/network/check_http.py::check_response_has_the_expected_status",
    "checks/network/check_git.py::check_git_lists_refs",
    "checks/tls/check_handshake.py::check_handshake_completes",
)
"""What the script looks at too; ours is judged, and written down."""
_ADVERTISEMENT = "application/x-git-upload-pack-advertisement"
_SCRIPT = """\
set -eu
export GIT_SSL_CAINFO={authority} GIT_TERMINAL_PROMPT=0
for name in {names}; do
  getent hosts "$name"
  curl -sS -o /dev/null -w '%{{http_code}}\\n' --cacert {authority} "https://$name:{port}/"
  git ls-remote "https://$name:{port}/demo.git"
  openssl s_client -connect "$name:{port}" -servername "$name" -CAfile {authority} \\
    -verify_return_error -brief </dev/null 2>&1
done
"""


def measure(
    bench: Bench,
    endpoints: int = _ENDPOINTS,
    sample: int = _SAMPLE,
    round_trip: float = _ROUND_TRIP,
) -> Iterator[Row]:
    """Look at 200 endpoints from four vantages 100 ms away: names, pages, refs, handshakes.

    Ours is the whole program, from start to exit, with a namespace for each vantage. The
    script does the same in one of them with getent, curl, git and openssl, for some of the
    endpoints; its time is scaled to all of them, from all vantages, since it goes from one to
    the next.
    """
    with ExitStack() as stack:
        networks = stack.enter_context(apart(_VANTAGES, round_trip))
        served = stack.enter_context(_served(bench.folder, networks, endpoints))
        profile = _write_profile(bench.folder / "profile.yaml", served, networks)
        evidence = f"--evidence-dir={bench.folder / 'evidence'}"
        ours = pytest_here(f"--profile={profile}", evidence, "--no-escalate", *_SENTENCES)
        script = bench.folder / "script.sh"
        script.write_text(_script(served, sample))
        theirs = [*within(networks.nears[0]), "sh", str(script)]
        found = bench.by_turns(
            ours=lambda: _judged(ours, len(_SENTENCES) * endpoints * _VANTAGES),
            script=lambda: _walked(theirs, sample),
        )
    scale = endpoints * _VANTAGES / sample
    yield compared(
        "four-vantages",
        [one.seconds for one in found["ours"]],
        Peer("a script of getent, curl, git and openssl", version_of("curl", "--version")),
        [one.seconds * scale for one in found["script"]],
        unit="s",
        better="lower",
        target=_AT_MOST,
        note=f"{endpoints} endpoints from {_VANTAGES} vantages, round trip"
        f" {round_trip * 1000:g} ms; the script looked at"
        f" {sample} from one, and its time is times {scale:g}",
    )


@contextmanager
def _served(folder: Path, networks: Apart, endpoints: int) -> Iterator[Farm]:
    """Serve pages and a repository in the far network, by names that its nameserver knows."""
    far = within(networks.far)
    refs = folder / "refs"
    refs.write_bytes(_advertisement(folder))
    kind = f"types {{}} default_type {_ADVERTISEMENT};"
    pages = f"location = /demo.git/info/refs {{ {kind} alias {refs}; }}"
    with ExitStack() as stack:
        with inside(networks.nears[0]):
            served = stack.enter_context(farm(folder / "farm", endpoints, FAR, far, pages))
        stack.enter_context(_named(folder, served, networks))
        yield served


def _advertisement(folder: Path) -> bytes:
    """Return what git's own http-backend advertises of a repository, for a server to repeat."""
    repository = make_repository(folder)
    asked = {
        "GIT_PROJECT_ROOT": str(repository.parent),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": f"/{repository.name}/info/refs",
        "QUERY_STRING": "service=git-upload-pack",
        "REQUEST_METHOD": "GET",
    }
    command = ["env", *(f"{name}={value}" for name, value in asked.items()), "git", "http-backend"]
    said = subprocess.run(command, capture_output=True, timeout=30, check=True).stdout
    return said.partition(b"\r\n\r\n")[2]


@contextmanager
def _named(folder: Path, served: Farm, networks: Apart) -> Iterator[None]:
    """Let each near network ask a nameserver in the far one."""
    address = f"{FAR}.255.254"
    hosts = folder / "hosts"
    hosts.write_text("".join(f"{site.address} {site.name}\n" for site in served.sites))
    command = [
        *within(networks.far),
        program("dnsmasq", "apt-get install dnsmasq-base"),
        *("--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--user=root"),
        *("--no-resolv", "--no-hosts", f"--addn-hosts={hosts}", "--local=/bench.test/"),
        *(f"--listen-address={address}", "--bind-interfaces"),
    ]
    places = [Path("/etc/netns", name) for name in networks.nears]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        for place in places:
            place.mkdir(parents=True)
            (place / "resolv.conf").write_text(f"nameserver {address}\n")
        with inside(networks.nears[0]):
            if not wait_for(process, address, 53, _STARTED):
                raise MissingError("dnsmasq does not start here", "apt-get install dnsmasq-base")
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)
        for place in places:
            shutil.rmtree(place, ignore_errors=True)


def _write_profile(path: Path, served: Farm, networks: Apart) -> Path:
    absent = {"absent": "it is not measured"}
    endpoints = [
        {"host": site.name, "port": served.https, "http": [{}], "git": {"path": "demo.git"}}
        for site in served.sites
    ]
    vantages = [{"name": one, "kind": "netns", "namespace": one} for one in networks.nears]
    profile = {
        "name": "bench",
        "vantages": vantages,
        "nameservers": absent,
        "hosts": absent,
        "authorities": [str(served.authority)],
        "endpoints": endpoints,
    }
    path.write_text(json.dumps(profile))  # which is YAML too
    return path


def _script(served: Farm, sample: int) -> str:
    names = " ".join(site.name for site in served.sites[:sample])
    return _SCRIPT.format(
        names=names, authority=shlex.quote(str(served.authority)), port=served.https
    )


def _judged(command: Sequence[str], checks: int) -> Ended:
    ended = timed(command)
    if f"{checks} passed" not in ended.out:
        raise BrokenError(f"not all were upheld:\n{ended.out[-2000:]}")
    return ended


def _walked(command: Sequence[str], sample: int) -> Ended:
    ended = timed(command)
    for words in ("\n200\n", "\trefs/heads/", "Verification: OK"):
        if ended.out.count(words) < sample:
            raise BrokenError(f"the script did not see {words!r} of all:\n{ended.out[-2000:]}")
    return ended
