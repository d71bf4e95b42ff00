"""A real registry of images on loopback, and images that are put there by plain HTTP."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from fixtures.registries import DOCKER_INDEX, DOCKER_SCHEMA2, OCI_INDEX, OCI_MANIFEST
from tests.daemons import daemon
from tests.needs import need
from tests.ports import free_port

_CONF = """\
version: 0.1
log: {{level: info, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {folder}}}, delete: {{enabled: true}}}}
http: {{addr: 127.0.0.1:{port}}}
compatibility: {{schema1: {{enabled: true}}}}
{more}
"""
SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"
LOGIN = ("lab", "open-sesame-9")
_HTPASSWD = "lab:$2b$04$Zn5GET1kbX2jTjr6TjTP3OBvQmx9i9os3wmBlRZAvwnWfNBd4r9/G\n"
_CONFIG = "application/vnd.docker.container.image.v1+json"
_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"


@dataclass(frozen=True)
class Served:
    """A registry that listens; images are pushed to it."""

    url: str
    login: tuple[str, str] | None = None

    @property
    def host(self) -> str:
        return self.url.partition("://")[2]

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        url = path if "://" in path else f"{self.url}/v2/{path}"
        answer = httpx.request(
            method,
            url,
            auth=self.login,
            follow_redirects=False,
            timeout=30,
            trust_env=False,
            **given,
        )
        assert answer.status_code < 400, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def push_blob(self, path: str, content: bytes) -> str:
        begun = self.ask("POST", f"{path}/blobs/uploads/")
        digest = digest_of(content)
        where = httpx.URL(begun.headers["location"]).copy_merge_params({"digest": digest})
        self.ask("PUT", str(where), content=content)
        return digest

    def push_manifest(self, path: str, reference: str, body: bytes, media_type: str) -> str:
        self.ask(
            "PUT",
            f"{path}/manifests/{reference}",
            content=body,
            headers={"Content-Type": media_type},
        )
        return digest_of(body)

    def push(
        self,
        path: str,
        tag: str,
        *,
        files: Mapping[str, str] | None = None,
        history: Sequence[str] = ("COPY deploy /deploy",),
        oci: bool = False,
        platform: str = "amd64",
    ) -> "Pushed":
        """Put an image of one layer there; OCI, or Docker's second schema."""
        packed, plain = layer_of(files or {"etc/motd": f"{path}:{tag}\n"})
        layer = self.push_blob(path, packed)
        config = config_of(plain, history, platform)
        made = manifest_of(self.push_blob(path, config), len(config), layer, len(packed), oci=oci)
        media_type = OCI_MANIFEST if oci else DOCKER_SCHEMA2
        digest = self.push_manifest(path, tag, made, media_type)
        return Pushed(digest, digest_of(config), layer, len(made))

    def push_index(self, path: str, tag: str, *children: "Pushed", oci: bool = True) -> str:
        """Put an index of images there, for amd64, and so on."""
        architectures = ("amd64", "arm64", "s390x")
        media_type = OCI_INDEX if oci else DOCKER_INDEX
        listed = [
            {
                "mediaType": OCI_MANIFEST if oci else DOCKER_SCHEMA2,
                "digest": child.digest,
                "size": child.size,
                "platform": {"os": "linux", "architecture": architecture},
            }
            for child, architecture in zip(children, architectures, strict=False)
        ]
        body = {"schemaVersion": 2, "mediaType": media_type, "manifests": listed}
        return self.push_manifest(path, tag, json.dumps(body).encode(), media_type)

    def push_schema1(self, path: str, tag: str) -> None:
        """Put an image there in the first schema, as the registry itself signs it."""
        self.push(path, tag)
        answer = self.ask("GET", f"{path}/manifests/{tag}")  # without Accept it is what it gives
        assert answer.headers["content-type"] == SCHEMA1
        self.push_manifest(path, tag, answer.content, SCHEMA1)


@dataclass(frozen=True)
class Pushed:
    """An image that was put there: the digests of its manifest, its config and its layer."""

    digest: str
    config: str
    layer: str
    size: int


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def layer_of(files: Mapping[str, str]) -> tuple[bytes, bytes]:
    """Make a layer of files: packed, and as it is."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
    return gzip.compress(plain.getvalue(), mtime=0), plain.getvalue()


def config_of(plain: bytes, history: Sequence[str], platform: str) -> bytes:
    said = {
        "architecture": platform,
        "os": "linux",
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": [digest_of(plain)]},
        "history": [
            *({"created_by": one, "empty_layer": True} for one in history[:-1]),
            {"created_by": history[-1]},
        ],
    }
    return json.dumps(said).encode()


def manifest_of(config: str, config_size: int, layer: str, layer_size: int, *, oci: bool) -> bytes:
    of_oci = "application/vnd.oci.image"
    said = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST if oci else DOCKER_SCHEMA2,
        "config": {
            "mediaType": f"{of_oci}.config.v1+json" if oci else _CONFIG,
            "size": config_size,
            "digest": config,
        },
        "layers": [
            {
                "mediaType": f"{of_oci}.layer.v1.tar+gzip" if oci else _LAYER,
                "size": layer_size,
                "digest": layer,
            }
        ],
    }
    return json.dumps(said).encode()


@contextmanager
def registry(folder: Path, *, closed: bool = False) -> Iterator[Served]:
    """Run Debian's docker-registry on a free port; `closed` to all but `LOGIN`."""
    port = free_port()
    more = ""
    if closed:
        (folder / "htpasswd").write_text(_HTPASSWD)
        more = f"auth: {{htpasswd: {{realm: lab, path: {folder / 'htpasswd'}}}}}"
    conf = folder / "registry.yml"
    conf.write_text(_CONF.format(folder=folder / "stored", port=port, more=more))
    with daemon([need("docker-registry"), "serve", str(conf)], until="listening on"):
        yield Served(f"http://127.0.0.1:{port}", LOGIN if closed else None)
