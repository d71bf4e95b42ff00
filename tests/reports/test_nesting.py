"""Texts that would end the process if they were loaded."""

import pytest

from checks.rollout.catalog.manifests import NoDocumentsError, documents_in
from reports.nesting import DEPTH, TooDeepError, ensure_flat
from reports.redaction import Redactor
from reports.shapes import OPEN

LEVELS = 60_000
FLOW = f"a: {'[' * LEVELS}{']' * LEVELS}\n"
BLOCK = f"{'- ' * LEVELS}x\n"
INDENTED = "".join(f"{' ' * level}a:\n" for level in range(DEPTH + 1))


@pytest.mark.parametrize("text", [FLOW, BLOCK, INDENTED])
def test_what_is_too_deep_is_told_without_loading_it(text: str) -> None:
    with pytest.raises(TooDeepError):
        ensure_flat(text)
    with pytest.raises(NoDocumentsError, match=f"more than {DEPTH} levels"):
        documents_in(text.encode())


@pytest.mark.parametrize(
    "text", ["a: [[1]]\n", "- {a: [b]}\n" * 500, f"# {'-' * 300}\na: 1\n", f"a: '{'[' * 300}'\n"]
)
def test_much_that_is_flat_is_not_deep(text: str) -> None:
    ensure_flat(text)
    assert documents_in(text.encode())


def test_a_secret_that_is_too_deep_is_dropped_whole() -> None:
    deep = f"kind: Secret\ndata:\n  a: {'[' * LEVELS}{']' * LEVELS}\n"

    assert Redactor().redact(deep).startswith(f"{OPEN}unreadable-document#")
