from typing import Any

import pytest

from checks.rollout.argo.destinations import permits, too_wide
from checks.rollout.argo.equality import generate_paths, own_sources, same_repository
from checks.rollout.argo.globbing import fits
from checks.rollout.argo.installing import unlike
from checks.rollout.argo.objects import Destination
from checks.rollout.argo.operations import (
    errors_of,
    failed_hooks,
    failed_operation,
    in_progress,
    older_spec,
    unhydrated,
    warnings_of,
)
from checks.rollout.argo.reading import read_application, read_project
from config.lanes.argo import Install
from tests.checks.rollout.argo.written import HEAD, SOURCE, URL, application, hook, project
from tests.checks.rollout.runtime.written import at

STATE = "status__operationState"
HYDRATOR = {
    "drySource": {"repoURL": URL, "targetRevision": "v0.1", "path": "charts"},
    "syncSource": {"targetBranch": "v0.1-gitops", "path": "deploy"},
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"operation": {"sync": {}}}, "an operation is asked for"),
        ({f"{STATE}__finishedAt": None, f"{STATE}__phase": "Running"}, "its operation is Running"),
        ({"status__reconciledAt": None}, "it was not reconciled since"),
        ({"status__reconciledAt": at(4, 29)}, "reconciled at 11:04:29Z, before"),
        # whole seconds: the same second counts as after
        ({"status__reconciledAt": at(4, 30)}, ""),
        ({"status__reconciledAt": at(4), f"{STATE}__operation__sync__dryRun": True}, ""),
        ({STATE: None}, ""),
    ],
)
def test_an_operation_is_in_progress_as_argo_waits_for_it(
    changes: dict[str, Any], words: str
) -> None:
    told = in_progress(read_application(application(**changes)))

    assert (words in told, bool(told)) == (True, bool(words)), told


def test_the_revision_that_an_operation_was_asked_for_is_never_read() -> None:
    app = read_application(application())

    assert app.operation is not None
    assert app.operation.applied is not None
    assert app.operation.applied.each == (HEAD,)
    assert "7" * 40 not in repr(app)


def test_several_sources_have_a_revision_each() -> None:
    chart = {"repoURL": "https://charts.example", "targetRevision": "1.2.3", "chart": "redis"}
    seen = read_application(
        application(
            spec__sources=[chart, SOURCE],
            spec__source=None,
            status__sync__revisions=["1.2.3", HEAD],
            status__sync__revision=None,
        )
    )

    assert seen.several
    assert seen.compared.each == ("1.2.3", HEAD)
    assert own_sources(seen, (URL,), None) == (1,)
    assert own_sources(seen, (), "v0.1-gitops") == (1,)
    assert own_sources(seen, (), None) == ()
    assert "compared to http" in older_spec(seen)


def test_a_status_of_an_older_spec_is_known_by_what_it_compared_to() -> None:
    now = read_application(application())
    moved = read_application(application(spec__source__path="elsewhere"))
    away = read_application(application(spec__destination__namespace="agentrun-v02"))
    silent = read_application(application(status__sync__comparedTo=None))

    assert older_spec(now) == older_spec(silent) == ""
    assert "its spec says" in older_spec(moved)
    assert "agentrun-v02" in older_spec(away)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (None, "has done nothing yet"),
        ({"currentOperation": {"phase": "Hydrated", "drySHA": "a"},
          "lastSuccessfulOperation": {"drySHA": "a", "hydratedSHA": "b"}}, ""),
        ({"currentOperation": {"phase": "Hydrating", "drySHA": "b"},
          "lastSuccessfulOperation": {"drySHA": "a"}}, "is at b: Hydrating; it did a"),
        ({"currentOperation": {"phase": "Failed", "drySHA": "b", "message": "no chart"}},
         "Failed: no chart; it did none"),
    ],
)  # fmt: skip
def test_the_source_hydrator_is_done_when_both_of_its_commits_are_one(
    told: Any, words: str
) -> None:
    seen = read_application(
        application(spec__sourceHydrator=HYDRATOR, spec__source=None, status__sourceHydrator=told)
    )

    assert seen.sources[0].target_revision == "v0.1-gitops"
    assert words in unhydrated(seen)
    assert bool(unhydrated(seen)) == bool(words)
    assert unhydrated(read_application(application())) == ""


def test_conditions_are_errors_or_warnings() -> None:
    conditions = [
        {"type": "ComparisonError", "message": "failed to generate manifests"},
        {"type": "OrphanedResourceWarning", "message": "1 orphaned resource"},
    ]
    seen = read_application(application(status__conditions=conditions))

    assert errors_of(seen) == ("ComparisonError: failed to generate manifests",)
    assert warnings_of(seen) == ("OrphanedResourceWarning: 1 orphaned resource",)


def test_hooks_are_told_apart_from_resources() -> None:
    seen = read_application(
        application(**{f"{STATE}__syncResult__resources": [hook(), hook("Succeeded")],
                       f"{STATE}__phase": "Failed", f"{STATE}__message": "one hook failed"})
    )  # fmt: skip

    assert [one.name for one in failed_hooks(seen)] == ["migrate"]
    assert failed_operation(seen) == "operation Failed: one hook failed"
    assert failed_hooks(read_application(application())) == ()


def test_health_of_resources_may_stand_in_no_status() -> None:
    seen = read_application(
        application(status__resourceHealthSource="appTree", status__resources__0__health=None)
    )

    assert seen.health_elsewhere
    assert seen.resources[0].health is None


HERE = Destination("https://kubernetes.default.svc", "", "agentrun-v01")
OTHER = Destination("https://kubernetes.default.svc", "", "agentrun-v02")


@pytest.mark.parametrize(
    ("destinations", "wanted", "may"),
    [
        ([("https://kubernetes.default.svc", "", "agentrun-v01")], HERE, True),
        ([("https://kubernetes.default.svc", "", "agentrun-v01")], OTHER, False),
        ([("*", "", "agentrun-*")], OTHER, True),
        ([("https://elsewhere", "", "agentrun-v01")], HERE, False),
        ([("*", "", "*"), ("*", "", "!agentrun-v02")], OTHER, False),
        ([("*", "", "*"), ("*", "", "!agentrun-v02")], HERE, True),
        ([("!https://kubernetes.default.svc", "", "*"), ("*", "", "*")], HERE, False),
        ([("*", "", "!agentrun-v02")], HERE, True),
        ([("", "in-cluster", "agentrun-v01")], Destination("", "in-cluster", "agentrun-v01"), True),
        ([("", "in-*", "*"), ("", "!in-cluster", "*")], Destination("", "in-cluster", "x"), False),
        ([], HERE, False),
        ([("*", "", "{agentrun-v01,agentrun-v02}")], OTHER, True),
        ([("*", "", "agentrun-v0{1,3}")], OTHER, False),
        ([("{https://elsewhere,https://kubernetes.*}", "", "**")], HERE, True),
        ([("*", "", "*"), ("*", "", "!{agentrun-v02,kube-*}")], OTHER, False),
        ([("*", "", "agentrun-v0[1-2]")], OTHER, True),
        ([("*", "", "agentrun-v0[!2]")], OTHER, False),
        ([("*", "", "[agentrun-v01")], HERE, False),
    ],
)
def test_a_project_permits_what_one_allows_and_none_denies(
    destinations: list[tuple[str, str, str]], wanted: Destination, *, may: bool
) -> None:
    assert permits([Destination(*one) for one in destinations], wanted) is may


@pytest.mark.parametrize(
    ("pattern", "fitting", "other"),
    [
        ("agentrun", "agentrun", "agentrun-v01"),
        ("*", "https://a.b/c", None),
        ("a**d", "a/b.c/d", "a/b"),
        ("v0?", "v01", "v0"),
        ("v[1-3]", "v2", "v4"),
        ("v[!1-3]", "v4", "v2"),
        ("v[13-]", "v-", "v2"),
        ("v[^1]", "v^", "v2"),
        ("{a,b*,c?}", "bbb", "cc1"),
        ("{a,{b,c}}-x", "c-x", "d-x"),
        ("a,b}", "a,b}", "a"),
        (r"v\*", "v*", "v1"),
        (r"v[\]]", "v]", "v["),
        ("v[1", None, "v[1"),
        ("{a,b", "b", "{a"),
        ("v\\", "v", "v\\"),
        ("[z-a]", None, "b"),
        (".+", ".+", "aa"),
    ],
)
def test_patterns_are_those_of_argo(pattern: str, fitting: str | None, other: str | None) -> None:
    assert fitting is None or fits(pattern, fitting)
    assert other is None or not fits(pattern, other)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"spec__destinations__0__namespace": "{agentrun-v01,kube-system}"}, "is a pattern"),
        ({"spec__destinations__0__namespace": "*"}, "namespace '*' is a pattern"),
        ({"spec__destinations__0__namespace": "agentrun-v0?"}, "is a pattern"),
        ({"spec__destinations__0__server": "*"}, "server '*' is a pattern"),
        ({"spec__destinations__0__namespace": "!kube-system"}, "is a pattern"),
        ({"spec__destinations__0__namespace": "agentrun-v02"}, "another namespace"),
        ({"spec__destinations__0__namespace": "agentrun_dev"}, "a retired name"),
        ({"spec__destinations__0__server": None}, "it names no cluster"),
        ({"spec__destinations": []}, "no destination is the namespace"),
        ({"spec__sourceRepos": ["*"]}, "sourceRepos has *"),
        ({"spec__sourceNamespaces": ["*"]}, "sourceNamespaces has *"),
        ({"spec__clusterResourceWhitelist": [{"group": "*", "kind": "*"}]}, "has */*"),
    ],
)
def test_a_project_is_too_wide_by_any_pattern_or_other_namespace(
    changes: dict[str, Any], words: str
) -> None:
    told = too_wide(read_project(project(**changes)), "agentrun-v01", ("agentrun_dev",))

    assert any(words in one for one in told), told
    assert too_wide(read_project(project()), "agentrun-v01", ("agentrun_dev",)) == ()


def test_paths_of_which_manifests_are_made_are_absolute_or_below_the_source() -> None:
    assert generate_paths(".;/shared;../base;;", "deploy/app") == (
        "deploy/app",
        "shared",
        "deploy/base",
    )


def test_a_repository_is_the_same_with_and_without_git_at_its_end() -> None:
    assert same_repository("https://a.test/r.git/", ("https://a.test/r",))
    assert not same_repository("https://a.test/r2", ("https://a.test/r",))


PINNED = f"quay.io/argoproj/argocd@sha256:{'a' * 64}"


@pytest.mark.parametrize(
    ("images", "declared", "words"),
    [
        (("quay.io/argoproj/argocd:v2.11.0",), (), ""),
        (("quay.io/argoproj/argocd:v2.12.0",), (), "and not the version v2.11.0"),
        (("redis:7",), (), "no image is argocd:v2.11.0"),
        ((PINNED,), (PINNED,), ""),
        ((PINNED,), (), "no image is argocd:v2.11.0"),
        (("quay.io/argoproj/argocd:v2.11.0", "redis:7"), ("redis:6",), "redis:6 runs nowhere"),
        (("quay.io/argoproj/argocd:v2.11.0", "redis:7"),
         ("quay.io/argoproj/argocd:v2.11.0",), "redis:7, which is not declared"),
    ],
)  # fmt: skip
def test_an_installation_has_the_declared_version_and_images(
    images: tuple[str, ...], declared: tuple[str, ...], words: str
) -> None:
    told = unlike({"Deployment server": images}, Install(version="v2.11.0", images=declared))

    assert any(words in one for one in told) if words else told == ()
