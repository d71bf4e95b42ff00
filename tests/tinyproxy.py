"""tinyproxy, on loopback, for as long as a test needs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.checks.wire.dns_sides import free_place
from tests.daemons import daemon
from tests.needs import need

_CONF = """\
Port {port}
Listen 127.0.0.1
Timeout 30
LogLevel Info
{more}
"""


@contextmanager
def tinyproxy(folder: Path, *more: str) -> Iterator[int]:
    """Serve CONNECT to everyone, or as more words of tinyproxy.conf(5) say; yields the port."""
    port = free_place("127.0.0.1").port
    conf = folder / "tinyproxy.conf"
    conf.write_text(_CONF.format(port=port, more="\n".join(more)))
    argv = [need("sh"), "-c", 'exec "$0" -d -c "$1" >&2', need("tinyproxy"), str(conf)]
    with daemon(argv, until="listening on fd"):
        yield port
