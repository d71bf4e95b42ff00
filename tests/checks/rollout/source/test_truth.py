"""What a deploy.json may hold: every thing that a build writes is found, and every secret."""

import json
from pathlib import Path
from typing import Any

import pytest

from checks.rollout.source.truth import built_in, read_truth, secrets_in, undeclared_in

LAB = Path("fixtures/lab/lane/source/deploy/deploy.json")
DIGEST = f"sha256:{'a' * 64}"
JWT = f"eyJhbGciOiJI.{'eyJzdWIiOiIxMjM0'}.c2lnbmF0dXJlLXg"
FINE: dict[str, Any] = {
    "lane": "v01",
    "services": {
        "manager": {
            "replicas": 2,
            "env": {"LOG": "json", "DATABASE_URL": "${DATABASE_URL}", "NODE": "token-ring"},
            "secretRefs": [{"name": "agentrun-v01-database", "key": "DATABASE_URL"}],
            "secret": "agentrun-v01-provider-codex",
            "credentials": "auth.json",
            "imageRef": {"commitId": "a" * 40, "dockerfilePath": "deploy/Dockerfile"},
            "git": {"tag": "v1", "commit": "a" * 40},
            "task": {"run": "bun test"},
            "gitops": {"revision": "v0.1-gitops"},
            "image": {"repository": "agentrun/mgr-env", "tag": "${TAG}"},
            "url": "http://git-mirror-http.devops-infra.svc.cluster.local/a.git",
        }
    },
}


@pytest.mark.parametrize("truth", [FINE, json.loads(LAB.read_text())])
def test_what_is_to_run_is_neither_of_a_build_nor_secret(truth: Any) -> None:
    assert list(built_in(truth)) == []
    assert list(secrets_in(truth)) == []


@pytest.mark.parametrize(
    ("extra", "what"),
    [
        ({"image": {"digest": DIGEST}}, "digest"),
        ({"image": f"127.0.0.1:5000/agentrun/mgr@{DIGEST}"}, "an image's digest"),
        ({"image": "127.0.0.1:5000/agentrun/mgr-env:abc123"}, "an image's tag"),
        ({"imageTag": "abc123"}, "an image's tag"),
        ({"image": {"repository": "agentrun/mgr-env", "tag": "abc123"}}, "an image's tag"),
        ({"images": {"env": {"tag": "abc123"}}}, "an image's tag"),
        ({"argo": {"revision": "abc1234"}}, "a revision of GitOps or Argo CD"),
        ({"gitops": [{"commit": "abc1234"}]}, "a revision of GitOps or Argo CD"),
        ({"build": {"status": "done"}}, "publish state"),
        ({"publishStatus": "done"}, "publish state"),
        ({"published": True}, "publish state"),
        ({"reuseEvidence": {"from": "x"}}, "reuse evidence"),
        ({"status": {"pipelineRun": "agentrun-v01-ci-abc"}}, "a run's id"),
        ({"taskRunId": "x"}, "a run's id"),
        ({"gitopsRevision": "abc1234"}, "a revision of GitOps or Argo CD"),
        ({"argocd-revision": "abc1234"}, "a revision of GitOps or Argo CD"),
        ({"envIdentity": "abc"}, "an environment's identity"),
        ({"bootCommit": "a" * 40}, "an environment's identity"),
        ({"x": {"apiVersion": "v1", "kind": "Service"}}, "a generated manifest"),
        ({"manifests": [{"a": 1}]}, "a generated manifest"),
    ],
)
def test_what_a_build_writes_is_found_where_it_stands(extra: dict[str, Any], what: str) -> None:
    found = list(built_in(FINE | {"services": {"manager": extra}}))

    assert what in {one.what for one in found}
    assert all(one.field.startswith("services.manager.") for one in found)


@pytest.mark.parametrize(
    "extra",
    [
        {"password": "hunter2"},
        {"dbPassword": "correct-horse"},
        {"env": {"DATABASE_URL": "postgres://u:p4ssw0rd@db/agentrun_v01"}},
        {"note": "clone https://user:s3cret@example.org/x.git"},
        {"env": {"GH": "ghp_" + "a1" * 18}},
        {"headers": [f"Authorization: Bearer {'x1' * 20}"]},
        {"jwt": JWT},
        {"apiKey": "A1b2C3d4E5f6G7h8I9j0K1"},
        {"key": "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----"},
        {"s": {"apiVersion": "v1", "kind": "Secret", "stringData": {"a": "b"}}},
    ],
)
def test_a_secrets_value_is_found_and_never_quoted(extra: dict[str, Any]) -> None:
    found = list(secrets_in(FINE | {"extra": extra}))

    assert found
    assert all(one.field.startswith("extra.") for one in found)
    assert not any(word in str(found) for word in ("hunter2", "p4ssw0rd", "s3cret", "ghp_"))


def test_fields_that_are_declared_are_all_that_may_be_there() -> None:
    declared = ("lane", "services.*.replicas", "services.*.env.**", "services.*.secretRefs.**")

    assert list(undeclared_in(FINE, declared)) == [
        "services.manager.secret",
        "services.manager.credentials",
        "services.manager.imageRef.commitId",
        "services.manager.imageRef.dockerfilePath",
        "services.manager.git.tag",
        "services.manager.git.commit",
        "services.manager.task.run",
        "services.manager.gitops.revision",
        "services.manager.image.repository",
        "services.manager.image.tag",
        "services.manager.url",
    ]
    assert list(undeclared_in(FINE, ())) == []


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b'{"a": 1}', ""),
        (b'\xef\xbb\xbf{"a": 1}', ""),
        (b'{\n"a": ', "it is no JSON at line 2"),
        (b"[1]", "it is no JSON object"),
        (b"\xff\xfe", "it is no JSON"),
        (b"[" * 100_000, "it is no JSON"),
    ],
)
def test_a_file_that_is_none_says_where(content: bytes, fault: str) -> None:
    assert read_truth(content)[1] == fault
