"""Secret values by their shape; and what only points to one."""

import pytest

from checks.rollout.catalog.leaks import leaks_in

REFERENCES = b"""
apiVersion: apps/v1
kind: Deployment
metadata: {name: mgr, namespace: agentrun-v01}
spec:
  template:
    spec:
      containers:
      - name: mgr
        env:
        - {name: PROVIDER_SECRET, value: agentrun-v01-provider-minimax-m3}
        - name: DATABASE_URL
          valueFrom: {secretKeyRef: {name: db, key: DATABASE_URL}}
        - {name: GIT_URL, value: "ssh://git@github.com/o/r.git"}
        - {name: URL, value: "postgres://user:$(PASSWORD)@db/agentrun_v01"}
        - {name: AUTH_TOKEN, value: /var/run/secrets/token}
        - {name: AGENTRUN_BOOT_COMMIT, value: "0123456789012345678901234567890123456789"}
      volumes:
      - projected: {sources: [{secret: {name: provider, items: [{key: auth.json, path: a}]}}]}
---
apiVersion: v1
kind: Secret
metadata: {name: made-by-somebody-else}
"""


def test_what_only_points_to_a_secret_is_none() -> None:
    assert leaks_in("good.yaml", REFERENCES) == ()


@pytest.mark.parametrize(
    ("content", "what", "line"),
    [
        ("kind: Secret\nmetadata: {name: s}\ndata: {a: Zm9v}\n", "kubernetes-secret", 0),
        ('{"kind": "Secret", "stringData": {"a": "b"}}', "kubernetes-secret", 0),
        ("kind: List\nitems: [{kind: Secret, data: {a: Zm9v}}]\n", "kubernetes-secret", 0),
        ("a: 1\n---\nkind: Secret\ndata: {a: Zm9v}\n", "kubernetes-secret", 0),
        (
            (
                "kind: ConfigMap\ndata:\n  k: |\n    kind: Config\n    users:\n"
                "    - {name: a, user: {token: abcdefgh}}\n"
            ),
            "kubeconfig",
            0,
        ),
        ("kind: Config\nusers: [{name: a, user: {password: abc12345}}]\n", "kubeconfig", 0),
        ("kind: Secret\nmetadata: {name: s\ndata:\n  a: Zm9v\n", "cannot be read as YAML", 0),
        ("a: 1\nx: postgres://user:pw123@db/agentrun_v01\n", "userinfo", 2),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n", "private-key", 1),
        ('{"apiKey": "abcd1234efgh5678"}', "apikey", 1),
        ("t:\n- ghp_" + "a1" * 20, "github-token", 2),
        ("k: sk-" + "a1" * 20, "provider-key", 1),
        ("https://x.test/hook?token=abc123def\n", "token", 1),
        (
            "kind: Pod\nspec: {containers: [{env: [{name: DB_PASSWORD, value: Hunter22}]}]}\n",
            "literal value of the variable DB_PASSWORD",
            0,
        ),
    ],
)
def test_a_value_is_found_by_its_shape(content: str, what: str, line: int) -> None:
    found = leaks_in("bad", content.encode())

    assert any(what in leak.what and leak.line == line for leak in found), found
    assert not any(
        value in str(leak) for leak in found for value in ("Zm9v", "pw123", "Hunter22", "abc123")
    )


def test_binary_files_are_searched_too() -> None:
    content = b"\0\1\2 ghp_" + b"a1" * 20

    assert [leak.what for leak in leaks_in("bin", content)] == ["github-token"]
