import math

import pytest

from checks.wire.workflows.expressions import ExpressionError, parse
from checks.wire.workflows.seen import Unknown
from checks.wire.workflows.texts import contexts_in, evaluate_text
from checks.wire.workflows.wording import number_text
from tests.checks.wire.workflows.written import seen

KNOWN = {
    "github": {"event_name": "push", "ref": "refs/heads/main"},
    "matrix": {"os": "a", "n": 18, "list": [1, {"k": "v"}, {"k": "w"}], "empty": ""},
    "inputs": {"flag": False},
}
SAYS = {
    "'it''s'": "it's",
    "null": "",
    "1.50": "1.5",
    "0xff": "255",
    "-1e3": "-1000",
    ".5": "0.5",
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
    "NaN == NaN": "false",
    "'A' == 'a'": "true",
    "'1' == 1": "true",
    "'' == 0": "true",
    "null == 0": "true",
    "true == 'true'": "false",
    "1 < '2'": "true",
    "'b' > 'A'": "true",
    "matrix.list == matrix.list": "true",
    "!matrix.empty": "true",
    "!!'a'": "true",
    "matrix.OS": "a",
    "matrix['os']": "a",
    "matrix.none": "",
    "matrix.none.deeper": "",
    "matrix.list[1].k": "v",
    "matrix.list[9]": "",
    "matrix.list.*.k[0]": "Array",
    "join(matrix.list.*.k, '/')": "v/w",
    "github.event_name == 'push' && 'a' || 'b'": "a",
    "inputs.flag && 'a' || 'b'": "b",
    "'' || 'x'": "x",
    "'a' && ''": "",
    "(1 == 1) && !(2 == 3)": "true",
    "contains('Hello', 'hell')": "true",
    "contains(fromJSON('[\"a\", \"b\"]'), 'B')": "true",
    "contains(matrix.list.*.k, 'w')": "true",
    "startsWith(github.ref, 'REFS/')": "true",
    "endsWith(github.ref, 'main')": "true",
    "format('{0} {{x}} {1}', 'a', 1)": "a {x} 1",
    "join('a', ',')": "a",
    "toJSON('a\"b')": '"a\\"b"',
    'fromJSON(\'{"a": {"B": [true]}}\').a.b[0]': "true",
    "fromJSON('1e2')": "100",
    "case(matrix.n == 18, 'x', 'y')": "x",
    "case(false, 'x', true, 'z', 'y')": "z",
    "matrix.list": "Array",
    "matrix": "Object",
    "true && github.event_name": "push",
}


@pytest.mark.parametrize("expression", SAYS)
def test_expressions_say_what_they_say_on_github(expression: str) -> None:
    assert evaluate_text(f"${{{{ {expression} }}}}", KNOWN) == SAYS[expression]


UNKNOWN = {
    "needs.a.outputs.x": "needs.a.outputs.x is known when it runs",
    "secrets.X && 'a' || 'b'": "secrets.X is known when it runs",
    "hashFiles('**/go.sum')": "hashFiles() is known when it runs",
    "fromJSON('[1,')": "fromJSON() fails: its text is no JSON",
    "format('{1}', 1)": "format() fails: its text asks for more than is given: {1}",
    "steps.a.outcome == 'success'": "steps.a.outcome is known when it runs",
    "vars[github.event_name]": "vars.* is known when it runs",
}


@pytest.mark.parametrize("expression", UNKNOWN)
def test_what_is_not_known_is_unknown_with_the_reason(expression: str) -> None:
    found = evaluate_text(f"a-${{{{ {expression} }}}}", KNOWN)

    assert isinstance(found, Unknown)
    assert found.text == f"a-${{{{ {expression} }}}}"
    assert found.why.lower().startswith(UNKNOWN[expression].lower())


def test_what_is_not_known_does_not_hide_what_is() -> None:
    assert evaluate_text("${{ 'a' || needs.x }}", KNOWN) == "a"
    assert evaluate_text("${{ (needs.x && false) == false && 'a' }}", {}) != "a"
    assert evaluate_text("${{ !(needs.x && false) }}", {}) == "true"
    assert evaluate_text("${{ !(needs.x || 'b') }}", {}) == "false"


REFUSED: dict[str, int] = {
    "": 0,
    "a.": 2,
    "a b": 2,
    "(a": 2,
    "a)": 1,
    "'a": 0,
    '"a"': 0,
    "1x": 0,
    "a == ": 4,
    "f(a,)": 4,
    "f(,a)": 2,
    "a[": 2,
    "a[]": 2,
    "a & b": 2,
    "a = b": 2,
    "a..b": 2,
    "'a'.b": 3,
    "-a": 0,
    "a.1": 2,
    "f(a b)": 4,
    "* a": 0,
    "a ? b : c": 2,
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_expression_is_refused_at_its_place(text: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(text)

    assert refused.value.offset == REFUSED[text]


@pytest.mark.parametrize(
    "text", ["(" * 1000 + "1" + ")" * 1000, "!" * 1000 + "1", "a" + ".b" * 1000]
)
def test_a_thousand_levels_are_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="deeper than 50 levels"):
        parse(text)


def test_an_expression_of_more_than_21000_characters_is_refused() -> None:
    parse(" " * 20_999 + "1")
    with pytest.raises(ExpressionError, match="21,000"):
        parse(" " * 21_000 + "1")


def test_references_are_told_as_far_as_they_are_named() -> None:
    text = "${{ matrix.os }}-${{ github.run_attempt }}-${{ env['X'] || needs[inputs.j].outputs.y }}"

    assert contexts_in(text) == {
        *("matrix.os", "github.run_attempt", "env.x", "needs.*.outputs.y", "inputs.j")
    }
    assert contexts_in("${{ toJSON(matrix) }}") == {"matrix"}
    assert contexts_in("no ${{ expression") == frozenset()


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (1e15, "1E+15"),
        (123456789012345.0, "123456789012345"),
        (0.00001, "1E-05"),
        (0.0001, "0.0001"),
        (-0.0, "0"),
        (math.nan, "NaN"),
    ],
)
def test_numbers_have_fifteen_digits(number: float, text: str) -> None:
    assert number_text(number) == text


STANDING: dict[str, tuple[str, list[tuple[str, int, int]]]] = {
    "a context that may not stand there": (
        "jobs: {a: {runs-on: '${{ env.R }}', steps: [{run: x}]}}",
        [("context", 2, 26)],
    ),
    "secrets in a condition": (
        "jobs:\n  a:\n    runs-on: u\n    if: secrets.X != ''\n    steps: [{run: x}]",
        [("context", 5, 9)],
    ),
    "an unknown context": (
        (
            "jobs:\n  a:\n    runs-on: u\n    steps:\n      - run: |\n          echo\n"
            "          echo ${{ github.x }} ${{ git.y }}"
        ),
        [("unknown-context", 8, 36)],
    ),
    "an unknown function": (
        "jobs:\n  a:\n    runs-on: u\n    steps:\n      - run: ${{ foo() }}",
        [("function", 6, 18)],
    ),
    "a wrong number of arguments": (
        "jobs:\n  a:\n    runs-on: u\n    steps:\n      - run: ${{ contains('a') }}",
        [("function", 6, 18)],
    ),
    "a status function where no condition is": (
        "jobs:\n  a:\n    runs-on: u\n    steps:\n      - run: ${{ always() }}",
        [("function", 6, 18)],
    ),
    "hashFiles in a job": (
        'jobs:\n  a:\n    steps: [{run: x}]\n    env: {K: "${{ hashFiles(1) }}"}\n    runs-on: u',
        [("function", 5, 19)],
    ),
    "no end": (
        "jobs:\n  a:\n    runs-on: u\n    name: ${{ x\n    steps: [{run: x}]",
        [("expression", 5, 11)],
    ),
    "no expression at all": (
        "jobs:\n  a:\n    runs-on: u\n    name: a ${{ github. }}\n    steps: [{run: x}]",
        [("expression", 5, 24)],
    ),
    "where none may stand": (
        "name: ${{ github.ref }}\njobs: {a: {runs-on: u, steps: [{run: x}]}}",
        [("expression-not-allowed", 2, 7)],
    ),
    "a shell of a step": (
        "jobs:\n  a:\n    runs-on: u\n    steps:\n      - run: x\n        shell: ${{ matrix.s }}",
        [("expression-not-allowed", 7, 16)],
    ),
    "a condition that always holds": (
        "jobs:\n  a:\n    runs-on: u\n    if: ${{ github.ref }} == 'x'\n    steps: [{run: x}]",
        [("condition-always-true", 5, 9)],
    ),
    "a text in an expression": ("name: ${{ 'a' }}\njobs: {a: {runs-on: u, steps: [{run: x}]}}", []),
    "a default shell": (
        "jobs: {a: {runs-on: u, defaults: {run: {shell: '${{ matrix.s }}'}}, steps: [{run: x}]}}",
        [],
    ),
    "needs in with": (
        "jobs: {b: {uses: o/r/.github/workflows/x.yml@v, with: {x: '${{ needs.a.outputs.y }}'}}}",
        [],
    ),
}


@pytest.mark.parametrize("form", STANDING)
def test_expressions_are_judged_where_they_stand(form: str) -> None:
    text, expected = STANDING[form]

    found = seen(f"on: push\n{text}\n").findings

    assert [(one.rule, one.place.line, one.place.column) for one in found] == expected
