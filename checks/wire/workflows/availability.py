"""Which contexts and functions may stand where in workflow files and actions.

"Context availability" of GitHub's documentation, as its parser has it (actions/languageservices,
workflow-v1.0.json and action-v1.0.json, November 2025): what is allowed below a key adds to what is
allowed at it. Where nothing is named, no expression may stand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

_MANY = 1 << 31
_HASH = {"hashfiles": (1, 255)}
_JOB_STATUSES = {
    "always": (0, 0),
    "failure": (0, _MANY),
    "cancelled": (0, 0),
    "success": (0, _MANY),
}
_STEP_STATUSES = dict.fromkeys(("always", "failure", "cancelled", "success"), (0, 0))
CONTEXTS = frozenset(
    (
        *("github", "env", "vars", "job", "jobs", "steps", "runner"),
        *("secrets", "strategy", "matrix", "needs", "inputs"),
    )
)
"""All that GitHub has."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The contexts that may stand somewhere, and the functions besides those that always may."""

    contexts: frozenset[str]
    functions: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    is_condition: bool = False
    """Whether it is an `if`, which is an expression without `${{ }}` too."""


def _allowed(
    words: str,
    functions: Mapping[str, tuple[int, int]] | None = None,
    *,
    is_condition: bool = False,
) -> Allowed:
    return Allowed(frozenset(words.split()), functions or {}, is_condition)


_RUN = "github inputs vars"
_NEEDS = f"{_RUN} needs"
_LEG = f"{_NEEDS} strategy matrix"
_RUNNER = f"{_LEG} steps job runner env"
_STEP = _allowed(f"{_RUNNER} secrets", _HASH)
_ACTION = "github inputs strategy matrix steps job runner env"
_ACTION_STEP = _allowed(_ACTION, _HASH)
_ACTION_IF = _allowed(_ACTION, {**_STEP_STATUSES, **_HASH}, is_condition=True)

Path = tuple[str, ...]
_ANY = "*"
_BELOW = "**"
_WORKFLOW: Mapping[Path, Allowed] = {
    ("run-name",): _allowed(_RUN),
    ("concurrency", _BELOW): _allowed(_RUN),
    ("env", _BELOW): _allowed(f"{_RUN} secrets"),
    ("on", "workflow_call", "inputs", _ANY, "default"): _allowed(_RUN),
    ("on", "workflow_call", "outputs", _ANY, "value"): _allowed(f"{_RUN} jobs"),
}
_JOB: Mapping[Path, Allowed] = {
    ("if",): _allowed(_NEEDS, _JOB_STATUSES, is_condition=True),
    ("strategy", _BELOW): _allowed(_NEEDS),
    ("name",): _allowed(_LEG),
    ("runs-on", _BELOW): _allowed(_LEG),
    ("timeout-minutes",): _allowed(_LEG),
    ("cancel-timeout-minutes",): _allowed(_LEG),
    ("continue-on-error",): _allowed(_LEG),
    ("container", "env", _BELOW): _allowed(f"{_RUNNER} secrets"),
    ("container", "credentials", _BELOW): _allowed(f"{_LEG} secrets env"),
    ("container", _BELOW): _allowed(_LEG),
    ("services", _ANY, "env", _BELOW): _allowed(f"{_RUNNER} secrets"),
    ("services", _ANY, "credentials", _BELOW): _allowed(f"{_LEG} secrets env"),
    ("services", _BELOW): _allowed(_LEG),
    ("env", _BELOW): _allowed(f"{_LEG} secrets"),
    ("environment", "url"): _allowed(_RUNNER),
    ("environment", _BELOW): _allowed(_LEG),
    ("concurrency", _BELOW): _allowed(_LEG),
    ("outputs", _BELOW): _allowed(f"{_RUNNER} secrets"),
    ("defaults", "run", _BELOW): _allowed(f"{_LEG} env"),
    ("with", _BELOW): _allowed(_LEG),
    ("secrets", _BELOW): _allowed(f"{_LEG} secrets"),
    ("snapshot", "if"): _allowed(_LEG, _JOB_STATUSES, is_condition=True),
    ("snapshot", _BELOW): _allowed(_LEG),
    ("steps", _ANY, "if"): _allowed(_RUNNER, {**_STEP_STATUSES, **_HASH}, is_condition=True),
    **{
        ("steps", _ANY, key, _BELOW): _STEP
        for key in (
            "name",
            "run",
            "with",
            "env",
            "continue-on-error",
            "timeout-minutes",
            "working-directory",
        )
    },
}
_OF_ACTION: Mapping[Path, Allowed] = {
    ("inputs", _ANY, "default"): _allowed("github strategy matrix job runner", _HASH),
    ("outputs", _ANY, "value"): _allowed(_ACTION),
    ("runs", "pre-if"): _ACTION_IF,
    ("runs", "post-if"): _ACTION_IF,
    ("runs", "args", _BELOW): _allowed("inputs"),
    ("runs", "env", _BELOW): _allowed("inputs"),
    ("runs", "steps", _ANY, "if"): _ACTION_IF,
    **{
        ("runs", "steps", _ANY, key, _BELOW): _ACTION_STEP
        for key in ("name", "run", "shell", "with", "env", "continue-on-error", "working-directory")
    },
}


def allowed_at(path: tuple[str | int, ...], *, is_action: bool = False) -> Allowed | None:
    """Return what may stand in a value at a path; None where no expression may."""
    if is_action:
        return _look_up(_OF_ACTION, path)
    if path[:1] == ("jobs",) and len(path) > 2:  # noqa: PLR2004 - jobs, its id, and a key
        return _look_up(_JOB, path[2:])
    return _look_up(_WORKFLOW, path)


def _look_up(table: Mapping[Path, Allowed], path: tuple[str | int, ...]) -> Allowed | None:
    return next((one for pattern, one in table.items() if _fits(pattern, path)), None)


def _fits(pattern: Path, path: tuple[str | int, ...]) -> bool:
    is_open = pattern[-1] == _BELOW
    fixed = pattern[:-1] if is_open else pattern
    if len(path) < len(fixed) or (len(path) > len(fixed) and not is_open):
        return False
    return all(one in (_ANY, other) for one, other in zip(fixed, path, strict=False))
