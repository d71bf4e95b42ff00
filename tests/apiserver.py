"""A real kube-apiserver with its etcd, which .ci/kube-apiserver builds: one for a whole run."""

import base64
import contextlib
import fcntl
import json
import os
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import httpx
import trustme
import yaml

from fixtures.clusters.kinds import BY_NAME
from tests.needs import absent, need
from tests.ports import free_port
from tests.program import ROOT

_SCRIPT = ROOT / ".ci" / "kube-apiserver"
VERSION = re.findall(r"^version=([\d.]+)$", _SCRIPT.read_text(), re.MULTILINE)[0]
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "touchstone")
_BUILT = _CACHE / "kube-apiserver"
DEFINITIONS = ROOT / "tests" / "fixtures" / "clusters" / "definitions.yaml"
USERS = {"admin": "system:masters", "touchstone": "", "nobody": ""}
"""Who may ask, and the group that each is of: `admin` may do everything, the others nothing."""
_STARTING = 120.0
_NO_STATUS = {"Application", "AppProject", "CustomResourceDefinition"}
"""Kinds whose status is written with the object: their definitions have no subresource for it."""


@dataclass(frozen=True)
class ApiServer:
    """An API server that runs; whoever asks it by `client` is its admin."""

    port: int
    etcd: int
    folder: Path
    tokens: Mapping[str, str] = field(repr=False)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def authority(self) -> bytes:
        return (self.folder / "authority.pem").read_bytes()

    @contextmanager
    def client(self, user: str = "admin") -> Iterator[httpx.Client]:
        """Open a client of a user."""
        headers = {"Authorization": f"Bearer {self.tokens[user]}"}
        trust = ssl.create_default_context(cafile=str(self.folder / "authority.pem"))
        with httpx.Client(
            base_url=self.url, verify=trust, headers=headers, trust_env=False, timeout=60
        ) as client:
            yield client

    def kubeconfig(
        self, path: Path, user: str = "admin", *, server: str = "", **entry: Any
    ) -> Path:
        """Write a kubeconfig with the context `here`; `entry` stands in place of a user's token."""
        trusted = base64.b64encode(self.authority).decode()
        cluster = {"server": server or self.url}
        if not cluster["server"].startswith("http:"):
            cluster["certificate-authority-data"] = trusted
        plain = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "here",
            "clusters": [{"name": "loopback", "cluster": cluster}],
            "users": [{"name": user, "user": entry or {"token": self.tokens[user]}}],
            "contexts": [{"name": "here", "context": {"cluster": "loopback", "user": user}}],
        }
        path.write_text(yaml.safe_dump(plain))
        path.chmod(0o600)
        return path

    def apply(self, *objects: Mapping[str, Any]) -> None:
        """Create objects, or put them in the place of those of their names, with their status.

        It is written as controllers write it: by the subresource, where the kind has one.
        """
        with self.client() as client:
            for one in objects:
                _apply(client, one)

    def apply_many(self, objects: Sequence[Mapping[str, Any]], at_once: int = 8) -> None:
        """Create many objects, several at a time."""
        with self.client() as client, ThreadPoolExecutor(at_once) as pool:
            list(pool.map(lambda one: _apply(client, one), objects))

    def namespace(self, prefix: str = "test") -> str:
        """Make a namespace that nobody else has."""
        name = f"{prefix}-{uuid4().hex[:8]}"
        self.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        return name

    def compact(self) -> None:
        """Let etcd forget what was: lists that are under way expire."""
        at = f"http://127.0.0.1:{self.etcd}/v3/kv"
        with httpx.Client(trust_env=False, timeout=60) as client:
            found = client.post(f"{at}/range", json={"key": base64.b64encode(b"/").decode()})
            revision = found.raise_for_status().json()["header"]["revision"]
            asked = {"revision": revision, "physical": True}
            client.post(f"{at}/compaction", json=asked).raise_for_status()


def _apply(client: httpx.Client, wanted: Mapping[str, Any]) -> None:
    kind, metadata = BY_NAME[wanted["kind"]], wanted["metadata"]
    namespace = metadata.get("namespace") if kind.namespaced else None
    path = kind.path(namespace, metadata["name"])
    answer = client.post(kind.path(namespace), json=wanted)
    if answer.status_code == httpx.codes.CONFLICT:
        now = client.get(path).raise_for_status().json()["metadata"]["resourceVersion"]
        there = {**wanted, "metadata": {**metadata, "resourceVersion": now}}
        answer = client.put(path, json=there)
    assert answer.is_success, answer.text
    if "status" in wanted and kind.name not in _NO_STATUS:
        patch = {"Content-Type": "application/merge-patch+json"}
        body = json.dumps({"status": wanted["status"]})
        answer = client.patch(f"{path}/status", content=body, headers=patch)
        assert answer.is_success, answer.text


def programs() -> tuple[Path, Path]:
    """Return the paths of kube-apiserver and etcd: those of KUBEBUILDER_ASSETS, or our own."""
    why = f"kube-apiserver is not there: .ci/kube-apiserver builds it in {_BUILT}"
    return found_programs() or absent(why)


def found_programs() -> tuple[Path, Path] | None:
    """Return the same, or None where they are not there."""
    assets = os.environ.get("KUBEBUILDER_ASSETS")
    for folder in (*([Path(assets)] if assets else ()), _BUILT):
        found = folder / "kube-apiserver", folder / "etcd"
        if all(os.access(one, os.X_OK) for one in found):
            return found
    return None


@contextmanager
def running(folder: Path) -> Iterator[ApiServer]:
    """Run etcd and kube-apiserver, with what Tekton and Argo CD define, until the end."""
    server, store = programs()
    folder.mkdir(parents=True)
    tokens = _write_credentials(folder)
    etcd, peers, port = free_port(), free_port(), free_port()
    started = ApiServer(port, etcd, folder, tokens)
    logs = [(folder / f"{name}.log").open("wb") for name in ("etcd", "kube-apiserver")]
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder / "data", ignore_errors=True)
        for log in logs:
            stack.enter_context(log)
        stack.enter_context(_process([store, *_etcd(folder, etcd, peers)], logs[0]))
        process = stack.enter_context(_process([server, *_server(folder, etcd, port)], logs[1]))
        _wait_until_ready(started, process)
        started.apply(*yaml.safe_load_all(DEFINITIONS.read_text()))
        _wait_until_served(started)
        yield started


@contextmanager
def shared(folder: Path) -> Iterator[ApiServer]:
    """Share one server among the processes of a run: the first starts it, and ends it last."""
    folder.mkdir(parents=True, exist_ok=True)
    told = folder / "told.json"
    with (folder / "starting").open("w") as starting, (folder / "using").open("w") as using:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if told.exists():
            fcntl.flock(using, fcntl.LOCK_SH)
            fcntl.flock(starting, fcntl.LOCK_UN)
            port, etcd, place, tokens = json.loads(told.read_text())
            yield ApiServer(port, etcd, Path(place), tokens)
            return
        place = mkdtemp(prefix="server-", dir=folder)  # one may end while the next one starts
        with running(Path(place, "server")) as server:
            about = (server.port, server.etcd, str(server.folder), dict(server.tokens))
            told.write_text(json.dumps(about))
            fcntl.flock(starting, fcntl.LOCK_UN)
            yield server
            fcntl.flock(starting, fcntl.LOCK_EX)
            told.unlink()
            fcntl.flock(starting, fcntl.LOCK_UN)
            fcntl.flock(using, fcntl.LOCK_EX)  # once nobody uses it any more


@contextmanager
def _process(argv: Sequence[str | Path], log: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program that ends with this process, however that ends."""
    bound = [need("setpriv"), "--pdeathsig", "KILL", "--", *argv]
    with subprocess.Popen(bound, stdin=subprocess.DEVNULL, stdout=log, stderr=log) as process:
        try:
            yield process
        finally:
            process.kill()  # what it keeps is thrown away


def _etcd(folder: Path, port: int, peers: int) -> list[str]:
    at, between = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peers}"
    return [
        f"--data-dir={folder / 'data'}",
        f"--listen-client-urls={at}",
        f"--advertise-client-urls={at}",
        f"--listen-peer-urls={between}",
        f"--initial-advertise-peer-urls={between}",
        f"--initial-cluster=default={between}",
        "--unsafe-no-fsync",
        "--log-level=warn",
    ]


def _server(folder: Path, etcd: int, port: int) -> list[str]:
    return [
        f"--etcd-servers=http://127.0.0.1:{etcd}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        f"--secure-port={port}",
        f"--tls-cert-file={folder / 'server.pem'}",
        f"--tls-private-key-file={folder / 'server.key'}",
        f"--client-ca-file={folder / 'authority.pem'}",
        f"--token-auth-file={folder / 'tokens.csv'}",
        f"--service-account-key-file={folder / 'accounts.key'}",
        f"--service-account-signing-key-file={folder / 'accounts.key'}",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--authorization-mode=RBAC",
        "--disable-admission-plugins=ServiceAccount",  # nobody makes them here
        "--max-requests-inflight=0",
        "--max-mutating-requests-inflight=0",
        "--enable-priority-and-fairness=false",
        "--feature-gates=ListFromCacheSnapshot=false",  # what etcd forgot has expired, as before
        "--profiling=false",
        "--v=0",
    ]


def _write_credentials(folder: Path) -> dict[str, str]:
    """Write certificates, keys and tokens; returns the tokens by user."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    server = authority.issue_cert("127.0.0.1", "localhost", "kubernetes.default.svc")
    accounts = authority.issue_cert("accounts.test")
    client = authority.issue_cert(
        "admin.test", common_name="certified", organization_name="system:masters"
    )
    for name, issued in (("server", server), ("accounts", accounts), ("client", client)):
        issued.cert_chain_pems[0].write_to_path(str(folder / f"{name}.pem"))
        issued.private_key_pem.write_to_path(str(folder / f"{name}.key"))
    tokens = {user: uuid4().hex for user in USERS}
    lines = [
        f"{token},{user},{user}" + (f',"{USERS[user]}"' if USERS[user] else "")
        for user, token in tokens.items()
    ]
    (folder / "tokens.csv").write_text("\n".join(lines) + "\n")
    return tokens


def _wait_until_ready(server: ApiServer, process: subprocess.Popen[bytes]) -> None:
    until, said = time.monotonic() + _STARTING, ""
    with server.client() as client:
        while time.monotonic() < until and process.poll() is None:
            try:
                answer = client.get("/readyz")
                if answer.is_success:
                    return
                said = answer.text
            except httpx.TransportError as error:
                said = str(error)
            time.sleep(0.1)
    logs = (server.folder / "kube-apiserver.log").read_text(errors="replace")[-2000:]
    raise RuntimeError(f"kube-apiserver did not become ready: {said}\n{logs}")


def _wait_until_served(server: ApiServer) -> None:
    """Wait until what is defined can be asked for."""
    until = time.monotonic() + _STARTING
    with server.client() as client:
        for name in ("Pipeline", "Task", "PipelineRun", "TaskRun", "Application", "AppProject"):
            while not client.get(BY_NAME[name].path()).is_success:
                assert time.monotonic() < until, f"{name} is not served"
                time.sleep(0.05)
