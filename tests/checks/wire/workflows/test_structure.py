"""The structure of workflow files and actions: what GitHub takes, and what it does not."""

import pytest

from checks.wire.workflows.files import action_seen
from checks.wire.workflows.loading import load
from tests.checks.wire.workflows.written import seen

ACTION = "name: 1\ndescription: true\nruns: {using: composite, steps: [{run: 1, shell: sh}]}\n"


def build(more: str = "", steps: str = "[{run: a}]") -> str:
    return f"on: push\njobs:\n  build:\n    runs-on: u\n    steps: {steps}\n{more}"


def found(text: str) -> list[str]:
    return [str(one).partition("ci.yml:")[2] for one in seen(text).findings]


TEXTS = {
    "a run that is a boolean": build(steps="[{run: true, name: 3, shell: 1}]"),
    "a branch that is a number": build().replace("push", "{push: {branches: [1.0, 2]}}"),
    "a tag that is a number": build().replace("push", "{push: {tags: 1}}"),
    "a name that is a number": "name: 5\n" + build("    name: 1.2\n"),
    "a variable without a value": build("    env: {A: , B: 1, C: true}\n"),
    "an input without a value": build(steps="[{uses: a/b@v1, with: {a: , b: 1}}]"),
    "a step without a name": build(steps="[{run: a, name: }]"),
    "a label that is a number": build().replace("runs-on: u", "runs-on: [5, true]"),
    "an environment that is a number": build("    environment: 5\n    concurrency: 6\n"),
    "a container of numbers": build("    container: {image: 1, options: 2, volumes: [3]}\n"),
    "an output that is a number": build("    outputs: {a: 5}\n"),
}


@pytest.mark.parametrize("form", TEXTS)
def test_what_is_no_text_is_read_as_its_text(form: str) -> None:
    assert found(TEXTS[form]) == []


def of_action(text: str) -> list[str]:
    return [
        str(one) for one in action_seen(text.encode(), load(text.encode(), "action.yml")).findings
    ]


def test_an_action_is_read_so_too() -> None:
    assert of_action(ACTION + "inputs: {a: {default: 2}, b: {default: false, hint: x}}\n") == []
    assert of_action("runs: {using: node20, main: a.js}\nhomepage: a.test\n") == []
    assert of_action(ACTION + "inputs: {a: {required: yes}}\nbranding: {icon: none}\n") == []


def test_an_action_that_no_runner_takes_is_found() -> None:
    assert of_action("name: a\ndescription: b\n") == [
        "action.yml:1:1: the file lacks the key 'runs'"
    ]
    (told,) = of_action(ACTION.replace("shell: sh", "shel: sh, shell: sh"))
    assert "has an unknown key 'shel'" in told


NO_TEXTS = {
    "a run that is a list": (build(steps="[{run: [a]}]"), "5:19: jobs.build.steps[0].run is a"),
    "an action that is a number": (build(steps="[{uses: 5}]"), "5:20: jobs.build.steps[0].uses"),
    "an id that is a number": (build(steps="[{run: a, id: 5}]"), "5:26: jobs.build.steps[0].id"),
    "a permission that is a number": (build("    permissions: {checks: 5}\n"), "6:27: jobs.build"),
    "a limit that is a text": (build("    timeout-minutes: x\n"), "6:22: jobs.build.timeout"),
    "a branch that is a mapping": (
        build().replace("push", "{push: {branches: {a: b}}}"),
        "1:23: on.push.branches",
    ),
    "a runner of nothing": (build().replace("runs-on: u", "runs-on:"), "4:13: jobs.build.runs-on"),
}


@pytest.mark.parametrize("form", NO_TEXTS)
def test_what_can_be_no_text_is_found(form: str) -> None:
    text, told = NO_TEXTS[form]

    assert any(one.startswith(told) for one in found(text)), found(text)


def dispatch(inputs: str) -> str:
    return build().replace("push", f"{{workflow_dispatch: {{inputs: {inputs}}}}}")


STARTS = {
    "a choice without options": (
        dispatch("{a: {type: choice}}"),
        "1:35: the input 'a' is a choice",
    ),
    "a choice of nothing": (dispatch("{a: {type: choice, options: []}}"), "1:35: the input 'a' is"),
    "a type that is none": (
        dispatch("{a: {type: text}}"),
        "1:45: the input 'a' has the type 'text'",
    ),
    "an input too many": (
        dispatch("{" + ", ".join(f"a{n}: {{}}" for n in range(26)) + "}"),
        "1:250: workflow_dispatch has 26 inputs",
    ),
    "a schedule of four fields": (
        build().replace("push", "{schedule: [{cron: '0 3 * *'}]}"),
        "1:24: '0 3 * *' is no schedule",
    ),
    "a schedule by name": (
        build().replace("push", "{schedule: [{cron: '@daily'}]}"),
        "1:24: '@daily' is no schedule",
    ),
    "a runner by a key of another name": (
        build().replace("runs-on: u", "runs-on: {groups: a}"),
        "4:15: runs-on has an unknown key 'groups'",
    ),
    "a runner without a name": (
        build().replace("runs-on: u", "runs-on: ''"),
        "4:14: runs-on names",
    ),
    "inputs of a command": (build(steps="[{run: a, with: {b: c}}]"), "5:22: `with` stands beside"),
}


@pytest.mark.parametrize("fault", STARTS)
def test_what_github_would_not_start_is_found(fault: str) -> None:
    text, told = STARTS[fault]

    assert any(one.startswith(told) for one in found(text)), found(text)


@pytest.mark.parametrize(
    "text",
    [
        dispatch("{a: {type: choice, options: [x]}, b: {type: environment}, c: {}, d: }"),
        dispatch("{" + ", ".join(f"a{n}: {{}}" for n in range(25)) + "}"),
        build().replace("push", "{schedule: [{cron: '*/5  0 * JAN-MAR MON'}]}"),
        build().replace("runs-on: u", "runs-on: {group: a, labels: [b]}"),
        build().replace("runs-on: u", "runs-on: ${{ vars.RUNNER }}"),
    ],
)
def test_what_github_starts_is_no_finding(text: str) -> None:
    assert found(text) == []
