"""Forms that real workflows have, each with the legs that GitHub makes of it."""

import pytest

from checks.wire.workflows.seen import Text, Unknown
from tests.checks.wire.workflows.written import seen

JOB = "on: push\njobs:\n  t:\n    runs-on: u\n"
FORMS: dict[str, tuple[str, list[str]]] = {
    # matrices
    "one key": ("strategy: {matrix: {os: [a, b]}}", ["t (a)", "t (b)"]),
    "two keys, the first slowest": (
        "strategy: {matrix: {os: [a, b], v: [1, 2]}}",
        ["t (a, 1)", "t (a, 2)", "t (b, 1)", "t (b, 2)"],
    ),
    "a version that is a number": (
        "strategy: {matrix: {v: [1.20, 3.10, 18]}}",
        ["t (1.2)", "t (3.1)", "t (18)"],
    ),
    "a version that is a text": (
        "strategy: {matrix: {v: ['1.20', \"3.10\"]}}",
        ["t (1.20)", "t (3.10)"],
    ),
    "booleans": ("strategy: {matrix: {race: [true, false]}}", ["t (true)", "t (false)"]),
    "yes and on are texts": ("strategy: {matrix: {x: [yes, on]}}", ["t (yes)", "t (on)"]),
    "hexadecimal": ("strategy: {matrix: {x: [0x10, 0o10, 010]}}", ["t (16)", "t (8)", "t (10)"]),
    "an empty value is not shown": ("strategy: {matrix: {x: [''], y: [1]}}", ["t (1)"]),
    "null is not shown": ("strategy: {matrix: {x: [null, a]}}", ["t", "t (a)"]),
    "include only": (
        "strategy: {matrix: {include: [{os: a, v: 1}, {os: b, v: 2}]}}",
        ["t (a, 1)", "t (b, 2)"],
    ),
    "include adds and is not shown": (
        "strategy: {matrix: {os: [a, b], include: [{os: a, extra: x}]}}",
        ["t (a)", "t (b)"],
    ),
    "include makes a leg of its own": (
        "strategy: {matrix: {os: [a], include: [{os: c, extra: x}]}}",
        ["t (a)", "t (c, x)"],
    ),
    "a leg of include has the keys of the matrix first": (
        "strategy: {matrix: {os: [a], include: [{z: x, os: c}]}}",
        ["t (a)", "t (c, x)"],
    ),
    "include without a key of the matrix adds to all": (
        "strategy: {matrix: {os: [a, b], include: [{extra: x}]}}",
        ["t (a)", "t (b)"],
    ),
    "exclude": (
        "strategy: {matrix: {os: [a, b], v: [1, 2], exclude: [{os: a, v: 1}]}}",
        ["t (a, 2)", "t (b, 1)", "t (b, 2)"],
    ),
    "exclude by one key": (
        "strategy: {matrix: {os: [a, b], v: [1], exclude: [{os: a}]}}",
        ["t (b, 1)"],
    ),
    "exclude is loose": ("strategy: {matrix: {v: [1, 2], exclude: [{v: '1'}]}}", ["t (2)"]),
    "all excluded": ("strategy: {matrix: {v: [1], exclude: [{v: 1}]}}", ["t"]),
    "objects": (
        "strategy: {matrix: {p: [{os: a, arch: x}, {os: b, arch: y}]}}",
        ["t (a, x)", "t (b, y)"],
    ),
    "lists": ("strategy: {matrix: {r: [[self-hosted, l], w]}}", ["t (self-hosted, l)", "t (w)"]),
    "from JSON": ("strategy: {matrix: {v: \"${{ fromJSON('[1, 2]') }}\"}}", ["t (1)", "t (2)"]),
    "a whole matrix from JSON": (
        'strategy: {matrix: "${{ fromJSON(\'{\\"os\\": [\\"a\\"], \\"v\\": [1]}\') }}"}',
        ["t (a, 1)"],
    ),
    "include from JSON": (
        'strategy: {matrix: {include: "${{ fromJSON(\'[{\\"v\\": 3}]\') }}"}}',
        ["t (3)"],
    ),
    "a dynamic matrix": ("strategy: {matrix: '${{ fromJSON(needs.a.outputs.m) }}'}", []),
    "a dynamic list": ("strategy: {matrix: {v: '${{ fromJSON(needs.a.outputs.m) }}'}}", []),
    "one dynamic value": ("strategy: {matrix: {v: [1, '${{ vars.V }}']}}", ["t (1)", "?t (…)"]),
    "a value by event": (
        "strategy: {matrix: {v: ['${{ github.event_name }}']}}",
        ["t (push)"],
    ),
    "no matrix in a strategy": ("strategy: {fail-fast: false}", ["t"]),
    # names
    "an id": ("", ["t"]),
    "a name": ("name: Unit tests", ["Unit tests"]),
    "a name and a matrix": (
        "name: Unit\n    strategy: {matrix: {v: [1, 2]}}",
        ["Unit (1)", "Unit (2)"],
    ),
    "a name with the matrix": (
        "name: Unit ${{ matrix.v }}\n    strategy: {matrix: {v: [1, 2]}}",
        ["Unit 1", "Unit 2"],
    ),
    "a name with an expression and without the matrix": (
        "name: On ${{ github.event_name }}\n    strategy: {matrix: {v: [1, 2]}}",
        ["On push", "On push"],
    ),
    "a name that says nothing": (
        "name: ${{ matrix.name }}\n    strategy: {matrix: {v: [1]}}",
        ["t (1)"],
    ),
    "a name by default": (
        "name: ${{ matrix.n || 'plain' }}\n    strategy: {matrix: {v: [1]}}",
        ["plain"],
    ),
    "a name in an expression": (
        "name: ${{ 'It''s' }}\n    strategy: {matrix: {v: [1]}}",
        ["It's (1)"],
    ),
    "a name with what is added": (
        (
            "name: ${{ matrix.v }} ${{ matrix.extra }}\n"
            "    strategy: {matrix: {v: [1], include: [{v: 1, extra: x}]}}"
        ),
        ["1 x"],
    ),
    "a name with an object": (
        (
            "name: ${{ matrix.p.os }}-${{ matrix.p['arch'] }}\n"
            "    strategy: {matrix: {p: [{os: a, arch: x}]}}"
        ),
        ["a-x"],
    ),
    "a name that is a number": ("name: 1.50", ["1.5"]),
    "a name with a secret of the run": ("name: Build ${{ vars.X }}", ["?Build ${{ vars.X }}"]),
    "a name with the index": (
        (
            "name: ${{ strategy.job-index }} of ${{ strategy.job-total }}\n"
            "    strategy: {matrix: {v: [a, b]}}"
        ),
        ["0 of 2", "1 of 2"],
    ),
    "a long name": (f"name: {'n' * 120}", [f"{'n' * 97}..."]),
    "a long matrix": (
        f"strategy: {{matrix: {{v: [{'v' * 120}]}}}}",
        [f"t ({'v' * 94}..."[:97] + "..."],
    ),
    "a formatted name": ("name: ${{ format('{0}/{1}', github.event_name, 1.0) }}", ["push/1"]),
}
LABELS: dict[str, tuple[str, list[tuple[str, ...]]]] = {
    "one": ("runs-on: ubuntu-latest", [("ubuntu-latest",)]),
    "a list": ("runs-on: [self-hosted, Linux, X64]", [("self-hosted", "Linux", "X64")]),
    "a block list": ("runs-on:\n      - self-hosted\n      - linux", [("self-hosted", "linux")]),
    "of the matrix": (
        "runs-on: ${{ matrix.os }}\n    strategy: {matrix: {os: [a, b]}}",
        [("a",), ("b",)],
    ),
    "a list of the matrix": (
        "runs-on: ${{ matrix.r }}\n    strategy: {matrix: {r: [[self-hosted, l], w]}}",
        [("self-hosted", "l"), ("w",)],
    ),
    "from JSON": ('runs-on: ${{ fromJSON(\'["self-hosted", "l"]\') }}', [("self-hosted", "l")]),
    "a text of the matrix from JSON": (
        'runs-on: ${{ fromJSON(matrix.r) }}\n    strategy: {matrix: {r: [\'["a", "b"]\']}}',
        [("a", "b")],
    ),
    "one of a list": (
        "runs-on: [self-hosted, '${{ vars.L }}']",
        [("self-hosted", "?${{ vars.L }}")],
    ),
    "a part": (
        "runs-on: ubuntu-${{ matrix.v }}\n    strategy: {matrix: {v: ['24.04']}}",
        [("ubuntu-24.04",)],
    ),
    "a group": ("runs-on: {group: big, labels: [l, x]}", [("l", "x")]),
    "a group alone": ("runs-on: {group: big}", [()]),
    "a variable with a default": ("runs-on: ${{ vars.R || 'u' }}", [("?${{ vars.R || 'u' }}",)]),
    "by repository": (
        "runs-on: ${{ github.repository_owner == 'acme' && 'big' || 'ubuntu-latest' }}",
        [("big",)],
    ),
    "an anchor": ("runs-on: &r [self-hosted, l]\n  o:\n    runs-on: *r", [("self-hosted", "l")]),
    "what is needed": ("runs-on: ${{ needs.a.outputs.r }}", [("?${{ needs.a.outputs.r }}",)]),
}


def told(text: Text) -> str:
    return f"?{text}" if isinstance(text, Unknown) else text


@pytest.mark.parametrize("form", FORMS)
def test_names_are_those_that_github_shows(form: str) -> None:
    text, names = FORMS[form]

    job = seen(f"{JOB}    {text}\n").jobs[0]

    assert [told(leg.name) for leg in job.legs] == names
    assert (job.unexpanded is None) is bool(names)


@pytest.mark.parametrize("form", LABELS)
def test_labels_are_expanded(form: str) -> None:
    text, labels = LABELS[form]

    job = seen(f"on: push\njobs:\n  t:\n    {text}\n").jobs[0]

    assert [tuple(told(one) for one in leg.labels) for leg in job.legs] == labels


@pytest.mark.parametrize(
    ("on", "events"),
    [
        ("push", ["push"]),
        ("[push, pull_request]", ["push", "pull_request"]),
        ("{push: {branches: [main]}, workflow_dispatch: }", ["push", "workflow_dispatch"]),
        ("{schedule: [{cron: '0 0 * * *'}]}", ["schedule"]),
        ("{push: {branches: main}}", ["push"]),
        ("{workflow_call: {inputs: {x: {type: string}}}}", ["workflow_call"]),
    ],
)
def test_on_has_several_forms(on: str, events: list[str]) -> None:
    file = seen(f"on: {on}\njobs: {{a: {{runs-on: u, steps: [{{run: x}}]}}}}\n")

    assert [one.event for one in file.triggers] == events
    assert file.findings == ()
    assert file.jobs[0].legs[0].events == tuple(events)


CONDITIONS = {
    "github.event_name == 'push'": "True",
    "${{ github.event_name != 'push' }}": "False",
    "always()": "True",
    "failure()": "False",
    "${{ !cancelled() }}": "True",
    "success() || failure()": "True",
    "github.ref == 'refs/heads/main'": "True",
    "startsWith(github.ref, 'refs/tags/')": "False",
    "contains(github.event.head_commit.message, 'x')": "?",
    "github.repository == 'acme/app'": "True",
    "github.repository == 'other/app'": "False",
    "needs.a.result == 'success'": "?",
    "needs.a.outputs.x == 'y' && github.event_name == 'schedule'": "False",
    "github.event.pull_request.draft == false": "True",
    "${{ github.event_name == 'no' }} && x": "True",
    "true": "True",
    "false": "False",
    "''": "False",
    "fromJSON('[]')": "True",
    "'a' == 'A' && 1 == '1' && null == 0": "True",
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_conditions_hold_on_events_where_nothing_fails(condition: str) -> None:
    jobs = f"jobs:\n  t:\n    runs-on: u\n    if: |-\n      {condition}\n"

    leg = seen(f"on: {{push: {{branches: [main]}}}}\n{jobs}").jobs[0].legs[0]

    assert ("?" if isinstance(leg.condition, Unknown) else str(leg.condition)) == CONDITIONS[
        condition
    ]


def test_a_job_that_needs_a_skipped_one_is_skipped_unless_it_always_runs() -> None:
    file = seen(
        "on: push\njobs:\n"
        "  a: {runs-on: u, if: github.event_name == 'schedule'}\n"
        "  b: {runs-on: u, needs: a}\n"
        "  c: {runs-on: u, needs: [b], if: always()}\n"
        "  d: {runs-on: u, needs: c}\n"
    )

    assert [job.legs[0].condition for job in file.jobs] == [False, False, True, False]


def test_a_leg_that_differs_between_events_is_several() -> None:
    file = seen(
        "on: {push: , workflow_dispatch: {inputs: {runner: {default: big}}}}\n"
        "jobs:\n"
        "  a: {runs-on: \"${{ inputs.runner || 'small' }}\", if: github.event_name == 'push'}\n"
    )

    found = [(leg.labels, leg.events, leg.condition) for leg in file.jobs[0].legs]
    assert found == [(("small",), ("push",), True), (("big",), ("workflow_dispatch",), False)]


def test_a_condition_that_holds_on_some_events_says_on_which() -> None:
    file = seen("on: [push, schedule]\njobs: {a: {runs-on: u, if: github.event_name == 'push'}}\n")

    (leg,) = file.jobs[0].legs
    assert leg.condition == Unknown(
        text="github.event_name == 'push'", why="it holds on push, and not on schedule"
    )
    assert leg.skipped_on == ("schedule",)


@pytest.mark.parametrize(
    ("declared", "labels"),
    [
        ("{default: big}", "big"),
        ("{type: choice, options: [first, second]}", "first"),
        ("{type: choice, options: [first, second], default: second}", "second"),
        ("{required: true}", "?"),
        ("{}", "?"),
    ],
)
def test_inputs_of_a_dispatch_have_their_defaults(declared: str, labels: str) -> None:
    file = seen(
        f"on: {{workflow_dispatch: {{inputs: {{r: {declared}}}}}}}\n"
        "jobs: {a: {runs-on: '${{ inputs.r }}', name: '${{ github.event.inputs.r }}'}}\n"
    )

    (leg,) = file.jobs[0].legs
    known = "" if declared == "{}" else labels
    assert ("?" if isinstance(leg.labels[0], Unknown) else leg.labels[0]) == known
