"""What opens the way to a vantage is on no command line, and in nothing that is written.

By the whole program: hosts by ssh, and pods by kubectl, of which some cannot be asked.
"""

import base64
import getpass
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
import yaml

from tests.fixtures.vantages.clusters import TOKEN, cluster, write_kubeconfig
from tests.fixtures.vantages.kubectls import path_with_kubectl
from tests.fixtures.vantages.pods import Pod
from tests.fixtures.vantages.sshds import Sshd, sshd
from tests.needs import need
from tests.program import Ended, run_checks

PROXY, PASSPHRASE = "pr0xy-passw0rd-0f-its-0wn", "a-passphrase-0f-the-key"
OF_RUN, OLD_TOKEN = "a-t0ken-0f-the-run", "an-0ld-t0ken-that-n0body-takes"
_HOSTS = """
Host proxied
  HostName 127.0.0.1
  ProxyCommand {socat} - TCP:%h:%p # {word}
Host unproxied
  HostName 127.0.0.1
  ProxyCommand {socat} - TCP:%h:1 # {word}
Host locked
  HostName 127.0.0.1
  IdentityFile {folder}/locked
Host stranger
  HostName 127.0.0.1
  UserKnownHostsFile /dev/null
Host * !locked
  IdentityFile {folder}/user
Host *
  Port {port}
  User {user}
  IdentitiesOnly yes
  UserKnownHostsFile {folder}/known
  StrictHostKeyChecking yes
"""


@dataclass(frozen=True)
class Seen:
    """The run, all command lines that there were meanwhile, and what must be in none of them."""

    ended: Ended
    folder: Path
    lines: frozenset[bytes]
    secrets: dict[str, bytes]


@contextmanager
def command_lines() -> Iterator[set[bytes]]:
    """Collect the command lines of all processes, again and again."""
    seen, over = set[bytes](), threading.Event()

    def collect() -> None:
        while not over.wait(0.01):
            for process in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.add(process.read_bytes())
                except OSError:
                    continue

    thread = threading.Thread(target=collect)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("seen")
    (folder / "d").mkdir()
    with ExitStack() as stack:
        server = stack.enter_context(sshd(folder / "d"))
        write_hosts(folder / "d", server)
        there = stack.enter_context(cluster(folder, Pod("runner-0")))
        key = trustme.CA().issue_cert("user.test")
        with_key(there.kubeconfig, key)
        write_kubeconfig(folder / "unknown", there.port, there.authority, OLD_TOKEN)
        hosts = ("proxied", "unproxied", "locked", "stranger")
        pods = (("pod", there.kubeconfig), ("unknown", folder / "unknown"))
        profile = {
            "name": "secrets",
            "secrets": [{"name": "RUN", "env": "RUN_TOKEN"}],
            "vantages": [
                *({"name": one, "kind": "ssh", "host": one, "config": "d/config"} for one in hosts),
                *(
                    {"name": one, "kind": "kubernetes", "pod": "runner-0", "kubeconfig": str(path)}
                    for one, path in pods
                ),
            ],
            "nameservers": {"absent": "none is asked"},
            "hosts": {"absent": "none is looked at"},
            "endpoints": [{"host": "localhost", "port": server.port}],
        }
        (folder / "secrets.yaml").write_text(yaml.safe_dump(profile))
        lines = stack.enter_context(command_lines())
        ended = run_checks(
            folder,
            *(f"--profile={folder}/secrets.yaml", f"--alluredir={folder}/allure", "-vv", "-rA"),
            *("-k", "check_name_resolves or check_connection_opens"),
            env={"RUN_TOKEN": OF_RUN, "PATH": path_with_kubectl(), "KUBECACHEDIR": str(folder)},
        )
        (folder / "evidence" / "out").write_text(ended.out)
        own = (folder / "d" / "user").read_text().splitlines()[2]
        pem = key.private_key_pem.bytes()
        yield Seen(
            ended,
            folder,
            frozenset(lines),
            {
                "the user's key": own.encode(),
                "the proxy's password": PROXY.encode(),
                "the passphrase": PASSPHRASE.encode(),
                "the run's token": OF_RUN.encode(),
                "the cluster's token": TOKEN.encode(),
                "the token that nobody takes": OLD_TOKEN.encode(),
                "the client's key": pem.splitlines()[2],
                "the client's key in base64": base64.b64encode(pem)[40:80],
            },
        )


def write_hosts(folder: Path, server: Sshd) -> None:
    """Write hosts with a password in a command, with a locked key, and of no known key."""
    locked = [need("ssh-keygen"), "-q", "-t", "ed25519", "-N", PASSPHRASE]
    subprocess.run([*locked, "-f", str(folder / "locked")], check=True, timeout=60)
    user = getpass.getuser()
    server.config.write_text(
        _HOSTS.format(socat=need("socat"), word=PROXY, folder=folder, port=server.port, user=user)
    )


def with_key(kubeconfig: Path, key: trustme.LeafCert) -> None:
    """Give the kubeconfig's user a client's key beside its token."""
    config = yaml.safe_load(kubeconfig.read_text())
    config["users"][0]["user"] |= {
        "client-certificate-data": base64.b64encode(key.cert_chain_pems[0].bytes()).decode(),
        "client-key-data": base64.b64encode(key.private_key_pem.bytes()).decode(),
    }
    kubeconfig.write_text(yaml.safe_dump(config))


def test_the_ways_were_gone_and_each_that_is_closed_said_so(seen: Seen) -> None:
    verdicts = {
        line["check"].rpartition("@")[2].rstrip("]"): line["verdict"]
        for line in seen.ended.journal("verdict")
        if "check_name_resolves" in line["check"]
    }

    upheld = {name for name, verdict in verdicts.items() if verdict == "upheld"}
    assert upheld == {"proxied", "pod"}, seen.ended.out
    assert {verdicts[name] for name in verdicts.keys() - upheld} == {"inconclusive"}
    for words in (b"ssh\0", b"kubectl\0", b"export LC_ALL=C", b"getent"):
        assert any(words in line for line in seen.lines), words


def test_no_secret_is_on_a_command_line(seen: Seen) -> None:
    found = {
        name: line
        for name, secret in seen.secrets.items()
        for line in seen.lines
        if secret in line and not _is_the_users_own(line)
    }

    assert found == {}


def _is_the_users_own(line: bytes) -> bool:
    """Tell whether it is the shell by which ssh itself begins a ProxyCommand (ssh_config(5))."""
    _, dash, command, *_ = [*line.split(b"\0"), b"", b""]
    return dash == b"-c" and command.startswith(f"exec {need('socat')} - TCP:127.0.0.1:".encode())


def test_no_secret_is_in_anything_that_is_written(seen: Seen) -> None:
    files = [
        path
        for part in ("evidence", "allure")
        for path in (seen.folder / part).rglob("*")
        if path.is_file()
    ]
    found = [
        f"{name}: {path.name}"
        for path in files
        for name, secret in seen.secrets.items()
        if secret in path.read_bytes()
    ]

    assert {"journal.jsonl", "record.md", "out", "categories.json"} <= {one.name for one in files}
    assert found == []
