"""Identities of environments, and what is reused by them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checks.rollout import check_catalog
from checks.rollout.catalog import sourcing
from checks.rollout.catalog.scanned import InputsChanged, NoInputs
from checks.rollout.failures import Failure
from config.lanes.catalog import Catalog as Expected
from reports import codec
from reports.verdicts import NotApplicable
from tests.checks.rollout.catalog.lanes import (
    AT,
    DIGEST,
    IMAGE,
    SERVICE,
    Rollout,
    broken,
    catalog,
    earlier,
    held,
    lane,
    look,
    service,
    unsure,
)
from tests.registries import digest_of

OTHER = digest_of(b"another environment")


@pytest.fixture
def rollout(tmp_path: Path) -> Rollout:
    return Rollout(tmp_path)


def test_tags_are_identities() -> None:
    expected = lane().catalog
    check = check_catalog.check_tags_are_identities_of_environments

    held(check, catalog(), expected, lane())
    for tag in ("c" * 40, "c" * 12):
        changed = service(envImageTag=f"{IMAGE}:{tag}", envIdentity=tag)
        failure, saw = broken(check, catalog(changed), expected, lane())
        assert failure == Failure.ENV_TAG_IS_COMMIT
        assert "is the source commit" in saw
    drifted = catalog(service(envIdentity="f" * 16))
    assert broken(check, drifted, expected, lane())[0] == Failure.ENV_TAG_IS_COMMIT
    bare = catalog(service(envImageTag=None, repositoryDigest=None))
    assert "names no tag" in unsure(check, bare, expected, lane())
    its = lane(catalog__env_images=False)
    assert isinstance(its.catalog, Expected)
    with pytest.raises(NotApplicable, match="no environments"):
        check(catalog(), its.catalog, its)


def test_a_reused_image_is_the_one_of_before(rollout: Rollout) -> None:
    for text in ("1", "2", "3"):
        rollout.publish(rollout.change(a=text))
    before = rollout.earlier()
    seen = rollout.catalog()
    check = check_catalog.check_images_are_reused_by_the_catalog_alone

    assert len(before.catalogs) == 2
    assert before.whole
    (remark,) = held(check, seen, before, lane())
    assert before.catalogs[0].commit[:12] in remark
    assert codec.decode(codec.encode(before)) == before


def test_another_digest_for_the_same_identity_is_unsafe() -> None:
    before = earlier(catalog(service(digest=OTHER, repositoryDigest=None), at="a" * 40))

    failure, saw = broken(
        check_catalog.check_images_are_reused_by_the_catalog_alone, catalog(), before, lane()
    )

    assert failure == Failure.UNSAFE_REUSE
    assert f"as {DIGEST}, which was {OTHER} at aaaaaaaaaaaa" in saw


def test_what_only_the_registry_can_have_told_is_refused() -> None:
    check = check_catalog.check_images_are_reused_by_the_catalog_alone
    before = earlier(catalog(service(envIdentity="f" * 16), at="a" * 40))
    decided = catalog(service(decision={"source": "registry-head"}))

    nameless = catalog(service(decision={"source": "registry-head"}, envIdentity=None))
    same = earlier(catalog(at="a" * 40))

    for seen, others in ((catalog(), before), (decided, same), (nameless, same)):
        assert broken(check, seen, others, lane())[0] == Failure.REGISTRY_AS_TRUTH


def test_what_cannot_be_followed_is_not_upheld() -> None:
    check = check_catalog.check_images_are_reused_by_the_catalog_alone

    for others in (
        earlier(),
        earlier(whole=False),
        earlier(shallow=True),
        earlier(unread=("a: b",)),
    ):
        assert "not found in the 0 earlier" in unsure(check, catalog(), others, lane())
    held(check, catalog(service(status="built")), earlier(), lane())


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ({"envIdentity": None}, "is reused, and has no identity"),
        ({"digest": None, "repositoryDigest": None}, "is reused, and has no digest"),
    ],
)
def test_what_is_reused_by_no_name_is_not_upheld(left_out: dict[str, Any], words: str) -> None:
    check = check_catalog.check_images_are_reused_by_the_catalog_alone
    before = earlier(catalog(at="a" * 40))

    assert words in unsure(check, catalog(service(**left_out)), before, lane())


def test_a_catalog_without_a_service_reuses_nothing_that_could_be_judged() -> None:
    none, before = replace(catalog(), services=()), earlier(catalog(at="a" * 40))

    for check in (
        check_catalog.check_images_are_reused_by_the_catalog_alone,
        check_catalog.check_reuse_is_reported,
    ):
        assert "the catalog has no service" in unsure(check, none, before, lane())
    refs = check_catalog.check_imagerefs_are_whole
    assert "the catalog has no service" in unsure(refs, none, lane().catalog, lane())


def test_reuse_is_said_as_it_is() -> None:
    check = check_catalog.check_reuse_is_reported
    before = earlier(catalog(at="a" * 40))

    held(check, catalog(), before, lane())
    held(check, catalog(service(status="built")), earlier(), lane())
    for status in ("built", "done"):
        failure, _ = broken(check, catalog(service(status=status)), before, lane())
        assert failure == Failure.REUSE_NOT_REPORTED
    loose = catalog(service(digest=None, repositoryDigest=None))
    assert broken(check, loose, before, lane()) == (
        Failure.REUSE_NOT_REPORTED,
        f"{SERVICE} is reused, and not pinned by a digest",
    )


def inputs(*paths: str) -> InputsChanged:
    return InputsChanged(older="a" * 40, newer="c" * 40, paths=paths, at=AT)


def followed(now: dict[str, Any], changed: InputsChanged | NoInputs, **more: Any) -> Any:
    given = {"catalog_expected": lane(**more).catalog, "lane": lane()}
    before = earlier(catalog(at="a" * 40))
    return (catalog(service(**now)), before, changed), given


def test_identities_follow_their_inputs() -> None:
    check = check_catalog.check_identities_follow_their_inputs
    new = {"envIdentity": "f" * 16}

    given, named = followed({}, inputs())
    assert held(check, *given, **named) == []
    given, named = followed(new, inputs("package.json"))
    assert held(check, *given, **named) == [f"{SERVICE} is a new environment by package.json"]


def test_identities_that_nobody_names_are_not_upheld() -> None:
    check = check_catalog.check_identities_follow_their_inputs
    given, named = followed({"envIdentity": None}, inputs())
    other, more = followed({"serviceId": "another"}, inputs())

    assert "no service has an identity" in unsure(check, *given, **named)
    assert "no service has an identity" in unsure(check, *other, **more)


@pytest.mark.parametrize(
    ("now", "paths", "failure", "words"),
    [
        ({}, ("package.json",), "env-identity-insensitive", "though package.json changed"),
        (
            {"toolchainInputs": {"base": "oven/bun:1.4", "packages": ["git"]}},
            (),
            "env-identity-insensitive",
            "though toolchain base changed",
        ),
        (
            {"imageRef": service()["imageRef"] | {"commitId": "e" * 40}},
            (),
            "env-identity-insensitive",
            "though imageRef.commitId changed",
        ),
        ({"envIdentity": "f" * 16}, (), "env-identity-unstable", "none of its inputs changed"),
    ],
)
def test_identities_that_do_not_follow_are_refused(
    now: dict[str, Any], paths: tuple[str, ...], failure: str, words: str
) -> None:
    given, named = followed(now, inputs(*paths))

    found, saw = broken(check_catalog.check_identities_follow_their_inputs, *given, **named)

    assert found == failure
    assert words in saw


def test_only_the_declared_parts_of_an_imageref_count() -> None:
    now = {"imageRef": service()["imageRef"] | {"commitId": "e" * 40}}
    given, named = followed(now, inputs(), catalog__identity_parts=["dockerfilePath"])

    held(check_catalog.check_identities_follow_their_inputs, *given, **named)


def test_inputs_are_compared_in_the_source(rollout: Rollout) -> None:
    commits = [rollout.change(package__json="1", a="1"), rollout.change(a="2")]
    commits.append(rollout.change(package__json="2"))
    globs = ("package.json", "deploy/runtime/boot/*.sh")

    def changed(one: str, other: str) -> Any:
        before = earlier(catalog(sourceCommit=one, at="a" * 40))
        seen = catalog(sourceCommit=other)
        return look(sourcing.look_at_inputs, str(rollout.source), globs, seen, before)

    assert changed(commits[0], commits[1]).paths == ()
    assert changed(commits[0], commits[2]).paths == ("package.json",)
    first = look(sourcing.look_at_inputs, str(rollout.source), globs, catalog(), earlier())
    given, named = followed({}, first)
    why = unsure(check_catalog.check_identities_follow_their_inputs, *given, **named)
    assert "there is no earlier catalog" in why
