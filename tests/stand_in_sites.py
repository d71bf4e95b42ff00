"""What GitHub's stand-ins answer, and nginx's configuration for it.

This is written down apart from the profiles, from what GitHub documents and serves: if a
profile expects something else, or names another host, the run against the stand-ins shows it.
"""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.needs import need

WEB = ("140.82.112.3",)
BACKEND = ("13.107.42.16",)
CONTENT = ("185.199.108.133", "185.199.109.133", "2606:50c0:8000::154")
ADDRESSES: Mapping[str, Sequence[str]] = {
    "github.com": WEB,
    "api.github.com": ("140.82.112.5",),
    "codeload.github.com": ("140.82.112.9",),
    "pkg.actions.githubusercontent.com": ("140.82.113.22",),
    "ghcr.io": ("140.82.112.34",),
    "results-receiver.actions.githubusercontent.com": ("140.82.113.21",),
    "productionresultssa0.blob.core.windows.net": ("20.60.62.4",),
    "vstoken.actions.githubusercontent.com": BACKEND,
    "pipelines.actions.githubusercontent.com": BACKEND,
    "objects.githubusercontent.com": CONTENT,
    "objects-origin.githubusercontent.com": ("140.82.113.21",),
    "github-releases.githubusercontent.com": CONTENT,
    "github-registry-files.githubusercontent.com": CONTENT,
    "release-assets.githubusercontent.com": CONTENT,
    "raw.githubusercontent.com": CONTENT,
    "npm.pkg.github.com": ("140.82.112.33",),
    "github-cloud.githubusercontent.com": CONTENT,
    "github-cloud.s3.amazonaws.com": ("52.217.110.25",),
    "dependabot-actions.githubapp.com": ("140.82.113.23",),
}


@dataclass(frozen=True)
class Page:
    """What a path answers, whatever the method."""

    status: int
    headers: Mapping[str, str]


Pages = Mapping[str, Page]
"""The pages of one host, by path."""

_GITHUB = {"X-GitHub-Request-Id": "C0DE:1A2B3:4C5D6E:7F8091:65F00000"}
_PIPELINES = {"x-vss-e2eid": "5f9c1f0e-0000-4000-8000-6d3c2b1a0f9e"}
_TOKEN = 'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:user/image:pull"'
PAGES: Mapping[str, Pages] = {
    "github.com": {"/": Page(200, _GITHUB)},
    "api.github.com": {"/": Page(200, _GITHUB)},
    "codeload.github.com": {"/_ping": Page(200, _GITHUB)},
    "pkg.actions.githubusercontent.com": {"/": Page(404, {})},
    "ghcr.io": {"/v2/": Page(401, {"WWW-Authenticate": _TOKEN})},
    "results-receiver.actions.githubusercontent.com": {"/health": Page(200, {})},
    "productionresultssa0.blob.core.windows.net": {
        "/": Page(400, {"x-ms-request-id": "d1f2a3b4-001e-0000-0000-5a6b7c000000"})
    },
    "vstoken.actions.githubusercontent.com": {"/_apis/health": Page(200, _PIPELINES)},
    "pipelines.actions.githubusercontent.com": {"/_apis/health": Page(200, _PIPELINES)},
}

NGINX = """\
user root;
worker_processes 1;
pid /mnt/nginx.pid;
error_log /mnt/nginx.log;
events {{ worker_connections 512; }}
http {{
  log_format asked '$host $request_method $request_uri $status $http_user_agent';
  access_log /mnt/asked.log asked;
  client_body_temp_path /mnt/nginx-body;
  proxy_temp_path /mnt/nginx-proxy;
  fastcgi_temp_path /mnt/nginx-fastcgi;
  uwsgi_temp_path /mnt/nginx-uwsgi;
  scgi_temp_path /mnt/nginx-scgi;
  default_type text/html;
  ssl_protocols TLSv1.2 TLSv1.3;
{servers}
}}
"""
_GIT = """\
    location ~ ^/{repository}/(info/refs|git-upload-pack)$ {{
      fastcgi_pass unix:{folder}/git.socket;
      fastcgi_param SCRIPT_FILENAME {backend};
      fastcgi_param GIT_PROJECT_ROOT {folder}/repositories;
      fastcgi_param GIT_HTTP_EXPORT_ALL 1;
      fastcgi_param PATH_INFO $uri;
      fastcgi_param QUERY_STRING $query_string;
      fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param CONTENT_TYPE $content_type;
      fastcgi_param CONTENT_LENGTH $content_length;
      fastcgi_param HTTP_CONTENT_ENCODING $http_content_encoding;
      fastcgi_param HTTP_GIT_PROTOCOL $http_git_protocol;
    }}
"""
_LOGIN = "    return 302 http://login.portal.test/;\n"


def write_web(
    folder: Path,
    served: Mapping[str, Sequence[str]],
    pages: Mapping[str, Pages],
    strangers: Sequence[str],
    logins: Sequence[str],
    *,
    portal: bool,
) -> None:
    """Write nginx's configuration: a server for each name, at its addresses and nowhere else."""
    if portal:
        every = dict.fromkeys(address for places in served.values() for address in places)
        servers = [site("login.portal.test", tuple(every), _LOGIN, certificate=None)]
    else:
        servers = [
            site(host, places, locations(host, pages.get(host, {})), certificate="names.pem")
            for host, places in served.items()
        ]
        if strangers:
            other = '    return 200 "something else\\n";\n'
            servers += [site("_", strangers, other, certificate="stranger.pem")]
    servers += [f"  server {{\n    listen {one}:80;\n{_LOGIN}  }}" for one in logins]
    (folder / "nginx.conf").write_text(NGINX.format(servers="\n".join(servers)))


def git_location(folder: str, repository: str) -> str:
    """Let git's http-backend answer for repositories (a pattern), through `git.socket`.

    They lie in `repositories`, as the socket does in the folder.
    """
    return _GIT.format(folder=folder, repository=repository, backend=_git_backend())


def site(host: str, addresses: Sequence[str], inner: str, *, certificate: str | None) -> str:
    """Write a server: of TLS with that file of the folder, or of plain HTTP at the same port."""
    bracketed = [f"[{one}]" if ":" in one else one for one in addresses]
    ssl = " ssl" if certificate else ""
    head = [f"    listen {one}:443{ssl};\n" for one in bracketed]
    if certificate:
        head += [f"    ssl_certificate{key} /mnt/{certificate};\n" for key in ("", "_key")]
    return f"  server {{\n    server_name {host};\n{''.join(head)}{inner}  }}"


def locations(host: str, pages: Pages) -> str:
    """Write what a server has: its pages, git at the first of GitHub's names, and no more."""
    found = [_location(path, page) for path, page in pages.items()]
    if host == "github.com":
        found.append(git_location("/mnt", "actions/checkout(\\.git)?"))
    return "".join(found) + "    location / { return 404; }\n" * ("/" not in pages)


def _location(path: str, page: Page) -> str:
    headers = "".join(
        f"      add_header {name} {json.dumps(value)} always;\n"
        for name, value in page.headers.items()
    )
    return f'    location = {path} {{\n{headers}      return {page.status} "stand-in\\n";\n    }}\n'


def _git_backend() -> str:
    found = subprocess.run(
        [need("git"), "--exec-path"], capture_output=True, text=True, timeout=30, check=True
    )
    return f"{found.stdout.strip()}/git-http-backend"
