"""Workflow files are hostile input: each ends within its bound, with a finding."""

import pytest

from checks.wire.workflows.steps import LEGS
from tests.checks.wire.floods import MEGABYTE, bounded
from tests.checks.wire.workflows.written import seen

SECONDS = 60
"""Where the slowest takes four: the machine may be busy."""
ROOM = 160 * MEGABYTE
JOBS = "on: push\njobs:\n"
ONE = "  j%d:\n    runs-on: u\n    steps:\n      - run: x\n"
TEN = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"
CR = r"\r"
EXCLUDED = ", ".join(f"{{k0: 1, k1: {n}}}" for n in range(2000))
FIVE = ", ".join(f"k{n}: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]" for n in range(5))
AT = f"{JOBS}  a:\n    runs-on: u\n    "


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "a bomb of aliases": (bomb(9), "too-many-nodes"),
    "ten thousand jobs": (JOBS + "".join(ONE % n for n in range(10_000)), "too-many-nodes"),
    "a thousand lists": (f"on: {'[' * 1000}", "too-deep"),
    "a hundred thousand mappings": (f"on: {'{a: ' * 100_000}", "too-deep"),
    "a thousand levels": ("".join(f"{' ' * n}a:\n" for n in range(1000)), "too-deep"),
    "ten megabytes": (b"a: " + b"x" * 10_000_000, "too-large"),
    "ten megabytes of no UTF-8": (b"\xff" * 10_000_000, "too-large"),
    "a NUL": (b"on: push\njobs: {a\x00: {runs-on: u}}\n", "control-character"),
    "no UTF-8": ("on: push\njobs: {\xe9: {runs-on: u}}\n".encode("latin-1"), "not-utf-8"),
    "UTF-16": ("on: push\n".encode("utf-16"), "not-utf-8"),
    "a matrix of millions": (
        f"{AT}strategy: {{matrix: {{{', '.join(f'k{n}: {TEN}' for n in range(8))}}}}}\n",
        "matrix-too-large",
    ),
    "a matrix that excludes all": (
        f"{AT}strategy: {{matrix: {{{FIVE}, exclude: [{EXCLUDED}]}}}}\n",
        "matrix-too-large",
    ),
    "a matrix of one too many": (
        f"{AT}strategy: {{matrix: {{a: [{', '.join(map(str, range(257)))}]}}}}\n",
        "matrix-too-large",
    ),
    "an expression a thousand deep": (
        f"on: push\nrun-name: ${{{{ {'(' * 1000}1{')' * 1000} }}}}\njobs: {{}}\n",
        "expression",
    ),
    "an expression that is a megabyte": (
        f"on: push\nrun-name: ${{{{ {'1 ||' * 250_000} 1 }}}}\njobs: {{}}\n",
        "expression",
    ),
    "expressions without end": (f"{AT}name: {'${{ ' * 200_000}\n", "expression"),
    "a path that takes exponential time": (f"{JOBS}  a:\n    uses: {'a/' * 5000}\n", "structure"),
    "a condition of carriage returns": (
        AT + 'timeout-minutes: "${{' + CR * 3000 + '"\n',
        "expression",
    ),
    "twenty thousand keys": (
        "on: push\njobs: {}\n" + "".join(f"k{n}: 1\n" for n in range(20_000)),
        "more",
    ),
    "twenty thousand events": (
        f"on: [{', '.join(f'e{n}' for n in range(20_000))}]\njobs: {{a: {{runs-on: u}}}}\n",
        "structure",
    ),
    "jobs that all need each other": (
        JOBS
        + "".join(
            f"  j{n}: {{runs-on: u, needs: [{', '.join(f'j{m}' for m in range(200))}]}}\n"
            for n in range(200)
        ),
        "need-cycle",
    ),
    "a number of a hundred thousand digits": (
        f"{AT}timeout-minutes: 0x{'f' * 100_000}\n",
        "scalar",
    ),
    "a matrix for each of many jobs": (
        f"x: &m {{runs-on: u, strategy: {{matrix: {{a: {TEN}, b: {TEN}}}}}}}\n{JOBS}"
        + "".join(f"  j{n}: *m\n" for n in range(400)),
        "too-many-legs",
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_end_within_their_bound_with_a_finding(what: str) -> None:
    text, rule = HOSTILE[what]

    with bounded(SECONDS, ROOM):
        file = seen(text)

    assert rule in {one.rule for one in file.findings}
    assert len(file.findings) <= 201
    assert sum(len(job.legs) for job in file.jobs) <= LEGS


def test_a_chain_of_needs_is_followed_without_recursion() -> None:
    text = JOBS + "  j0: {runs-on: u}\n"
    text += "".join(f"  j{n}: {{runs-on: u, needs: j{n - 1}}}\n" for n in range(1, 3000))

    with bounded(SECONDS, ROOM):
        file = seen(text)

    assert file.findings == ()
    assert len(file.jobs) == 3000


def test_the_limit_of_a_matrix_is_said_and_its_size_is_counted() -> None:
    text, _ = HOSTILE["a matrix of millions"]

    file = seen(text)

    limit = "GitHub's limit is 256 jobs per matrix in a workflow run"
    assert [one.text for one in file.findings] == [
        f"the matrix makes 100,000,000 combinations: {limit}"
    ]
    assert file.jobs[0].unexpanded is not None


def test_calls_within_calls_end_with_a_finding_where_they_begin() -> None:
    legs = f"strategy: {{matrix: {{a: {TEN}, b: {TEN}}}}}"
    files = {
        f"workflows__w{n}": f"on: {{workflow_call: }}\n"
        f"jobs: {{x: {{uses: ./.github/workflows/w{n + 1}.yml, {legs}}}}}\n"
        for n in range(5)
    }
    files["workflows__w5"] = "on: {workflow_call: }\njobs: {x: {runs-on: u}}\n"

    with bounded(SECONDS, ROOM):
        file = seen("on: push\njobs:\n  a: {uses: ./.github/workflows/w0.yml}\n", **files)

    assert [(one.rule, one.place.line) for one in file.findings] == [("too-many-legs", 3)]


def test_actions_within_actions_end_with_a_finding() -> None:
    many = "runs: {using: composite, steps: [%s]}\n"
    files = {f"a{n}": many % ", ".join([f"{{uses: ./.github/a{n + 1}}}"] * 30) for n in range(8)}
    files["a8"] = many % "{run: x, shell: sh}"

    with bounded(SECONDS, ROOM):
        file = seen(f"{AT}steps: [{{uses: ./.github/a0}}]\n", **files)

    assert [one.rule for one in file.findings] == ["too-many-steps"]
    assert len(file.jobs[0].steps) <= 20_000


def test_inputs_that_double_at_every_call_end() -> None:
    doubled = "with: {x: '${{ inputs.x }}${{ inputs.x }}'}"
    files = {
        f"a{n}": "inputs: {x: {default: ''}}\n"
        f"runs: {{using: composite, steps: [{{uses: ./.github/a{n + 1}, {doubled * 1}}}]}}\n"
        for n in range(9)
    }
    step = f"{{uses: ./.github/a0, with: {{x: '{'y' * 5000}'}}}}"

    with bounded(SECONDS, ROOM):
        file = seen(f"{AT}steps: [{step}]\n", **files)

    assert any("21,000" in str(getattr(s.inputs[0].value, "why", "")) for s in file.jobs[0].steps)
