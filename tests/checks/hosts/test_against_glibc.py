"""The parser against the C library that it describes, in a mount namespace of its own."""

import json
import os
import platform
import shutil
import subprocess
import sys
from ipaddress import ip_address
from pathlib import Path

import pytest

from checks.hosts.parsing import Family, look_up, parse

FILE = (
    b"\xef\xbb\xbf10.0.0.1 mark\n"
    b"10.0.0.2 crlf one\r\n"
    b"10.0.0.3 nul\x00ed after\n"
    b"  \t10.0.0.4\x0bvertical\x0cform # hidden\n"
    b"fe80::1%lo scoped\n"
    b"::ffff:10.0.0.5 mapped\n"
    b"::1 six\n"
    b"10.0.0.6 UPPER.case dotted.\n"
    b"010.0.0.7 octal\n"
    b"10.0.8 short\n"
    b"0x0a.0.0.9 hex\n"
    b"10.0.0.10 first second\n"
    b"10.0.0.11 second third\n"
    b"2001:db8::1 second\n"
    b"10.0.0.12#glued\n"
    b"10.0.0.13 \xff\xfe latin\n"
    b"#10.0.0.14 commented\n"
    b"10.0.0.15\n"
    b"10.0.0.17 last"
)
ASKED = (
    *("mark", "crlf", "one", "nul", "nuled", "after", "vertical", "form", "hidden", "scoped"),
    *("mapped", "six", "upper.CASE", "dotted", "dotted.", "octal", "short", "hex", "first"),
    *("second", "third", "glued", "latin", "commented", "last"),
)
ASK = """
import json, socket, sys
family = {"IPv4": socket.AF_INET, "IPv6": socket.AF_INET6}[sys.argv[1]]
found = {}
for name in sys.argv[2:]:
    try:
        every = socket.getaddrinfo(name.encode(), None, family, socket.SOCK_STREAM)
    except socket.gaierror:
        every = []
    found[name] = [address[0] for *_, address in every]
print(json.dumps(found))
"""


@pytest.fixture
def enter() -> tuple[str, ...]:
    argv = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "-r", "--mount")
    allowed = (
        shutil.which("unshare") and subprocess.run([*argv, "true"], check=False).returncode == 0
    )
    if platform.libc_ver()[0] != "glibc" or not allowed:
        assert "CI" not in os.environ, "on CI there must be glibc, and mount namespaces"
        pytest.skip("needs glibc, and leave to make a mount namespace")
    return argv


@pytest.mark.parametrize("family", ["IPv4", "IPv6"])
def test_look_up_finds_what_getaddrinfo_finds(
    family: Family, enter: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "hosts").write_bytes(FILE)
    (tmp_path / "nsswitch.conf").write_text("hosts: files\n")
    mounts = [f"mount --bind {tmp_path}/{name} /etc/{name}" for name in ("hosts", "nsswitch.conf")]
    script = " && ".join([*mounts, 'exec "$@"'])
    argv = [*enter, "sh", "-c", script, "sh", sys.executable, "-c", ASK, family, *ASKED]

    output = subprocess.run(argv, check=True, capture_output=True).stdout

    lines = parse(FILE)
    found = {name: [at for _, at in look_up(lines, name, family)] for name in ASKED}
    answered: dict[str, list[str]] = json.loads(output)
    plain = {name: {str(ip_address(at)) for at in every} for name, every in answered.items()}
    assert plain == {name: set(every) for name, every in found.items()}
