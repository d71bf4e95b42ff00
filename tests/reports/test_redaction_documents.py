"""Kubeconfig and Secret documents are hidden wherever they stand in a text, and nothing else."""

import json
import pprint
import textwrap

import pytest

from reports.redaction import Redactor

YAML = """apiVersion: v1
data:
  password: aHVudGVyMi1zZWNyZXQ=
kind: Secret
metadata:
  name: database
type: Opaque
"""
KUBECONFIG = """apiVersion: v1
clusters:
- cluster:
    server: https://10.0.0.1:6443
  name: c
contexts:
- context: {cluster: c, user: u}
  name: c
kind: Config
users:
- name: u
  user:
    token: aHVudGVyMi1zZWNyZXQ=
"""
MAPPING = {"apiVersion": "v1", "kind": "Secret", "data": {"password": "aHVudGVyMi1zZWNyZXQ="}}
VALUE = "aHVudGVyMi1zZWNyZXQ="
AROUND = "before\n{}after\n"


@pytest.mark.parametrize(
    "text",
    [
        YAML,
        KUBECONFIG,
        textwrap.indent(YAML, "    "),
        textwrap.indent(YAML, "E   "),
        textwrap.indent(KUBECONFIG, "E     "),
        textwrap.indent(YAML, "E     + "),
        textwrap.indent(YAML, "> "),
        YAML.replace("\n", "\r\n"),
        "- " + textwrap.indent(YAML, "  ").lstrip(),
        f"apiVersion: v1\nitems:\n- {textwrap.indent(YAML, '  ').lstrip()}kind: List\n",
        f"---\n{YAML}---\n{YAML}",
        json.dumps(MAPPING) + "\n",
        f"secret: {json.dumps(MAPPING)} is it\n",
        json.dumps(MAPPING, indent=4) + "\n",
        json.dumps({"kind": "List", "items": [MAPPING]}, indent=2) + "\n",
        textwrap.indent(json.dumps(MAPPING, indent=4), "E     ") + "\n",
        f"E   assert {MAPPING!r} == {{}}\n",
        f"E   assert {YAML!r} == ''\n",
        f"assert {KUBECONFIG!r} == ''\n",
        f"stdout = {json.dumps(YAML)}\n",
        json.dumps({"body": json.dumps(MAPPING)}) + "\n",
        textwrap.indent(pprint.pformat(MAPPING, width=20), "E     ") + "\n",
        f"client-key-data: {VALUE}\n",
    ],
)
def test_a_document_is_hidden_in_its_place(text: str) -> None:
    for shown in (text, AROUND.format(text)):
        redacted = Redactor().redact(shown)

        assert VALUE not in redacted
        assert "secret:" in redacted
    assert "client-key-data" in text or (
        redacted.startswith("before\n") and redacted.endswith("after\n")
    )


def test_what_is_readable_keeps_its_names_and_lead() -> None:
    redacted = Redactor().redact(textwrap.indent(YAML, "E   "))

    assert "E   kind: Secret\n" in redacted
    assert "E     name: database\n" in redacted
    assert "E     password: \u2039secret:kubernetes-secret#" in redacted


@pytest.mark.parametrize(
    "text",
    [
        "the field client-key-data is missing\n",
        "kind: Secret\nmetadata: {name: database}\n",
        "apiVersion: v1\ndata:\n  a: b\nkind: ConfigMap\n",
        json.dumps({"kind": "ConfigMap", "data": {"a": "b"}}),
        "assert {'kind': 'Config', 'a': 1} == {}\n",
        "data:\n  nothing to see\n",
    ],
)
def test_other_documents_stay_as_they_are(text: str) -> None:
    assert Redactor().redact(text) == text


def test_what_has_no_clear_bounds_is_dropped_whole() -> None:
    text = f"2026-01-01T00:00:00Z kind: Secret\nkind: Secret\n2026 data: {VALUE}\n"

    assert VALUE not in Redactor().redact(text)


@pytest.mark.parametrize("hostile", ['{"' * 20_000, "apiVersion: v1\n" * 20_000, "{\n" * 20_000])
def test_hostile_documents_are_read_in_linear_time(hostile: str) -> None:
    Redactor().redact(hostile + "kind: Secret\ndata: x\n")
