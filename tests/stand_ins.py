"""Stand-ins that carry GitHub's names: a host in a network of its own, with real servers in it.

Nothing of the program is changed for it: it runs as root of a user, network, mount and process
namespace whose loopback holds GitHub's addresses, whose nameserver is unbound, whose web is
nginx and git's own http-backend, and whose `/etc` has its own hosts file, resolver and trust
store. Inside, `/mnt` is the host's folder. Whatever else is asked for leads nowhere, and it
all ends with the program.
"""

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import trustme

from fixtures.lab.git import make_repository
from tests.needs import absent, need, need_namespace
from tests.stand_in_resolvers import NAME as RESOLVER
from tests.stand_in_sites import ADDRESSES, PAGES, Pages, write_web

NAMESERVER = "192.0.2.53"
LOCALHOST = "127.0.0.1 localhost\n::1 localhost\n"
_OWN = (
    *("hosts", "resolv.conf", "nsswitch.conf", "gai.conf", "wsl.conf"),
    *("gitconfig", "ssl", "netns"),
)
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
_AUTHORITIES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "CURL_CA_BUNDLE")
_UNSET = (*_AUTHORITIES, *_PROXIES, *(one.upper() for one in _PROXIES))
_UNBOUND = """\
server:
  username: ""
  chroot: ""
  pidfile: ""
  directory: "/mnt"
  use-syslog: no
  logfile: "/mnt/unbound.log"
  interface: {nameserver}
  access-control: 0.0.0.0/0 allow
  local-zone: "." static
{records}
remote-control:
  control-enable: no
"""
_ENTER = """\
set -eu
mount --bind {folder} /mnt
mount --rbind /etc /mnt/was
mount --bind /mnt/etc /etc
ip link set lo up
{steps}
exec env {unset} HOME=/mnt "$@"
"""
_SERVE = """\
{addresses}
ip route add default dev lo # there, what has no address here is dropped in silence
{unbound} -c /mnt/unbound.conf
rm -f /mnt/git.socket # of an earlier run on the same host
{fcgiwrap} -s unix:/mnt/git.socket &
until test -S /mnt/git.socket; do :; done
{nginx} -c /mnt/nginx.conf -e /mnt/nginx.log
{besides}
"""


@dataclass(frozen=True)
class Identity:
    """Two certificates with their chains: that of GitHub's names, and that of somebody else.

    The first is that of the trusted resolver too.
    """

    authority: bytes
    """The only authority that the host trusts; it has issued the first one."""
    names: bytes
    stranger: bytes


@dataclass(frozen=True)
class Internet:
    """What the host finds there: which names lead where, and who serves what."""

    answers: Mapping[str, Sequence[str]] = field(default_factory=lambda: ADDRESSES)
    """What the nameserver says of each name."""
    served: Mapping[str, Sequence[str]] = field(default_factory=lambda: ADDRESSES)
    """The addresses at which nginx serves each name."""
    pages: Mapping[str, Pages] = field(default_factory=lambda: PAGES)
    strangers: Sequence[str] = ()
    """Addresses at which somebody else's certificate is shown."""
    refusing: Sequence[str] = ()
    """Addresses at which nobody listens."""
    portal: bool = False
    """Whether a captive portal speaks plain HTTP at port 443 everywhere."""
    logins: Sequence[str] = ()
    """Addresses at which one leads plain HTTP to its page."""
    besides: str = ""
    """A command that starts another server."""


def make_identity() -> Identity:
    """Make an authority, and with it, by an intermediate, the certificate of all names."""
    authority = trustme.CA(organization_name="The stand-ins' authority")
    named = (*ADDRESSES, RESOLVER)
    names = authority.create_child_ca().issue_cert(*named, common_name="github.com")
    stranger = trustme.CA(organization_name="Nobody's").issue_cert("something-else.test")
    return Identity(
        authority.cert_pem.bytes(),
        names.private_key_and_cert_chain_pem.bytes(),
        stranger.private_key_and_cert_chain_pem.bytes(),
    )


def with_internet(
    folder: Path,
    identity: Identity,
    internet: Internet,
    *,
    hosts: str = "",
    apart: Sequence[str] | None = None,
) -> tuple[str, ...]:
    """Make a host, and return the command before which a program runs on it.

    `hosts` is appended to its hosts file. `apart` makes its namespaces, where they are not those
    of `need_namespace`.
    """
    if not Path("/proc/net/if_inet6").exists():
        absent("this machine has no IPv6")
    make_etc(folder, identity.authority, LOCALHOST + hosts)
    (folder / "names.pem").write_bytes(identity.names)
    (folder / "stranger.pem").write_bytes(identity.stranger)
    (folder / "repositories" / "actions").mkdir(parents=True)
    made = make_repository(folder / "repositories")
    made.rename(folder / "repositories" / "actions" / "checkout.git")
    records = "\n".join(
        f'  local-data: "{name}. 60 IN {"AAAA" if ":" in address else "A"} {address}"'
        for name, addresses in internet.answers.items()
        for address in addresses
    )
    unbound = _UNBOUND.format(nameserver=NAMESERVER, records=records)
    (folder / "unbound.conf").write_text(unbound)
    write_web(
        *(folder, internet.served, internet.pages, internet.strangers, internet.logins),
        portal=internet.portal,
    )
    there = {address for addresses in internet.served.values() for address in addresses}
    every = sorted({NAMESERVER, *there, *internet.strangers, *internet.refusing})
    serve = _SERVE.format(
        addresses="\n".join(f"ip address add {one} dev lo" for one in every),
        besides=internet.besides,
        **{tool: need(tool) for tool in ("unbound", "fcgiwrap", "nginx")},
    )
    return enter(folder, serve, apart)


def without_internet(folder: Path, *, silent: bool) -> tuple[str, ...]:
    """Make a host whose network leads nowhere, at once or in silence; the command as above."""
    make_etc(folder, b"", LOCALHOST)
    swallow = "ip address add 192.0.2.1 dev lo\nip route add default dev lo"
    return enter(folder, swallow if silent else "")


def enter(folder: Path, steps: str, apart: Sequence[str] | None = None) -> tuple[str, ...]:
    """Return the command before which another runs on the host, once the steps are done.

    `apart` as in `with_internet`.
    """
    need("ip")
    unset = " ".join(f"-u {name}" for name in _UNSET)
    script = _ENTER.format(folder=shlex.quote(str(folder)), steps=steps, unset=unset)
    path = f"PATH={shlex.quote(os.environ['PATH'])}:/usr/sbin:/sbin\n"
    return (*(apart or need_namespace()), "sh", "-c", path + script, "sh")


def make_etc(folder: Path, authority: bytes, hosts: str) -> None:
    """Make the host's `/etc`: links to the machine's, but for what a network is known by."""
    etc = folder / "etc"
    certificates = etc / "ssl" / "certs"
    certificates.mkdir(parents=True)
    (folder / "was").mkdir()
    for one in Path("/etc").iterdir():
        if one.name not in _OWN:
            leads = one.parent / one.readlink() if one.is_symlink() else Path("/mnt/was", one.name)
            (etc / one.name).symlink_to(os.path.normpath(leads))
    (certificates / "ca-certificates.crt").write_bytes(authority)
    (etc / "hosts").write_text(hosts)
    (etc / "resolv.conf").write_text(f"nameserver {NAMESERVER}\n")
    (etc / "nsswitch.conf").write_text("hosts: files dns\n")
