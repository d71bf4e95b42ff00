"""Whether two names of images are the same image, by what a registry showed."""

import asyncio
from collections.abc import Iterator

import pytest

from checks.rollout.catalog.identity import Identity, Sameness, identify
from checks.rollout.catalog.showing import show_images
from fixtures.registries import Manifest, NotThere, RegistryPlace
from fixtures.registries.names import ImageName, image_name
from fixtures.vantages.local import Local
from tests.registries import Pushed, Served, digest_of, registry

ENV = "agentrun/agentrun-mgr-env"
GONE = digest_of(b"collected")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with registry(tmp_path_factory.mktemp("registry")) as listening:
        yield listening


@pytest.fixture(scope="module")
def pushed(served: Served) -> tuple[Pushed, Pushed]:
    return served.push(ENV, "one"), served.push(ENV, "two", oci=True)


def shown(served: Served, *references: str) -> tuple[Manifest | NotThere, ...]:
    place = RegistryPlace(served.url, served.host)
    asked = tuple((ENV, one) for one in references)
    return asyncio.run(show_images(place, Local(), asked, deadline=20.0))


def compared(served: Served, wanted: str, live: str, name: str = "") -> Identity:
    """Compare as a check does: after the registry was asked for both digests."""
    prefix = f"docker-pullable://{served.host}/{ENV}@" if name else ""
    return identify(f"{served.host}/{ENV}@{wanted}", f"{prefix}{live}", shown(served, wanted, live))


def test_an_equal_digest_is_equal_whatever_stands_before_it(
    served: Served, pushed: tuple[Pushed, Pushed]
) -> None:
    one = pushed[0].digest

    assert compared(served, one, one, "by a name").sameness is Sameness.EQUAL
    assert compared(served, one, one).sameness is Sameness.EQUAL


def test_an_index_is_its_image_either_way_round(
    served: Served, pushed: tuple[Pushed, Pushed]
) -> None:
    index = served.push_index(ENV, "index", *pushed)

    for wanted, live in ((index, pushed[1].digest), (pushed[1].digest, index)):
        found = compared(served, wanted, live, "by a name")
        assert found.sameness is Sameness.INDEX_CHILD
        assert "linux/arm64" in found.why


def test_a_bare_id_is_the_config_of_the_image_or_of_an_indexs_image(
    served: Served, pushed: tuple[Pushed, Pushed]
) -> None:
    index = served.push_index(ENV, "index", *pushed)

    for wanted in (pushed[0].digest, index):
        found = compared(served, wanted, pushed[0].config)
        assert found.sameness is Sameness.CONFIG
        assert pushed[0].digest in found.why


def test_another_image_is_a_mismatch_and_so_is_the_config_of_another(
    served: Served, pushed: tuple[Pushed, Pushed]
) -> None:
    one, two = pushed

    assert compared(served, one.digest, two.digest, "by a name").sameness is Sameness.MISMATCH
    assert compared(served, one.digest, two.config).sameness is Sameness.MISMATCH


def test_the_image_of_another_platform_is_a_mismatch(
    served: Served, pushed: tuple[Pushed, Pushed]
) -> None:
    served.push_index(ENV, "index", *pushed)

    assert not compared(served, pushed[0].digest, pushed[1].digest, "by a name").is_same


def test_what_the_registry_has_no_more_is_not_told_apart(
    served: Served, pushed: tuple[Pushed, Pushed]
) -> None:
    one = pushed[0].digest

    by_name = compared(served, one, GONE, "by a name")
    wanted_gone = compared(served, GONE, one, "by a name")

    assert by_name.sameness is wanted_gone.sameness is Sameness.INCONCLUSIVE
    assert f"the registry has no {GONE}" in by_name.why


def test_a_tag_says_nothing_of_what_runs(served: Served, pushed: tuple[Pushed, Pushed]) -> None:
    one = pushed[0].digest

    for wanted, live in ((f"r.test/{ENV}:one", one), (one, f"r.test/{ENV}:one"), (one, "")):
        found = identify(wanted, live, shown(served, one))
        assert found.sameness is Sameness.INCONCLUSIVE
        assert "names no digest" in found.why


def test_nothing_shown_tells_nothing_apart() -> None:
    found = identify(digest_of(b"1"), digest_of(b"2"))

    assert found.sameness is Sameness.INCONCLUSIVE
    assert "was not seen" in found.why


def test_an_index_whose_images_were_not_seen_says_nothing_of_a_bare_id(
    served: Served, pushed: tuple[Pushed, Pushed]
) -> None:
    index = served.push_index(ENV, "index", *pushed)
    only = [one for one in shown(served, index) if isinstance(one, Manifest)]
    alone = [one for one in only if one.digest == index]

    found = identify(index, pushed[0].config, [*alone, NotThere(ENV, pushed[0].config, "")])

    assert found.sameness is Sameness.INCONCLUSIVE
    assert "not all images of the index" in found.why


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("127.0.0.1:5000/a/b:v1", ImageName("127.0.0.1:5000", "a/b", "v1", None)),
        (f"docker://r.test/b@{GONE}", ImageName("r.test", "b", None, GONE)),
        (f"localhost/b:1@{GONE}", ImageName("localhost", "b", "1", GONE)),
        ("busybox", ImageName("docker.io", "library/busybox", None, None)),
        ("o/busybox:1", ImageName("docker.io", "o/busybox", "1", None)),
        (GONE, ImageName("", "", None, GONE)),
        (f"docker-pullable://{GONE}", ImageName("", "", None, GONE)),
        ("sha256:abc", ImageName("docker.io", "library/sha256", "abc", None)),
        ("r.test/b@sha256:abc", None),
        ("A/b", None),
        ("", None),
        ("r.test/b:", None),
    ],
)
def test_names_are_taken_apart(text: str, taken: ImageName | None) -> None:
    assert image_name(text) == taken


def test_an_index_of_indexes_is_no_ground_for_another_image(
    served: Served, pushed: tuple[Pushed, Pushed]
) -> None:
    inner = served.push_index(ENV, "inner", *pushed)
    outer = served.push_index(ENV, "outer", Pushed(inner, "", "", 1))

    found = compared(served, outer, pushed[0].digest, "by a name")

    assert found.sameness is Sameness.INCONCLUSIVE
    assert f"not all images of the index {outer} were seen" in found.why
