"""A real registry beside a catalog: what it has, what it lacks, and what its images hold."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from checks.rollout import check_registry
from checks.rollout.catalog.layers import Sought, look_at_layers
from checks.rollout.catalog.showing import look_at_images, path_in
from checks.rollout.catalog.stored import LayersSeen, Stored
from checks.rollout.failures import Failure
from config.lanes.catalog import Layers
from fixtures.registries import OCI_MANIFEST, Manifest, RegistryPlace
from fixtures.vantages import VantageError
from fixtures.vantages.local import Local
from reports import codec
from tests.checks.rollout.catalog.lanes import (
    SERVICE,
    broken,
    catalog,
    held,
    lane,
    service,
    unsure,
)
from tests.ports import free_port
from tests.prometheus import serve
from tests.registries import Pushed, Served, digest_of, registry

PATH = "agentrun/agentrun-mgr-env"
CHECK = check_registry.check_images_are_in_the_registry


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with registry(tmp_path_factory.mktemp("registry")) as listening:
        yield listening


def published(served: Served, tag: str, digest: str, **changes: Any) -> Any:
    repository = changes.pop("repository", f"{served.host}/{PATH}")
    return catalog(
        service(
            envImageTag=f"{repository}:{tag}",
            digest=digest,
            repositoryDigest=f"{repository}@{digest}",
            envIdentity=tag,
        ),
        **changes,
    )


def stored(served: Served, tag: str, digest: str, **changes: Any) -> Stored:
    place = RegistryPlace(served.url, served.host)
    seen = published(served, tag, digest, **changes)
    found = asyncio.run(look_at_images(place, Local(), seen, deadline=20.0))
    assert codec.decode(codec.encode(found)) == found
    return found


def test_the_registry_has_what_the_catalog_names(served: Served) -> None:
    docker = served.push(PATH, "docker")
    oci = served.push(PATH, "oci", oci=True)
    index = served.push_index(PATH, "index", docker, oci)

    assert held(CHECK, stored(served, "docker", docker.digest), lane()) == []
    for tag, digest in (("oci", oci.digest), ("index", index)):
        (remark,) = held(CHECK, stored(served, tag, digest), lane())
        assert "is of the type application/vnd.oci" in remark


def test_a_digest_that_is_not_there_is_absent(served: Served) -> None:
    pushed = served.push(PATH, "here")

    for tag, digest in (("here", digest_of(b"gone")), ("gone", pushed.digest)):
        failure, saw = broken(CHECK, stored(served, tag, digest), lane())
        assert failure == Failure.DIGEST_ABSENT
        assert f"{SERVICE}: " in saw


def test_a_tag_that_has_moved_on_is_told(served: Served) -> None:
    before = served.push(PATH, "moving", files={"a": "1"})
    after = served.push(PATH, "moving", files={"a": "2"})

    failure, saw = broken(CHECK, stored(served, "moving", before.digest), lane())

    assert failure == Failure.DIGEST_ABSENT
    assert saw.endswith(f"the tag moving is {after.digest}, the catalog has {before.digest}")


def test_the_first_schema_is_refused(served: Served) -> None:
    served.push_schema1("agentrun/old", "v1")
    pushed = served.push("agentrun/old", "v2")
    repository = f"{served.host}/agentrun/old"

    failure, saw = broken(CHECK, stored(served, "v1", pushed.digest, repository=repository), lane())

    assert failure == Failure.SCHEMA1_DIGEST
    assert saw.startswith(f"{SERVICE}: agentrun/old:v1 is of the first schema")


def test_a_registry_that_lies_of_a_digest_is_refused(served: Served) -> None:
    pushed = served.push(PATH, "docker")
    seen = stored(served, "docker", pushed.digest)
    (one,) = seen.images
    assert isinstance(one.by_digest, Manifest)
    lied = replace(one, by_digest=replace(one.by_digest, declared=digest_of(b"lie")))
    other = replace(one, by_digest=replace(one.by_digest, digest=digest_of(b"other bytes")))

    for image, words in ((lied, "the registry says"), (other, "the bytes are")):
        failure, saw = broken(CHECK, replace(seen, images=(image,)), lane())
        assert failure == Failure.DIGEST_ABSENT
        assert words in saw


def test_an_image_of_another_registry_is_not_judged(served: Served) -> None:
    digest = digest_of(b"elsewhere")
    seen = stored(served, "1", digest, repository="elsewhere.test/a/b")

    assert "of another registry" in unsure(CHECK, seen, lane())
    bare = replace(seen, images=(replace(seen.images[0], digest=None),))
    assert "names no digest" in unsure(CHECK, bare, lane())
    assert "names no image" in unsure(CHECK, replace(seen, images=()), lane())


def test_a_registry_that_does_not_answer_is_not_judged(served: Served) -> None:
    place = RegistryPlace(f"http://127.0.0.1:{free_port()}", served.host)
    seen = published(served, "1", digest_of(b""))

    with pytest.raises(VantageError):
        asyncio.run(look_at_images(place, Local(), seen, deadline=5.0))


@pytest.mark.parametrize(
    ("repository", "path"),
    [
        ("127.0.0.1:5000/a/b", "a/b"),
        ("a/b", "a/b"),
        ("r.test/a/b", None),
        ("localhost/a", None),
        (None, None),
    ],
)
def test_a_repository_is_found_in_its_own_registry(
    repository: str | None, path: str | None
) -> None:
    assert path_in(RegistryPlace("http://10.0.0.1:5000", "127.0.0.1:5000"), repository) == path


def layers(served: Served, tag: str, **pushed: Any) -> LayersSeen:
    digest = served.push(PATH, tag, **pushed).digest
    expected = Layers()
    sought = Sought(expected.baked, expected.allowed, expected.largest)
    place = RegistryPlace(served.url, served.host)
    seen = published(served, tag, digest)
    found = asyncio.run(look_at_layers(place, Local(), sought, seen, deadline=20.0))
    assert codec.decode(codec.encode(found)) == found
    return found


def test_an_environment_holds_no_source(served: Served) -> None:
    names: tuple[str, ...] = ("app/node_modules/x/src/a.js", "usr/src/a", "app/package.json")
    names += ("usr/src/app/package.json", "usr/local/go/src/a.go", "usr/lib64/x/scripts/a")
    files = dict.fromkeys(names, "")
    history = ("COPY package.json bun.lock /app/ # buildkit", "RUN bun install")

    held(
        check_registry.check_images_hold_no_source,
        layers(served, "clean", files=files, history=history),
        lane(),
    )


@pytest.mark.parametrize(
    ("files", "history", "words"),
    [
        ({"app/src/main.ts": ""}, ("RUN x",), "app/src/main.ts in the layer sha256:"),
        ({"opt/app/src/main.ts": ""}, ("COPY . /opt/app # buildkit",), "opt/app/src/main.ts in"),
        ({"usr/src/app/src/a.ts": ""}, ("RUN x",), "usr/src/app/src/a.ts in the layer"),
        ({"a": ""}, ("COPY src/ /app/ # buildkit",), "COPY src/ /app/ in history 1"),
        ({"a": ""}, ("RUN x", "ENV COMMIT=" + "c" * 12), "in the config sha256:"),
        ({"a": ""}, ("RUN x", "ENV COMMIT=" + "c" * 40), f"the commit {'c' * 40} in the config"),
    ],
)
def test_source_in_an_environment_is_refused(
    served: Served, files: dict[str, str], history: tuple[str, ...], words: str
) -> None:
    seen = layers(served, "baked", files=files, history=history)

    failure, saw = broken(check_registry.check_images_hold_no_source, seen, lane())

    assert failure == Failure.SOURCE_BAKED_IN_ENV
    assert words in saw


def test_layers_that_were_not_looked_into_are_not_upheld(served: Served) -> None:
    digest = served.push(PATH, "large", files={"a": "x"}).digest
    seen = published(served, "large", digest)
    place = RegistryPlace(served.url, served.host)
    sought = Sought(("**/src/**",), (), 0)
    found = asyncio.run(look_at_layers(place, Local(), sought, seen, deadline=20.0))

    why = unsure(check_registry.check_images_hold_no_source, found, lane())

    assert "it is larger than 0 MiB" in why


def looked_into(served: Served, tag: str, digest: str) -> LayersSeen:
    sought = Sought(("**/src/**",), (), 100)
    place = RegistryPlace(served.url, served.host)
    seen = published(served, tag, digest)
    return asyncio.run(look_at_layers(place, Local(), sought, seen, deadline=20.0))


def test_an_index_whose_images_were_not_all_seen_is_not_upheld(served: Served) -> None:
    check = check_registry.check_images_hold_no_source
    image = served.push(PATH, "child")
    inner = served.push_index(PATH, "inner", image)
    nested = served.push_index(PATH, "nested", Pushed(inner, "", "", 1), image)
    empty = served.push_index(PATH, "empty")

    held(check, looked_into(served, "inner", inner), lane())
    why = unsure(check, looked_into(served, "nested", nested), lane())
    assert f"{inner}, of the index {nested}, is index, and no image" in why
    assert "names no image" in unsure(check, looked_into(served, "empty", empty), lane())


class _Odd(BaseHTTPRequestHandler):
    """Has one image, of one layer, whose digest is of SHA-512."""

    config = b"{}"
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "config": {"digest": digest_of(config)},
            "layers": [{"digest": f"sha512:{'a' * 128}", "size": 1}],
        }
    ).encode()

    def do_GET(self) -> None:
        body = self.config if "/blobs/" in self.path else self.manifest
        self.send_response(200)
        self.send_header("Content-Type", OCI_MANIFEST)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
        pass


def test_a_layer_of_another_kind_of_digest_is_a_layer_too() -> None:
    with serve(_Odd) as port:
        served = Served(f"http://127.0.0.1:{port}")
        seen = looked_into(served, "odd", digest_of(_Odd.manifest))

    assert seen.layers == 1
    why = unsure(check_registry.check_images_hold_no_source, seen, lane())
    assert "its digest is of a kind that is not read here" in why
