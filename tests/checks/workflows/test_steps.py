"""Workflow files: what holds of their steps, artifacts and pins, and what must be rejected."""

from dataclasses import replace

import pytest

from checks.wire.workflows.files import action_seen
from checks.wire.workflows.loading import load
from checks.wire.workflows.seen import NoWorkflows
from checks.workflows import check_artifacts, check_files, check_pins, check_steps
from config.workflows import Workflows
from tests.checks.repositories import CI, NOW, held, job, refused, unsure, workflows

EXPECTED = Workflows()
CHECKOUT = "uses: actions/checkout@v4"
FILTER = "uses: dorny/paths-filter@v3\nwith: {filters: 'a: b/**'}"
MATRIX = "    strategy: {matrix: {go: [1, 2], os: [a]}}\n"
COMPOSITE = {"actions__setup": "name: s\ndescription: d\nruns: {using: composite, steps: []}\n"}


def upload(name: str, more: str = "") -> str:
    return f"uses: actions/upload-artifact@v4\nwith: {{name: '{name}', path: a{more}}}"


def test_clean_files_hold_and_warnings_are_remarked() -> None:
    held(check_files.check_workflow_files_are_clean, workflows(job(CHECKOUT)))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (job() + "  build:\n    runs-on: x\n    steps: [{run: a}]\n", f"{CI}:7:3"),
        ("on: push\njobs:\n  a:\n    runs-on: [\n", f"{CI}:"),
        (job(more="    needs: [nobody]\n"), f"{CI}:5:"),
        (job("run: echo ${{ secrets.A"), f"{CI}:6:19: ${{{{ has no end"),
        (job(more="    if: ${{ matrix.a == 1 }}\n"), f"{CI}:5:13: the context 'matrix'"),
        (job("run: a\nshel: bash"), f"{CI}:7:9: jobs.build.steps[0] has an unknown key 'shel'"),
    ],
)
def test_each_finding_has_its_place(text: str, told: str) -> None:
    assert told in refused(check_files.check_workflow_files_are_clean, workflows(text))


BROKEN = (
    "name: s\ndescription: d\nruns:\n  using: composite\n  steps:\n"
    "    # TODO-TEMPORARY(2025-01-01): until the mirror is back\n"
    "    - run: echo ${{ matrix }} ${{ nothing.a }}\n      shell: sh\n"
)


def test_the_actions_of_the_repository_are_judged_too() -> None:
    raw = BROKEN.encode()
    path = ".github/actions/setup/action.yml"
    plain = workflows(job(CHECKOUT, "uses: ./.github/actions/setup"), actions__setup=BROKEN)
    seen = replace(plain, actions=(action_seen(raw, load(raw, path)),))

    assert f"{path}:7:" in refused(check_files.check_workflow_files_are_clean, seen)
    expired = refused(check_pins.check_temporary_exceptions_have_not_expired, seen, EXPECTED)
    assert f"{path}:6:5: TODO-TEMPORARY(2025-01-01)" in expired


def test_required_workflows_are_there() -> None:
    check = check_files.check_workflows_are_there
    nothing = NoWorkflows(repository="shop", commit=None, at=NOW)

    held(check, workflows(job()), Workflows(required=("ci.yml",)))
    assert "no .github/workflows/e2e.yml" in refused(
        check, workflows(job()), Workflows(required=("e2e.yml",))
    )
    assert "no file below .github/workflows" in refused(check, nothing, EXPECTED)


@pytest.mark.parametrize(
    ("steps", "on"),
    [
        ((CHECKOUT, FILTER), "push"),
        ((FILTER,), "pull_request"),
        ((FILTER,), "[pull_request, pull_request_target]"),
        ((CHECKOUT, "uses: ./.github/actions/setup"), "push"),
        (("uses: acme/vendored/checkout@v1", FILTER), "push"),
        ((f"{CHECKOUT}\nwith: {{path: ./}}", "uses: ./.github/actions/setup"), "push"),
        ((f"{CHECKOUT}\nwith: {{path: .}}", "uses: ./.github/actions/setup"), "push"),
        ((f"{CHECKOUT}\nwith: {{path: .work/}}", "uses: ./.work/actions/setup"), "push"),
        ((f"{CHECKOUT}\nwith: {{path: trusted}}", "uses: ./trusted/.github/actions/setup"), "push"),
        (("run: 'true'",), "push"),
    ],
)
def test_a_checkout_stands_before_what_needs_it(steps: tuple[str, ...], on: str) -> None:
    there = workflows(job(*steps, on=on), **COMPOSITE)

    held(check_steps.check_checkout_stands_before_what_needs_it, there, EXPECTED)


@pytest.mark.parametrize(
    ("steps", "on", "told"),
    [
        ((FILTER,), "push", f"{CI}:6:9: job build: dorny/paths-filter@v3 compares"),
        ((FILTER, CHECKOUT), "[push, pull_request]", "without a checkout, on pull_request, push"),
        (("uses: ./.github/actions/setup",), "pull_request", "is not there yet"),
        ((f"{CHECKOUT}\nwith: {{path: sub}}", "uses: ./.github/actions/setup"), "push", ":8:9:"),
        (
            (f"{CHECKOUT}\nwith: {{path: sub}}", "uses: ./submarine/.github/actions/setup"),
            "push",
            "is not there yet",
        ),
        (("uses: ./vendor/paths-filter\nwith: {filters: a}",), "push", "compares paths"),
    ],
)
def test_what_needs_a_checkout_and_has_none_is_found(
    steps: tuple[str, ...], on: str, told: str
) -> None:
    there = workflows(job(*steps, on=on), **COMPOSITE)

    saw = refused(check_steps.check_checkout_stands_before_what_needs_it, there, EXPECTED)

    assert told in saw


def test_a_checkout_that_may_not_run_is_remarked() -> None:
    there = workflows(job(f"{CHECKOUT}\nif: github.event_name == 'push'", FILTER))
    check = check_steps.check_checkout_stands_before_what_needs_it

    assert "only if github.event_name == 'push'" in held(check, there, EXPECTED)[0]


def test_filters_are_text() -> None:
    check = check_steps.check_filters_of_paths_filter_are_text

    held(check, workflows(job(CHECKOUT, FILTER)), EXPECTED)
    mapping = "uses: dorny/paths-filter@v3\nwith:\n  filters:\n    a: [b]"
    assert "filters is no text" in refused(check, workflows(job(mapping)), EXPECTED)
    assert "has no filters" in refused(
        check, workflows(job("uses: dorny/paths-filter@v3")), EXPECTED
    )


@pytest.mark.parametrize(
    "name",
    [
        "log-${{ matrix.go }}-${{ github.run_attempt }}",
        "log-${{ matrix[''go''] }}-${{github.run_attempt}}",
        "log-${{ format(''{0}-{1}'', matrix.go, github.run_attempt) }}",
        "log-${{ strategy.job-index }}-${{ github.run_attempt }}",
        "log-${{ env.WHICH }}",
    ],
)
def test_names_with_attempt_and_varying_keys_are_unique(name: str) -> None:
    env = "    env: {WHICH: '${{ matrix.go }}-${{ github.run_attempt }}'}\n"
    there = workflows(job(upload(name), more=MATRIX + env))

    held(check_artifacts.check_artifact_names_are_unique, there, EXPECTED)


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ((upload("log"),), "'log' of job build lacks github.run_attempt, matrix.go"),
        ((upload("a-${{ matrix.go }}"),), "lacks github.run_attempt"),
        ((upload("a-${{ github.run_attempt }}"),), "lacks matrix.go"),
        ((upload("a-${{ github.run_attempt }}-matrix.go"),), "lacks matrix.go"),
        (("uses: actions/upload-artifact@v4\nwith: {path: a}",), "'artifact' of job build"),
        (
            (upload("${{ matrix.go }}${{ github.run_attempt }}"),) * 2,
            "is uploaded at .github/workflows/ci.yml:",
        ),
    ],
)
def test_names_that_may_collide_are_found(steps: tuple[str, ...], told: str) -> None:
    saw = refused(
        check_artifacts.check_artifact_names_are_unique,
        workflows(job(*steps, more=MATRIX)),
        EXPECTED,
    )

    assert told in saw
    assert "matrix.os" not in saw


def test_overwrite_may_have_any_name_and_what_a_run_tells_is_open() -> None:
    check = check_artifacts.check_artifact_names_are_unique

    held(check, workflows(job(upload("log", ", overwrite: true"), more=MATRIX)), EXPECTED)
    opaque = workflows(job(upload("${{ steps.name.outputs.it }}")))
    assert "only at run time" in unsure(check, opaque, EXPECTED)


@pytest.mark.parametrize(
    ("uses", "pinned", "why"),
    [
        ("actions/checkout@" + "a" * 40, "sha", ""),
        ("actions/checkout@v4", "sha", "is not pinned by the SHA of a commit"),
        ("actions/checkout@v4.2.2", "tag", ""),
        ("actions/checkout@main", "tag", "is pinned by main, which reads as a branch"),
        ("actions/checkout@main", "any", ""),
        ("actions/checkout", "any", "names no version"),
        ("./.github/actions/a", "sha", ""),
        ("docker://alpine:3", "sha", "is an image without a digest"),
        ("docker://alpine@sha256:" + "0" * 64, "sha", ""),
    ],
)
def test_actions_are_pinned_as_the_profile_says(uses: str, pinned: str, why: str) -> None:
    names = Workflows.model_validate({"pinned": pinned})

    assert check_pins.unpinned(uses, names) == why


def test_pins_of_actions_and_of_called_workflows_are_judged() -> None:
    check = check_pins.check_actions_are_pinned
    calling = "on: push\njobs:\n  a:\n    uses: acme/flows/.github/workflows/b.yml@main\n"

    held(check, workflows(job(CHECKOUT)), EXPECTED)
    assert f"{CI}:6:9: a/b@main is pinned by main" in refused(
        check, workflows(job("uses: a/b@main")), EXPECTED
    )
    assert "b.yml@main is pinned by main" in refused(check, workflows(calling), EXPECTED)
    vendored = Workflows(vendored=("./*", "acme/flows/*"))
    held(check, workflows(calling), vendored)


def test_temporary_exceptions_expire() -> None:
    check = check_pins.check_temporary_exceptions_have_not_expired
    until = "    # TODO-TEMPORARY({}): until the runner is back\n"

    told = held(check, workflows(job(more=until.format("2026-11-21"))), EXPECTED)
    assert told == [f"{CI}:5:5: until 2026-11-21"]
    for text, why in (
        ("2026-11-20", "it expired on 2026-11-20"),
        ("2026-02-31", "'2026-02-31' is no date"),
        ("soon", "it has no date"),
    ):
        saw = refused(check, workflows(job(more=until.format(text))), EXPECTED)
        assert f"{CI}:5:5: TODO-TEMPORARY({text})" in saw
        assert why in saw
