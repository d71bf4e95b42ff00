"""GitOps branches that hold, and that must be refused: each with the class of its row."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checks.rollout import check_gitops
from checks.rollout.catalog import probe, rendering
from checks.rollout.catalog.pinning import Lag, lag_of
from checks.rollout.catalog.rendered import NotRendered, Rendered
from checks.rollout.catalog.rendering import Rendering
from checks.rollout.catalog.seen import Catalog, Head, NoHead
from checks.rollout.failures import Failure
from fixtures.vantages import VantageError
from reports import codec
from reports.verdicts import NotApplicable
from tests.checks.rollout.catalog.lanes import (
    AT,
    CATALOG,
    DIGEST,
    IMAGE,
    RUNTIME,
    Rollout,
    broken,
    catalog,
    deployment,
    git,
    held,
    job,
    lane,
    look,
    service,
    unsure,
)
from tests.checks.wire.gits import make_bare, served
from tests.registries import digest_of

PINNED = f"{IMAGE}@{DIGEST}"
OTHER = digest_of(b"another environment")


@pytest.fixture
def rollout(tmp_path: Path) -> Rollout:
    return Rollout(tmp_path)


def test_a_branch_that_is_not_there_is_missing(rollout: Rollout) -> None:
    its, check = lane(), check_gitops.check_gitops_branch_is_there
    missing = look(probe.look_at_head, rollout.branch)
    rollout.publish("c" * 40, mgr=deployment())

    assert isinstance(missing, NoHead)
    assert broken(check, missing, its)[0] == Failure.GITOPS_MISSING
    held(check, rollout.head(), its)
    for seen in (missing, rollout.head()):
        assert codec.decode(codec.encode(seen)) == seen


def test_a_branch_without_the_lanes_manifests_is_refused(rollout: Rollout) -> None:
    check = check_gitops.check_gitops_branch_has_the_lanes_manifests
    rollout.publish("c" * 40)

    assert broken(check, rollout.manifests(), lane())[0] == Failure.GITOPS_MISSING
    rollout.publish("c" * 40, mgr=deployment())
    held(check, rollout.manifests(), lane())
    rollout.publish("c" * 40, mgr="a: [")
    assert f"{RUNTIME}/mgr.yaml: no YAML at line" in unsure(check, rollout.manifests(), lane())


def pinned(rollout: Rollout, **manifests: Any) -> Any:
    rollout.publish("c" * 40, **manifests)
    its = lane(gitops__unpinned=["pause:*"])
    return rollout.manifests(), its.gitops, its


@pytest.mark.parametrize(
    "manifest",
    [
        deployment(f"{IMAGE}:latest"),
        deployment(PINNED, sidecar="docker.io/library/busybox:1"),
        job(f"{IMAGE}:1", "run"),
        job(f"{IMAGE}:1", "run", "CronJob"),
        f"kind: List\nitems:\n- {{kind: Pod, spec: {{containers: [{{image: '{IMAGE}'}}]}}}}\n",
        deployment(f"{IMAGE}@sha256:abc"),
        f"{deployment()}---\n{deployment(f'{IMAGE}:1')}",
        "kind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: no-image}]}\n",
    ],
)
def test_an_image_without_a_digest_is_refused(rollout: Rollout, manifest: str) -> None:
    failure, saw = broken(
        check_gitops.check_manifests_pin_every_image_by_digest,
        *pinned(rollout, good=deployment(), bad=manifest),
    )

    assert failure == Failure.UNPINNED_IMAGE
    assert saw.startswith(f"{RUNTIME}/bad.yaml: ")
    assert "\n" not in saw


def test_pinned_images_and_those_that_may_be_loose_are_upheld(rollout: Rollout) -> None:
    check = check_gitops.check_manifests_pin_every_image_by_digest
    both = deployment(PINNED, pause="pause:3")

    held(check, *pinned(rollout, mgr=both, job=job(PINNED, "run")))
    unread = pinned(rollout, mgr=both, job=job(PINNED, "run"), bad="a: &a [*a]")
    assert "an alias at line 1" in unsure(check, *unread)
    alone = Rollout(rollout.folder / "alone")
    assert "nothing to judge" in unsure(check, *pinned(alone, no="kind: Namespace\nmetadata: {}"))


def test_manifests_run_what_the_catalog_has(rollout: Rollout) -> None:
    check = check_gitops.check_manifests_run_what_the_catalog_published
    rollout.publish("c" * 40, mgr=deployment(PINNED, db=f"docker.io/library/postgres@{OTHER}"))
    assert held(check, rollout.manifests(), rollout.catalog(), lane()) == []

    rollout.publish("c" * 40, mgr=deployment(f"{IMAGE}@{OTHER}"))
    failure, saw = broken(check, rollout.manifests(), rollout.catalog(), lane())
    assert failure == Failure.MANIFEST_CATALOG_MISMATCH
    assert saw.endswith(f"{IMAGE}@{OTHER}; the catalog has {DIGEST}")

    rollout.publish("c" * 40, mgr=deployment(f"docker.io/library/postgres@{OTHER}"))
    why = unsure(check, rollout.manifests(), rollout.catalog(), lane())
    assert "no manifest runs any image of the catalog" in why
    untold = service(serviceId="other", digest=None, repositoryDigest=None)
    two = catalog(service(), untold)
    assert "no manifest runs any image" in unsure(check, rollout.manifests(), two, lane())


def test_jobs_run_images_of_the_catalog_and_install_nothing(rollout: Rollout) -> None:
    its = lane()
    trusted, nothing = (
        check_gitops.check_jobs_run_images_of_the_catalog,
        check_gitops.check_jobs_install_nothing,
    )
    rollout.publish("c" * 40, job=job(PINNED, "bun run start && echo capture adapt"))
    held(trusted, rollout.manifests(), catalog(), its.gitops, its)
    held(nothing, rollout.manifests(), its)

    rollout.publish("c" * 40, job=job(f"{IMAGE}@{OTHER}", "run"))
    failure, _ = broken(trusted, rollout.manifests(), catalog(), its.gitops, its)
    assert failure == Failure.UNTRUSTED_IMAGE_TAG

    rollout.publish("c" * 40, job=deployment())
    for check, given in ((nothing, (its,)), (trusted, (catalog(), its.gitops, its))):
        with pytest.raises(NotApplicable, match="have no Job"):
            check(rollout.manifests(), *given)


@pytest.mark.parametrize(
    ("command", "word"),
    [
        ("apt-get update && x", "apt-get"),
        ("set -e; apk add git", "apk"),
        ("cd /app && bun install --frozen-lockfile", "bun install"),
        ("/usr/bin/npm install", "npm install"),
        ("(pip  install x)", "pip install"),
    ],
)
def test_a_job_that_installs_is_refused(rollout: Rollout, command: str, word: str) -> None:
    rollout.publish("c" * 40, job=job(PINNED, command, "CronJob"))

    failure, saw = broken(check_gitops.check_jobs_install_nothing, rollout.manifests(), lane())

    assert failure == Failure.RUNTIME_INSTALL
    assert saw == f"{RUNTIME}/job.yaml: CronJob runner, container boot runs {word}"


def test_secret_values_are_found_wherever_they_stand_and_never_quoted(rollout: Rollout) -> None:
    check, value = check_gitops.check_gitops_branch_holds_no_secret_value, "Zm9vYmFyYmF6"
    rollout.publish("c" * 40, mgr=deployment())
    seen = rollout.searched()
    promotions = rollout.promotions()
    held(check, seen, promotions, lane())
    assert "only the newest" in unsure(check, seen, replace(promotions, whole=False), lane())
    empty = replace(seen, files=0)
    assert "the branch has no file" in unsure(check, empty, promotions, lane())
    assert codec.decode(codec.encode(seen)) == seen

    secret = f"kind: Secret\nmetadata: {{name: s}}\ndata: {{key: {value}}}\n"
    rollout.publish("d" * 40, mgr=deployment(), database=secret)
    rollout.promote({f"{RUNTIME}/database.yaml": None, "elsewhere/key": "x"})
    gone = rollout.searched()
    rollout.promote({"elsewhere/db.yaml": secret})
    failure, saw = broken(check, rollout.searched(), rollout.promotions(), lane())

    assert failure == Failure.SECRET_VALUE_IN_GITOPS
    assert "elsewhere/db.yaml: kubernetes-secret of Secret s" in saw
    assert value not in saw
    assert value not in codec.encode(rollout.searched())
    (left_behind,) = gone.leaks  # it is not in the tree any more, and everybody can read it
    assert left_behind.path.endswith(f":{RUNTIME}/database.yaml")


def test_a_promotion_writes_what_it_may(rollout: Rollout) -> None:
    its, check = lane(gitops__generated=["meta/*.json"]), None
    check = check_gitops.check_promotions_write_only_what_they_may
    rollout.promote({"README.md": "before any catalog"})
    rollout.publish("c" * 40, mgr=deployment())
    rollout.publish("d" * 40, mgr=deployment(f"{IMAGE}@{OTHER}"))
    rollout.promote({"meta/run.json": "{}"})
    held(check, rollout.promotions(), its.gitops, its)

    escaped = rollout.promote({"src/main.ts": "x", f"{RUNTIME}/b.yaml": "a: 1"})
    rollout.promote({"src/main.ts": None, f"{RUNTIME}/c.yaml": "a: 1"})
    failure, saw = broken(check, rollout.promotions(), its.gitops, its)

    assert failure == Failure.PROMOTION_PATH_ESCAPE
    assert f"{escaped[:12]} changed src/main.ts" in saw
    assert RUNTIME not in saw


def test_what_stood_on_the_branch_before_the_first_promotion_is_none(rollout: Rollout) -> None:
    its, check = lane(), check_gitops.check_promotions_write_only_what_they_may
    rollout.promote({"README.md": "how this branch is used"})
    first = rollout.publish("c" * 40, mgr=deployment())
    seen = rollout.promotions()

    assert [one.commit for one in seen.written] == [first]
    held(check, seen, its.gitops, its)
    rollout.promote({"README.md": "more"})
    assert broken(check, rollout.promotions(), its.gitops, its)[0] == Failure.PROMOTION_PATH_ESCAPE


def test_what_was_not_all_read_is_not_upheld(rollout: Rollout) -> None:
    its, check = lane(), check_gitops.check_promotions_write_only_what_they_may
    rollout.publish("c" * 40, mgr=deployment())
    seen = rollout.promotions()

    held(check, replace(seen, written=seen.written[:1]), lane(gitops__generated=["**"]).gitops, its)
    partly = replace(seen, whole=False)
    assert "more commits than were read" in unsure(check, partly, its.gitops, its)
    assert "there are no commits" in unsure(check, replace(seen, written=()), its.gitops, its)


def rendered(rollout: Rollout, *argv: str, **more: Any) -> Any:
    seen = rollout.catalog()
    assert isinstance(seen, Catalog)
    asked = Rendering(str(rollout.source), RUNTIME, argv, more.get("ignored", ()))
    return look(rendering.render, rollout.branch, asked, rollout.head(), seen)


COPY = ("sh", "-c", "cp manifests/* {out}; test -n {commit}; echo written > $HOME/x")


def test_manifests_are_what_the_source_renders_to(rollout: Rollout) -> None:
    check = check_gitops.check_manifests_are_what_the_source_renders_to
    rollout.source.joinpath("manifests").mkdir()
    commit = rollout.change(**{"manifests/mgr__yaml": f"# rendered\n{deployment()}"})
    rollout.publish(commit, mgr=deployment())
    seen = rendered(rollout, *COPY)

    assert isinstance(seen, Rendered)
    held(check, seen, lane())
    assert git(rollout.source, "status", "--porcelain") == ""

    rollout.publish(commit, mgr=deployment(f"{IMAGE}@{OTHER}"), by_hand="a: 1")
    failure, saw = broken(check, rendered(rollout, *COPY), lane())
    assert failure == Failure.GITOPS_RENDER_DRIFT
    assert saw.split("\n") == ["by_hand.yaml is on the branch alone", "mgr.yaml differs"]
    held(check, rendered(rollout, *COPY, ignored=("*.yaml",)), lane())


def test_what_does_not_render_is_not_judged(rollout: Rollout) -> None:
    check = check_gitops.check_manifests_are_what_the_source_renders_to
    rollout.publish(rollout.change(a="1"), mgr=deployment())

    failed = rendered(rollout, "sh", "-c", "echo broken >&2; exit 3")
    assert isinstance(failed, NotRendered)
    assert "ended with 3: broken" in unsure(check, failed, lane())
    with pytest.raises(VantageError) as raised:
        rendered(rollout, "true")
    assert "left nothing in the folder {out}" in raised.value.reason


def test_a_branch_is_read_by_its_url_as_by_its_path(rollout: Rollout) -> None:
    for text in "12":
        rollout.publish(rollout.change(a=text), mgr=deployment(), job=job(PINNED, text))
    near = (rollout.catalog(), rollout.manifests(), rollout.promotions(), rollout.searched())
    make_bare(rollout.folder / "served/lane.git", rollout.folder / "gitops")

    with served(rollout.folder / "served") as url:
        rollout.branch = probe.Branch(f"{url}/lane.git", rollout.branch.ref)
        far = (rollout.catalog(), rollout.manifests(), rollout.promotions(), rollout.searched())

    assert [replace(one, at=AT) for one in far] == [replace(one, at=AT) for one in near]


def test_a_branch_of_a_url_is_not_asked_where_nobody_answers(rollout: Rollout) -> None:
    with pytest.raises(VantageError):
        look(probe.look_at_head, probe.Branch("http://127.0.0.1:9/a.git", rollout.branch.ref))


@pytest.mark.parametrize(
    ("registry", "gitops", "runtime", "lag"),
    [
        (True, True, True, Lag.ALIGNED),
        (True, True, False, Lag.RUNTIME_LAG),
        (False, True, False, Lag.PUBLISH_DEFECT),
        (True, False, False, Lag.PUBLISH_DEFECT),
        (False, None, None, Lag.PUBLISH_DEFECT),
        (None, True, False, Lag.UNKNOWN),
        (True, True, None, Lag.UNKNOWN),
    ],
)
def test_what_lags_is_told_apart(
    lag: Lag, *, registry: bool | None, gitops: bool | None, runtime: bool | None
) -> None:
    assert lag_of(registry=registry, gitops=gitops, runtime=runtime) is lag


def test_a_head_reads_in_one_line() -> None:
    seen = Head(repository="r", ref="refs/heads/x", commit="a" * 40, at=AT)

    assert seen.headline == f"refs/heads/x is at {'a' * 40}"
    assert CATALOG not in seen.headline
