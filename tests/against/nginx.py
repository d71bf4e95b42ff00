"""nginx, with servers of one test's own, each at an address of its own."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.checks.wire.dns_sides import free_place
from tests.daemons import daemon
from tests.needs import need

_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
_MAIN = """\
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr notice;
events {{ worker_connections 512; }}
http {{
  error_log {folder}/nginx.log;
  access_log off;
  default_type text/plain;
  ssl_protocols TLSv1.2 TLSv1.3;
{temporary}
{servers}
}}
"""
_LENIENT = """\
openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = lenient
[lenient]
CipherString = DEFAULT:@SECLEVEL=0
"""


@dataclass(frozen=True)
class Place:
    """Where a server listens."""

    address: str
    port: int


@dataclass(frozen=True)
class Site:
    """What stands within `server { … }`, and behind its address in `listen`."""

    directives: str
    listening: str = "ssl"


@contextmanager
def nginx(folder: Path, network: str, sites: Mapping[str, Site]) -> Iterator[Mapping[str, Place]]:
    """Serve each site at an address of the network (`127.44.1`), all at one free port.

    Yields where each of them is. OpenSSL's security level is 0 there: nginx shows what
    clients have to refuse.
    """
    port = free_place(f"{network}.1").port
    places = {name: Place(f"{network}.{number}", port) for number, name in enumerate(sites, 1)}
    conf, openssl = folder / "nginx.conf", folder / "openssl.cnf"
    openssl.write_text(_LENIENT)
    conf.write_text(
        _MAIN.format(
            user="" if os.geteuid() else "user root;",
            folder=folder,
            temporary="".join(f"  {one}_temp_path {folder}/{one};\n" for one in _TEMPORARY),
            servers="\n".join(_server(places[name], site) for name, site in sites.items()),
        )
    )
    argv = (need("nginx"), "-c", str(conf), "-e", "stderr")
    with daemon(argv, "start worker process ", {"OPENSSL_CONF": str(openssl)}):
        yield places


def _server(place: Place, site: Site) -> str:
    listen = f"listen {place.address}:{place.port} {site.listening};"
    return f"  server {{\n    {listen}\n{site.directives}\n  }}"
