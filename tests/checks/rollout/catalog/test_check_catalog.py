"""Catalogs that hold, and that must be refused: each with the class of its row."""

from pathlib import Path
from typing import Any

import pytest

from checks.rollout import check_catalog
from checks.rollout.catalog import probe, sourcing
from checks.rollout.catalog.seen import Catalog, NoCatalog
from checks.rollout.failures import Failure
from config.lanes.catalog import Catalog as Expected
from fixtures.vantages import VantageError
from reports import codec
from reports.verdicts import NotApplicable
from tests.checks.rollout.catalog.lanes import (
    CATALOG,
    DIGEST,
    IDENTITY,
    IMAGE,
    SERVICE,
    URL,
    Rollout,
    broken,
    catalog,
    catalog_text,
    git,
    held,
    lane,
    look,
    read,
    service,
    target,
    unsure,
)
from tests.registries import digest_of

OTHER = digest_of(b"another environment")


@pytest.fixture
def rollout(tmp_path: Path) -> Rollout:
    return Rollout(tmp_path)


def test_a_catalog_is_read_at_the_head_of_its_branch(rollout: Rollout) -> None:
    commit = rollout.change(package__json="{}")
    promoted = rollout.publish(commit)

    seen = rollout.catalog()

    assert isinstance(seen, Catalog)
    held(check_catalog.check_catalog_is_there, seen, lane())
    assert (seen.commit, seen.source_commit) == (promoted, commit)
    found = seen.service(SERVICE)
    assert found is not None
    assert (found.repository, found.tag, found.digest) == (IMAGE, IDENTITY, DIGEST)
    assert found.pinned == f"{IMAGE}@{DIGEST}"
    assert codec.decode(codec.encode(seen)) == seen


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, f"there is no {CATALOG}"),
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "is no mapping"),
        ("<html>", "is no JSON"),
    ],
)
def test_what_is_no_catalog_is_missing(rollout: Rollout, text: str | None, words: str) -> None:
    rollout.promote({CATALOG: text, "x": "x"} if text is not None else {"x": "x"})
    seen = rollout.catalog()

    failure, saw = broken(check_catalog.check_catalog_is_there, seen, lane())

    assert isinstance(seen, NoCatalog)
    assert failure == Failure.CATALOG_MISSING
    assert words in saw
    assert codec.decode(codec.encode(seen)) == seen


def whole(seen: Catalog, **changes: Any) -> Any:
    its = lane(**changes)
    return seen, its.catalog, its.gitops, its


def test_a_whole_catalog_names_all_that_it_has_to() -> None:
    held(check_catalog.check_catalog_names_what_it_has_to, *whole(catalog()))


def test_other_layouts_name_the_same() -> None:
    one = service()
    nested = {
        "service_id": SERVICE,
        "image_ref": one["imageRef"],
        "image": {"repository": IMAGE, "tag": IDENTITY, "digest": DIGEST},
        "repo-digest": f"{IMAGE}@{DIGEST}",
        "env": {"identity": IDENTITY, "inputs": ["bun"]},
        "boot": {"commit": "c" * 40},
        "reused": True,
        "somethingNew": {"deep": [1, 2]},
    }
    text = catalog_text(source={"commit": "c" * 40, "branch": "v0.1"}, sourceCommit=None)
    by_name = read(
        text.replace('"services": [', '"artifacts": [').replace('"sourceBranch": "v0.1", ', "")
    )
    other = catalog(nested, provenance={"run": "1"})

    held(check_catalog.check_catalog_names_what_it_has_to, *whole(other))
    held(check_catalog.check_catalog_names_what_it_has_to, *whole(by_name))
    assert other.services[0].pinned == f"{IMAGE}@{DIGEST}"
    assert other.services[0].status == "reused"


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ("imageRef", "names no imageRef"),
        ("envImageTag", "names no env image tag"),
        ("digest", "names no digest"),
        ("repositoryDigest", "names no repository digest"),
        ("envIdentity", "names no env identity"),
        ("bootCommit", "names no bootCommit"),
        ("toolchainInputs", "names no toolchain inputs"),
        ("status", "names no status"),
        ("provenance", "names no provenance"),
    ],
)
def test_what_a_service_leaves_out_is_named(left_out: str, words: str) -> None:
    seen = catalog(service(**{left_out: None}))

    failure, saw = broken(check_catalog.check_catalog_names_what_it_has_to, *whole(seen))

    assert failure == Failure.CATALOG_INCOMPLETE
    assert saw == f"{SERVICE} {words}"


@pytest.mark.parametrize("left_out", ["lane", "sourceBranch", "gitopsBranch", "sourceCommit"])
def test_what_the_catalog_leaves_out_of_itself_is_named(left_out: str) -> None:
    changes: dict[str, Any] = {left_out: None}
    seen = catalog(**changes)

    failure, saw = broken(check_catalog.check_catalog_names_what_it_has_to, *whole(seen))

    assert failure == Failure.CATALOG_INCOMPLETE
    assert saw.startswith("it names no ")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"digest": "latest"}, "'latest' is no sha256 digest"),
        ({"digest": OTHER}, "and repository digest has"),
        ({"repositoryDigest": f"{IMAGE}:1"}, "is no REPOSITORY@sha256"),
        ({"bootCommit": "abc"}, "'abc' is no full commit id"),
        ({"serviceId": "other"}, "it has no service agentrun-mgr"),
        ({"imageRef": {"repoUrl": URL}}, "names no imageRef.commitId"),
        ({"imageRef": "deploy/Dockerfile"}, "names no imageRef.repoUrl"),
        ({"imageRef": {"kind": "env-image-dockerfile"}}, "names no imageRef.dockerfilePath"),
    ],
)
def test_what_cannot_be_is_as_good_as_missing(changed: dict[str, Any], words: str) -> None:
    seen = catalog(service(**changed))

    failure, saw = broken(check_catalog.check_catalog_names_what_it_has_to, *whole(seen))

    assert failure == Failure.CATALOG_INCOMPLETE
    assert words in saw


def test_a_service_that_stands_there_twice_is_told() -> None:
    seen = catalog(service(), service(digest=OTHER, repositoryDigest=f"{IMAGE}@{OTHER}"))

    assert broken(check_catalog.check_catalog_names_what_it_has_to, *whole(seen)) == (
        Failure.CATALOG_INCOMPLETE,
        f"it has 2 of the service {SERVICE}",
    )


def test_what_a_lane_says_it_has_not_is_not_asked_for() -> None:
    seen = catalog(service(imageRef=None, provenance=None))

    held(
        check_catalog.check_catalog_names_what_it_has_to,
        *whole(seen, catalog__without=["imageRef", "provenance"]),
    )


def test_another_lanes_catalog_is_refused() -> None:
    seen = catalog(lane="v02", sourceBranch="refs/heads/v0.1")

    assert broken(check_catalog.check_catalog_names_what_it_has_to, *whole(seen)) == (
        Failure.CATALOG_INCOMPLETE,
        "lane is v02, and not v01",
    )


def stands(rollout: Rollout, of: str, wanted: str) -> Any:
    seen = catalog(sourceCommit=of)
    return look(sourcing.look_at_standing, str(rollout.source), target(wanted), seen)


def test_the_catalog_is_of_the_target_or_of_one_that_contains_it(rollout: Rollout) -> None:
    first = rollout.change(a="1")
    second = rollout.change(a="2")
    check = check_catalog.check_catalog_is_of_the_target

    assert held(check, stands(rollout, first, first), lane()) == []
    (remark,) = held(check, stands(rollout, second, first), lane())
    assert remark.startswith("superseded: the catalog is of ")
    assert "pending: the catalog is of" in unsure(check, stands(rollout, first, second), lane())


def test_a_catalog_of_another_history_is_refused(rollout: Rollout) -> None:
    first = rollout.change(a="1")
    git(rollout.source, "checkout", "-q", "--orphan", "aside")
    aside = rollout.change(a="3")

    failure, saw = broken(
        check_catalog.check_catalog_is_of_the_target, stands(rollout, aside, first), lane()
    )

    assert failure == Failure.CATALOG_SOURCE_MISMATCH
    assert aside in saw


def test_a_commit_that_the_source_has_not_is_not_judged(rollout: Rollout) -> None:
    first = rollout.change(a="1")
    seen = stands(rollout, "9" * 40, first)

    why = unsure(check_catalog.check_catalog_is_of_the_target, seen, lane())

    assert "how the catalog stands to the target is not known" in why


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": "image"}, "kind is image, and not env-image-dockerfile"),
        ({"commitId": "main"}, "commitId is main, and no full commit id"),
        ({"dockerfilePath": "/Dockerfile"}, "and no relative path"),
        ({"dockerfilePath": "../Dockerfile"}, "and no relative path"),
        ({"repoUrl": None}, "it names no repoUrl"),
    ],
)
def test_imagerefs_are_dockerfiles_at_a_commit(changed: dict[str, Any], words: str) -> None:
    its, check = lane(), check_catalog.check_imagerefs_are_whole
    ref = {**service()["imageRef"], **changed}

    held(check, catalog(), its.catalog, its)
    failure, saw = broken(check, catalog(service(imageRef=ref)), its.catalog, its)

    assert failure == Failure.IMAGEREF_INVALID
    assert words in saw
    without = lane(catalog__without=["imageRef"])
    assert isinstance(without.catalog, Expected)
    with pytest.raises(NotApplicable, match="names no imageRef"):
        check(catalog(), without.catalog, without)


def test_specs_of_the_source_are_held_to_the_same(rollout: Rollout) -> None:
    spec = (
        "kind: AipodSpec\nmetadata: {name: pod}\nspec:\n  imageRef: {kind: env-image-dockerfile,"
        f" repoUrl: '{URL}', commitId: {'d' * 40}, dockerfilePath: Dockerfile}}\n"
    )
    its, check = lane(), check_catalog.check_specs_name_whole_imagerefs

    def specs(**files: str) -> Any:
        commit = rollout.change(**files)
        globs = ("*.yaml",)
        return look(sourcing.read_specs, str(rollout.source), globs, target(commit))

    held(check, specs(good__yaml=spec), its.catalog, its)
    failure, saw = broken(check, specs(bad__yaml=spec.replace("d" * 40, "v0.1")), its.catalog, its)
    assert failure == Failure.IMAGEREF_INVALID
    assert saw.startswith("bad.yaml: AipodSpec pod: commitId is v0.1")
    unread = specs(bad__yaml="a: [", good__yaml=spec)
    assert "bad.yaml: no YAML at line" in unsure(check, unread, its.catalog, its)
    assert "has one with an imageRef" in unsure(
        check, specs(bad__yaml="a: 1", good__yaml="a: 1"), its.catalog, its
    )


def test_dockerfiles_are_read_from_the_mirror(rollout: Rollout) -> None:
    commit = rollout.change(Dockerfile="FROM scratch")
    check = check_catalog.check_imagerefs_can_be_read_from_the_mirror

    def read_at(commit_id: str, path: str, url: str = URL) -> Any:
        ref = {"repoUrl": url, "commitId": commit_id, "dockerfilePath": path}
        seen = catalog(service(imageRef=ref))
        same = ("http://git-mirror-http.test/pikasTech/agentrun.git",)
        return look(sourcing.read_imagerefs, str(rollout.source), same, seen)

    held(check, read_at(commit, "Dockerfile"), lane())
    for seen, words in (
        (read_at(commit, "other"), "no such file"),
        (read_at("9" * 40, "Dockerfile"), "no such commit"),
    ):
        failure, saw = broken(check, seen, lane())
        assert failure == Failure.IMAGEREF_UNREADABLE
        assert saw.endswith(words)
    elsewhere = read_at(commit, "Dockerfile", "https://github.com/o/other")
    assert "of another repository" in unsure(check, elsewhere, lane())


def test_plans_can_read_the_catalog_at_the_mirror(rollout: Rollout) -> None:
    check = check_catalog.check_catalog_can_be_read_where_plans_read_it
    nothing = look(probe.look_at_head, rollout.branch)
    no_branch = look(probe.look_at_catalog_there, rollout.branch, CATALOG, nothing)
    rollout.promote({"x": "x"})
    gone = look(probe.look_at_catalog_there, rollout.branch, CATALOG, rollout.head())
    rollout.publish("c" * 40)

    there = look(probe.look_at_catalog_there, rollout.branch, CATALOG, rollout.head())
    held(check, rollout.catalog(), there, lane())
    for there in (no_branch, gone, catalog(service(serviceId="other"))):
        assert broken(check, catalog(), there, lane())[0] == Failure.CATALOG_NOT_HYDRATED


def test_a_repository_that_is_not_there_is_not_judged() -> None:
    with pytest.raises(VantageError):
        look(sourcing.read_specs, "/no/such", ("*",), target("a" * 40))
