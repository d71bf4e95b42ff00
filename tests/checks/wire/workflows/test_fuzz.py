"""Whatever a file holds, reading it ends with what is seen of it."""

import json
from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from checks.wire.workflows.availability import Allowed
from checks.wire.workflows.coercion import Unsure
from checks.wire.workflows.expressions import ExpressionError, parse
from checks.wire.workflows.matrix import LEGS, MatrixError, combinations
from checks.wire.workflows.seen import Unknown, WorkflowsSeen
from checks.wire.workflows.standing import misuses
from checks.wire.workflows.texts import contexts_in, evaluate_text
from reports.codec import decode, encode
from tests.checks.wire.workflows.written import seen

few = settings(max_examples=120, deadline=None)
pieces = st.sampled_from(
    [
        *("github", "matrix.os", "needs.a.outputs.x", "fromJSON(", "format(", "'{0}'", "'", "''"),
        *(
            "(",
            ")",
            "[",
            "]",
            ".",
            "*",
            ",",
            "!",
            "&&",
            "||",
            "==",
            "!=",
            "<",
            ">=",
            " ",
            "1",
            "-2.5",
        ),
        *(
            "0x1f",
            "true",
            "null",
            "NaN",
            "contains(",
            "join(",
            "toJSON(",
            "case(",
            "}}",
            "${{",
            "é",
        ),
    ]
)
expressions = st.one_of(st.text(max_size=40), st.lists(pieces, max_size=25).map("".join))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
keys = st.sampled_from(
    [
        *("on", "jobs", "a", "b", "runs-on", "steps", "needs", "if", "name", "strategy", "matrix"),
        *(
            "include",
            "exclude",
            "uses",
            "with",
            "env",
            "workflow_call",
            "inputs",
            "default",
            "push",
        ),
    ]
)
texts = st.sampled_from(
    [
        *("push", "u", "a", "b", "${{ matrix.os }}", "${{ fromJSON('[1]') }}", "./.github/a0"),
        *("./.github/workflows/ci.yml", "${{ inputs.x }}", "always()", "${{ insert }}", "${{"),
    ]
)
documents = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=25,
)


marks = st.sampled_from(
    [
        *("on:", "\n", " jobs", "-", "[", "]", "{", "}", "&", "*", "a", "!", "|", ">", "'", '"'),
        *("#", "?", ",", "${{", "}}", "<<", "\t"),
    ]
)


def judged(raw: bytes) -> None:
    file = seen(raw)
    whole = WorkflowsSeen(repository="r", commit=None, files=(file,), at=datetime.now(UTC))
    assert decode(encode(whole)) == whole


@few
@given(st.binary(max_size=300))
def test_any_bytes_are_read(raw: bytes) -> None:
    judged(raw)


@few
@given(st.lists(marks, max_size=40))
def test_any_marks_of_yaml_are_read(parts: list[str]) -> None:
    judged(" ".join(parts).encode())


@settings(max_examples=250, deadline=None)
@given(documents)
def test_any_document_is_expanded(document: object) -> None:
    judged(json.dumps(document).encode())


@settings(max_examples=250, deadline=None)
@given(documents, documents)
def test_any_jobs_are_expanded(on: object, job: object) -> None:
    judged(json.dumps({"on": on, "jobs": {"a": job, "b": {"runs-on": "u", "needs": "a"}}}).encode())


@settings(max_examples=400, deadline=None)
@given(expressions)
def test_any_text_is_an_expression_or_refused_at_a_place_in_it(text: str) -> None:
    try:
        tree = parse(text)
    except ExpressionError as error:
        at = error.offset
    else:
        at = max((at for at, _, _ in misuses(tree, Allowed(frozenset()))), default=0)
    assert 0 <= at <= len(text)


@settings(max_examples=400, deadline=None)
@given(expressions, values)
def test_any_expression_says_something_or_why_not(text: str, value: object) -> None:
    said = evaluate_text(f"a ${{{{ {text} }}}}", {"matrix": value, "github": {"ref": "x"}})

    assert isinstance(said, str) or (isinstance(said, Unknown) and said.why)
    assert isinstance(contexts_in(f"${{{{ {text} }}}}"), frozenset)


lists = st.lists(st.integers(0, 3) | st.sampled_from(["0", "a", ""]), min_size=1, max_size=4)
filters = st.lists(
    st.dictionaries(st.sampled_from("xyz"), st.integers(0, 3), min_size=1, max_size=2), max_size=3
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from("xy"), lists, min_size=1), filters, filters)
def test_a_matrix_has_what_is_not_excluded_and_all_that_is_included(
    vectors: dict[str, list[object]], include: list[dict[str, int]], exclude: list[dict[str, int]]
) -> None:
    kept = [one for one in exclude if one.keys() <= vectors.keys()]

    legs = combinations({**vectors, "include": include, "exclude": kept})

    assert not isinstance(legs, Unsure)
    for one in include:
        assert any(all(leg.values.get(k) is not None for k in one) for leg in legs)
    for leg in legs[: len(legs) - len(include)]:
        for one in kept:
            assert any(str(leg.values[key]) != str(value) for key, value in one.items()) or (
                leg.values in include
            )


@few
@given(values)
def test_any_matrix_is_expanded_or_refused(matrix: object) -> None:
    with suppress(MatrixError):
        legs = combinations(matrix)
        assert isinstance(legs, Unsure) or len(legs) <= LEGS
