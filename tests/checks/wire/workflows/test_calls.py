import pytest

from checks.wire.workflows.seen import Unknown
from checks.wire.workflows.texts import contexts_in, contexts_of, evaluate_text
from tests.checks.wire.workflows.written import seen

CALL = "on: push\njobs:\n  call:\n    uses: ./.github/workflows/inner.yml\n"
INNER = (
    "on: {workflow_call: {inputs: {os: {type: string, default: small}, n: {type: number}}}}\n"
    "jobs:\n"
    "  build:\n"
    "    runs-on: ${{ inputs.os }}\n"
    "    steps:\n"
    "      - uses: actions/upload-artifact@v4\n"
    "        with: {name: 'out-${{ inputs.os }}'}\n"
    "  test: {name: Test, runs-on: u, needs: build}\n"
)


def test_a_called_workflow_is_expanded_in_place() -> None:
    file = seen(CALL, workflows__inner=INNER)

    assert file.findings == ()
    assert [(job.id, job.needs, job.calls) for job in file.jobs] == [
        ("call", (), "./.github/workflows/inner.yml"),
        ("call/build", (), None),
        ("call/test", ("call/build",), None),
    ]
    names = [(leg.name, leg.labels) for job in file.jobs for leg in job.legs]
    assert names == [("call / build", ("small",)), ("call / Test", ("u",))]
    assert file.jobs[1].place.path == ".github/workflows/inner.yml"


def test_inputs_reach_the_called_workflow_for_each_leg() -> None:
    with_ = "    with: {os: '${{ matrix.os }}'}\n    strategy: {matrix: {os: [a, b]}}\n"
    file = seen(CALL + with_, workflows__inner=INNER)

    build = file.jobs[1]
    assert [(leg.name, leg.labels) for leg in build.legs] == [
        ("call (a) / build", ("a",)),
        ("call (b) / build", ("b",)),
    ]
    (name,) = build.steps[0].inputs
    assert name.value == "out-${{ matrix.os }}"
    assert contexts_in(str(name.value)) == {"matrix.os"}
    texts = [evaluate_text(str(name.value), contexts_of(leg)) for leg in build.legs]
    assert texts == ["out-a", "out-b"]


def test_a_condition_of_who_calls_is_that_of_all_that_is_called() -> None:
    file = seen(CALL + "    if: github.event_name == 'schedule'\n", workflows__inner=INNER)

    assert [leg.condition for job in file.jobs for leg in job.legs] == [False, False]


def test_a_workflow_of_another_repository_is_not_known() -> None:
    file = seen("on: push\njobs: {a: {uses: o/r/.github/workflows/x.yml@v1, secrets: inherit}}\n")

    assert file.findings == ()
    assert file.jobs[0].unexpanded == Unknown(
        text="o/r/.github/workflows/x.yml@v1",
        why="it stands in another repository, and is not read",
    )


def test_workflows_that_call_each_other_are_found() -> None:
    back = "on: {workflow_call: }\njobs: {b: {uses: ./.github/workflows/inner.yml}}\n"
    inner = "on: {workflow_call: }\njobs: {a: {uses: ./.github/workflows/back.yml}}\n"
    file = seen(CALL, workflows__inner=inner, workflows__back=back)

    (found,) = file.findings
    assert (found.rule, found.place.line, found.place.column) == ("call-cycle", 4, 11)
    assert found.text.endswith(
        "inner.yml > .github/workflows/back.yml > .github/workflows/inner.yml"
    )


def test_ten_levels_of_workflows_are_connected_and_no_more() -> None:
    def chain(length: int) -> list[str]:
        files = {
            f"workflows__w{n}": "on: {workflow_call: }\n"
            f"jobs: {{j{n}: {{uses: ./.github/workflows/w{n + 1}.yml}}}}\n"
            for n in range(length - 1)
        }
        files[f"workflows__w{length - 1}"] = "on: {workflow_call: }\njobs: {e: {runs-on: u}}\n"
        file = seen("on: push\njobs: {a: {uses: ./.github/workflows/w0.yml}}\n", **files)
        return [one.rule for one in file.findings]

    assert chain(9) == []
    assert chain(10) == ["call-too-deep"]


@pytest.mark.parametrize(
    ("job", "inner", "rule"),
    [
        ("{uses: ./.github/workflows/none.yml}", INNER, "no-workflow"),
        ("{uses: ./../other/inner.yml}", INNER, "path-leaves-repository"),
        (
            "{uses: ./.github/workflows/inner.yml}",
            "on: push\njobs: {e: {runs-on: u}}",
            "not-callable",
        ),
        ("{uses: ./.github/workflows/inner.yml, with: {no: 1}}", INNER, "input-unknown"),
        (
            "{uses: ./.github/workflows/inner.yml}",
            (
                "on: {workflow_call: {inputs: {x: {type: string, required: true}}}}\n"
                "jobs: {e: {runs-on: u}}\n"
            ),
            "input-missing",
        ),
    ],
)
def test_a_call_that_github_refuses_is_found(job: str, inner: str, rule: str) -> None:
    file = seen(f"on: push\njobs:\n  a: {job}\n", workflows__inner=inner)

    assert [one.rule for one in file.findings] == [rule]


COMPOSITE = (
    "inputs: {name: {default: x}}\n"
    "runs:\n"
    "  using: composite\n"
    "  steps:\n"
    "    - uses: actions/upload-artifact@v4\n"
    "      with: {name: '${{ inputs.name }}-log'}\n"
)
USING = "on: push\njobs:\n  a:\n    runs-on: u\n    steps:\n      - uses: ./.github/actions/log\n"


def test_the_steps_of_a_composite_action_come_flat() -> None:
    file = seen(USING + "        with: {name: '${{ matrix.os }}'}\n", actions__log=COMPOSITE)

    own, inner = file.jobs[0].steps
    assert (own.uses, own.within) == ("./.github/actions/log", None)
    assert (inner.uses, inner.within) == ("actions/upload-artifact@v4", ".github/actions/log")
    assert inner.inputs[0].value == "${{ matrix.os }}-log"
    assert str(inner.place) == ".github/actions/log/action.yml:5:7"


def test_an_action_that_uses_itself_is_found() -> None:
    again = COMPOSITE.replace("actions/upload-artifact@v4", "./.github/actions/log")
    file = seen(USING, actions__log=again)

    (found,) = file.findings
    assert (found.rule, found.place.line) == ("action-cycle", 6)
    assert found.text == (
        "in .github/actions/log/action.yml:5:7: the action .github/actions/log uses itself:"
        " .github/actions/log > .github/actions/log"
    )


@pytest.mark.parametrize(
    ("uses", "rule"),
    [("./.github/actions/none", "no-action"), ("./../elsewhere/x", "path-leaves-repository")],
)
def test_an_action_that_is_not_there_is_told(uses: str, rule: str) -> None:
    file = seen(USING.replace("./.github/actions/log", uses))

    assert [(one.rule, one.level) for one in file.findings] == [(rule, "warning")]


@pytest.mark.parametrize(
    ("jobs", "rule", "line"),
    [
        ("{a: {runs-on: u, needs: [b]}}", "unknown-need", 2),
        ("\n  a: {runs-on: u, needs: b}\n  b: {runs-on: u, needs: a}", "need-cycle", 3),
        ("\n  a: {runs-on: u, needs: a}", "need-cycle", 3),
    ],
)
def test_what_jobs_need_is_judged(jobs: str, rule: str, line: int) -> None:
    file = seen(f"on: push\njobs: {jobs}\n")

    assert [(one.rule, one.place.line) for one in file.findings] == [(rule, line)]
    assert all(job.legs for job in file.jobs)


def test_two_jobs_of_one_name_are_noted() -> None:
    file = seen("on: push\njobs: {a: {runs-on: u, name: x}, b: {runs-on: u, name: x}}\n")

    (found,) = file.findings
    assert (found.rule, found.level) == ("same-name", "note")
