"""A resolver beside the stand-ins that tells the truth, over TLS and HTTPS: unbound."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.needs import need

NAME, ADDRESS = "dns.resolver.test", "192.0.2.99"
DOH = f"https://{NAME}/dns-query"
_CONF = """\
server:
  username: ""
  chroot: ""
  pidfile: ""
  directory: "/mnt"
  use-syslog: no
  logfile: "/mnt/trusted.log"
  interface: {address}@853
  interface: {address}@443
  tls-service-key: "/mnt/names.pem"
  tls-service-pem: "/mnt/names.pem"
  access-control: 0.0.0.0/0 allow
  local-zone: "." static
{records}
remote-control:
  control-enable: no
"""


def start_trusted() -> str:
    """Return the command that starts it, on a host of the stand-ins."""
    return f"{need('unbound')} -c /mnt/trusted.conf"


def write_trusted(folder: Path, answers: Mapping[str, Sequence[str]]) -> None:
    """Write what it says of the names; the stand-ins' certificate names it too."""
    records = "\n".join(
        f'  local-data: "{name}. 60 IN A {one}"'
        for name, addresses in answers.items()
        for one in addresses
    )
    (folder / "trusted.conf").write_text(_CONF.format(address=ADDRESS, records=records))
