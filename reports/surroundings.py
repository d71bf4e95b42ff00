"""Where and with what a run was made: host, versions, commit, CI, time zone."""

import os
import platform
import socket
import subprocess
from collections.abc import Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

_OBSERVERS = (
    "pytest",
    "pyopenssl",
    "cryptography",
    "httpcore",
    "httpx",
    "dnspython",
    "service-identity",
    "pydantic",
)
_VARIABLES = frozenset(
    {
        *("http_proxy", "https_proxy", "all_proxy", "no_proxy", "git_proxy_command"),
        *("ssl_cert_file", "ssl_cert_dir", "curl_ca_bundle", "requests_ca_bundle"),
        *("git_ssl_cainfo", "git_ssl_no_verify", "openssl_conf"),
        *("res_options", "localdomain", "hostaliases"),
    }
)
"""In lower case; proxies are read in both."""
_GIT_DEADLINE = 5.0
_CODE = ("checks", "config", "fixtures", "reports", "conftest.py", "pyproject.toml")
"""What a run is made of: a profile or a note beside it changes nothing."""
_ROOT = Path(__file__).parents[1]


def surroundings(at: datetime, environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of `run.begin` that tell where and with what the run is made."""
    attempt = environ.get("GITHUB_RUN_ATTEMPT", "")
    return {
        "attempt": int(attempt) if attempt.isascii() and attempt.isdigit() else 1,
        "host": socket.gethostname(),
        "system": platform.platform(),
        "boot_id": _boot_id(),
        "suite": suite(_ROOT),
        "versions": _versions(),
        "variables": variables(environ),
        "ci": _ci(environ),
        "zone": _zone(at),
    }


def _ci(environ: Mapping[str, str]) -> dict[str, Any] | None:
    """Return what GitHub says of the job that makes the run; None outside of one."""
    if not (run := environ.get("GITHUB_RUN_ID")):
        return None
    told = {"run": run, "attempt": environ.get("GITHUB_RUN_ATTEMPT") or None}
    server, repository = environ.get("GITHUB_SERVER_URL"), environ.get("GITHUB_REPOSITORY")
    if server and repository:
        told["url"] = f"{server}/{repository}/actions/runs/{run}"
        if commit := environ.get("GITHUB_SHA"):
            told["source"] = f"{server}/{repository}/blob/{commit}"
            told["workspace"] = environ.get("GITHUB_WORKSPACE")
    return told


def suite(root: Path) -> dict[str, Any] | None:
    """Return the commit of a checkout, and whether files differ; None where git cannot tell."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        told = subprocess.run(
            ["git", "--no-optional-locks", "status", "--porcelain=v2", "--branch", "--", *_CODE],
            cwd=root,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_GIT_DEADLINE,
            check=True,
        ).stdout.decode(errors="replace")
    except (OSError, subprocess.SubprocessError):
        return None
    lines = told.splitlines()
    commits = [line.split()[-1] for line in lines if line.startswith("# branch.oid ")]
    if not commits or commits[0] == "(initial)":
        return None
    return {"commit": commits[0], "dirty": any(not line.startswith("#") for line in lines)}


def _boot_id() -> str | None:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return None


def _versions() -> dict[str, str]:
    from OpenSSL.SSL import OPENSSL_VERSION as WHOLE  # noqa: PLC0415 - it takes its time to load
    from OpenSSL.SSL import OpenSSL_version  # noqa: PLC0415

    found = {
        "python": platform.python_version(),
        "openssl": OpenSSL_version(WHOLE).decode().removeprefix("OpenSSL "),
    }
    for name in _OBSERVERS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def variables(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variables that change what is seen from this host."""
    return {name: text for name, text in sorted(environ.items()) if name.lower() in _VARIABLES}


def _zone(at: datetime) -> dict[str, str]:
    local = at.astimezone()
    offset = local.strftime("%z")
    return {"name": local.tzname() or "", "offset": f"{offset[:3]}:{offset[3:5]}"}
