"""A thousand endpoints and more: one nginx, with an address and a certificate for each."""

import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme

from tests.bench.machine import MissingError, program, wait_for
from tests.ports import free_port

_MEND = "apt-get install nginx libnginx-mod-stream"
_STREAM = Path("/usr/lib/nginx/modules/ngx_stream_module.so")
_PER_NET = 250
_TLS, _HTTPS = 8443, 8444
"""The ports in a network of the farm's own."""
_STARTED = 30.0
_FLUSHED = 1.0


@dataclass(frozen=True, slots=True)
class Site:
    """One endpoint: its certificate is for the name and for the address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Farm:
    """Endpoints that listen, each with a certificate of its own below one intermediate."""

    sites: tuple[Site, ...]
    authority: Path
    tls: int
    """The port that completes a handshake, and closes."""
    https: int
    """The port that answers requests with 200."""
    sessions: Path

    def resumed(self, *, since: int = 0) -> Counter[bool]:
        """Count the TLS sessions from line `since` of nginx's log: resumed, or not."""
        time.sleep(1.5 * _FLUSHED)
        lines = self.sessions.read_text().splitlines()[since:]
        return Counter(line.startswith("r") for line in lines)


@contextmanager
def farm(
    folder: Path,
    count: int,
    network: str = "127.77",
    within: Sequence[str] = (),
    pages: str = "",
) -> Iterator[Farm]:
    """Serve so many endpoints on loopback; without session cache and tickets.

    Or in the network, by the words before a command that run it there. `pages` are more
    locations of the HTTPS servers. `$ssl_session_reused` of every session is logged. Raises
    `MissingError` without nginx or its stream module.
    """
    nginx = program("nginx", _MEND)
    folder.mkdir(parents=True)
    sites = tuple(
        Site(f"e{at:04}.bench.test", f"{network}.{at // _PER_NET}.{at % _PER_NET + 1}")
        for at in range(count)
    )
    authority = _issue(folder, sites)
    tls, https = _TLS, _HTTPS
    if not within:
        tls, https = free_port(sites[0].address), free_port(sites[0].address)
    served = Farm(sites, authority, tls, https, folder / "sessions.log")
    (folder / "nginx.conf").write_text(_configuration(folder, served, pages))
    errors = folder / "error.log"
    command = [*within, nginx, "-c", str(folder / "nginx.conf"), "-e", str(errors)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        if not wait_for(process, sites[-1].address, https, _STARTED):
            raise MissingError(f"nginx did not listen: {_end_of(errors)}", _MEND)
        yield served
    finally:
        process.terminate()
        process.wait(timeout=30)


def _issue(folder: Path, sites: tuple[Site, ...]) -> Path:
    root = trustme.CA(key_type=trustme.KeyType.ECDSA)
    issuer = root.create_child_ca(key_type=trustme.KeyType.ECDSA)
    for site in sites:
        leaf = issuer.issue_cert(site.name, site.address, key_type=trustme.KeyType.ECDSA)
        leaf.private_key_and_cert_chain_pem.write_to_path(folder / f"{site.name}.pem")
    authority = folder / "authority.pem"
    root.cert_pem.write_to_path(authority)
    return authority


def _configuration(folder: Path, served: Farm, pages: str) -> str:
    module = f"load_module {_STREAM};" if _STREAM.exists() else ""
    tls = "\n".join(_server(folder, site, served.tls, "") for site in served.sites)
    https = "\n".join(
        _server(folder, site, served.https, f"server_name {site.name}; {pages}")
        for site in served.sites
    )
    scratch = "\n".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    never_resumed = "ssl_session_cache off; ssl_session_tickets off;"
    log = f"access_log {served.sessions} session buffer=64k flush={_FLUSHED:g}s;"
    user = "" if os.geteuid() else "user root;"  # who may read what stands in the folder
    return f"""{module}
{user}
daemon off;
pid {folder}/nginx.pid;
worker_processes 1;
events {{ worker_connections {4 * len(served.sites) + 1024}; }}
stream {{
log_format session '$ssl_session_reused $ssl_protocol $ssl_cipher $ssl_server_name';
{log}
ssl_protocols TLSv1.2 TLSv1.3;
{never_resumed}
{tls}
}}
http {{
log_format session '$ssl_session_reused $ssl_protocol $ssl_cipher $ssl_server_name $status';
{log}
{scratch}
ssl_protocols TLSv1.2 TLSv1.3;
{never_resumed}
keepalive_timeout 0;
default_type text/plain;
{https}
}}
"""


def _server(folder: Path, site: Site, port: int, more: str) -> str:
    pem = folder / f"{site.name}.pem"
    answer = 'location / { return 200 "here\\n"; }' if more else 'return "";'
    return (
        f"server {{ listen {site.address}:{port} ssl; {more}"
        f" ssl_certificate {pem}; ssl_certificate_key {pem}; {answer} }}"
    )


def _end_of(errors: Path) -> str:
    lines = errors.read_text().splitlines() if errors.exists() else []
    return lines[-1] if lines else "it said nothing"
