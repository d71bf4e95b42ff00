"""The fault lab's web: the names where they belong, and who else answers in their place.

All of it is one nginx. The middlebox leads a connection to one of the others, by its address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fixtures.lab.git import make_repository
from tests.faultlab.places import FORBIDDEN, HUB, INTERCEPTING, LEFT, NAMES, OTHER, WEB
from tests.faultlab.wiring import at, run
from tests.needs import need
from tests.stand_in_sites import NGINX, PAGES, locations, site

LARGE = 300_000
"""Bytes of the page `/large`."""

_SERVE_GIT = """\
"$1" -s unix:/mnt/git.socket >/mnt/fcgiwrap.log 2>&1 &
until test -S /mnt/git.socket; do :; done
"""

_LOGIN = "    return 302 http://login.portal.test/;\n"


@dataclass(frozen=True)
class Site:
    """Who answers in place of the first name."""

    certificate: str | None = "names"
    """What it shows; none: it speaks no TLS."""
    before: str = ""
    """Words of nginx that stand before the pages."""
    instead: str = ""
    """Words of nginx in place of all pages."""
    plain: str = ""
    """Words of nginx for plain HTTP; none: it does not answer there."""


def _always(status: int, *headers: str) -> str:
    lines = "".join(f"    add_header {header} always;\n" for header in headers)
    return f'{lines}    return {status} "no\\n";\n'


def _where(condition: str) -> str:
    """Let a filter refuse what it does not like, and say that it was the filter."""
    refused = 'location @refused { add_header Via "1.1 inspection" always; return 403; }'
    return f"""\
    error_page 418 = @refused;
    if ({condition}) {{ return 418; }}
    {refused}
"""


def _proxy(before: str) -> str:
    """Ask the first name itself, as a proxy that opens TLS does, for all that gets as far."""
    return f"""\
{before}
    location / {{
      proxy_pass https://{NAMES[HUB]};
      proxy_ssl_server_name on;
      proxy_ssl_name {HUB};
      proxy_ssl_verify on;
      proxy_ssl_verify_depth 3;
      proxy_ssl_trusted_certificate /mnt/public.pem;
      proxy_http_version 1.1;
      proxy_set_header Host {HUB};
      proxy_set_header Git-Protocol $http_git_protocol;
    }}
"""


INSTEAD: Mapping[str, Site] = {
    "portal": Site(None, instead=_LOGIN),
    "portal-inside": Site("intercepted", instead=_LOGIN, plain=_LOGIN),
    "intercepted": Site("intercepted"),
    "inspected": Site("inspected"),
    "expired": Site("expired"),
    "early": Site("early"),
    "misnamed": Site("misnamed"),
    "alone": Site("alone"),
    "down": Site(instead=_always(503)),
    "asking": Site(
        before='    auth_basic "who is there";\n    auth_basic_user_file /mnt/nobody;\n'
    ),
    "asking-by-proxy": Site(instead=_always(407, "Proxy-Authenticate 'Basic realm=proxy'")),
    "limiting": Site(instead=_always(429, "Retry-After 60")),
    "used-up": Site(instead=_always(403, "X-RateLimit-Remaining 0")),
    "without-post": Site("inspected", instead=_proxy(_where("$request_method = POST"))),
    "without-browsers": Site(before=_where('$http_user_agent ~ "Mozilla"')),
    "empty": Site(instead=_always(404)),
}


def address_of(name: str) -> str:
    """Return the address at which somebody answers in the names' place."""
    return str(INTERCEPTING[list(INSTEAD).index(name) + 1])


def serve_web(folder: Path) -> None:
    """Serve the names and all the others, from the node `web`; the folder is `/mnt` there."""
    (folder / "large").write_bytes(bytes(LARGE))
    (folder / "nobody").write_text("")
    repositories = folder / "repositories" / "actions"
    repositories.mkdir(parents=True)
    make_repository(repositories).rename(repositories / "checkout.git")
    servers = [_named(host, address) for host, address in NAMES.items()]
    servers += [_named(HUB, OTHER), _stranger(FORBIDDEN), _stranger(LEFT)]
    servers += [_other(address_of(name), one) for name, one in INSTEAD.items()]
    servers += [_plain(*NAMES.values(), OTHER)]
    (folder / "nginx.conf").write_text(NGINX.format(servers="\n".join(servers)))
    others = [address_of(name) for name in INSTEAD]
    for address in (*NAMES.values(), OTHER, LEFT, FORBIDDEN, *others):
        run(("ip", "-n", WEB, "address", "add", f"{address}/32", "dev", "lo"))
    run(("sh", "-c", _SERVE_GIT, "sh", need("fcgiwrap")))
    run((*at(WEB), need("nginx"), "-c", "/mnt/nginx.conf", "-e", "/mnt/nginx.log"))


def _pages() -> str:
    large = "    location = /large { alias /mnt/large; }\n"
    return large + locations(HUB, PAGES[HUB])


def _named(host: str, address: str) -> str:
    inner = _pages() if host == HUB else locations(host, PAGES[host])
    return site(host, (address,), inner, certificate="names.pem")


def _other(address: str, who: Site) -> str:
    certificate = f"{who.certificate}.pem" if who.certificate else None
    inner = who.instead or who.before + _pages()
    plain = f"  server {{\n    listen {address}:80;\n{who.plain}  }}" if who.plain else ""
    return site("_", (address,), inner, certificate=certificate) + plain


def _stranger(address: str) -> str:
    other = '    return 200 "something else\\n";\n'
    return site("_", (address,), other, certificate="stranger.pem")


def _plain(*addresses: str) -> str:
    listen = "".join(f"    listen {one}:80;\n" for one in addresses)
    return f"  server {{\n{listen}    return 301 https://$host$request_uri;\n  }}"
