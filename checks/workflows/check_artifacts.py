"""The names of artifacts: each upload of a run has its own."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checks.wire.workflows.readable import ensure_readable
from checks.wire.workflows.seen import Job, Place, Step, Unknown, WorkflowFile, WorkflowsSeen
from checks.workflows.words import expressions_in, is_action
from config.workflows import Workflows
from reports.verdicts import FailureClass, Inconclusive, expected, fails_as

_OPAQUE = re.compile(r"\b(?:env|inputs|vars|steps|needs|secrets)\s*[.\[]")
_WHOLE_MATRIX = re.compile(r"\b(?:toJSON\s*\(\s*matrix\s*\)|strategy\.job-index)", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{\{\s*env\.([A-Za-z_][A-Za-z0-9_-]*)\s*\}\}")
_DEFAULT = "artifact"


@dataclass(frozen=True, slots=True)
class Upload:
    """A step that uploads an artifact, and the name that it is given, as it stands."""

    job: Job
    step: Step
    place: Place
    name: str

    @property
    def opaque(self) -> bool:
        """Whether the name holds what only a run can tell."""
        return any(_OPAQUE.search(one) for one in expressions_in(self.name))


@fails_as(FailureClass.CONFIG)
def check_artifact_names_are_unique(
    workflows: WorkflowsSeen, workflows_expected: Workflows
) -> None:
    saw: list[str] = []
    unknown: list[str] = []
    for file in workflows.files:
        uploads = list(uploads_in(file, workflows_expected))
        for upload in uploads:
            lacks = lacking(upload)
            told = (
                f"{upload.place}: {upload.name!r} of job {upload.job.id} lacks {', '.join(lacks)}"
            )
            if lacks:
                (unknown if upload.opaque else saw).append(told)
        saw += twice(uploads)
    what = "names with run_attempt and every varying key of the matrix, each once, or `overwrite`"
    saw = list(dict.fromkeys(saw))
    assert not saw, expected(f"{what}: a second upload of one name is a 409", saw=saw)
    ensure_readable(workflows.files)
    if unknown:
        raise Inconclusive(
            f"what the name holds is known only at run time: {'; '.join(unknown[:5])}",
            "write github.run_attempt and the matrix' keys into the name itself",
        )


def uploads_in(file: WorkflowFile, names: Workflows) -> Iterator[Upload]:
    """Walk the steps that upload, and do not say `overwrite: true`."""
    for job in file.jobs:
        for step in job.steps:
            if not is_action(step, names.upload):
                continue
            inputs = {one.name.lower(): one for one in step.inputs}
            overwrite = inputs.get("overwrite")
            if overwrite is not None and _text(overwrite.value).strip().lower() == "true":
                continue
            name = inputs.get("name")
            place = name.place if name else step.place
            text = _text(name.value) if name else _DEFAULT
            yield Upload(job, step, place, _with_env(text, dict((*job.env, *step.env))))


def _with_env(text: str, env: Mapping[str, str]) -> str:
    """Put the text of variables in the place of `${{ env.NAME }}`, where the file gives it."""
    return _VARIABLE.sub(lambda found: env.get(found[1], found[0]), text)


def lacking(upload: Upload) -> list[str]:
    """Name what a name must hold, and does not."""
    held = " ".join(expressions_in(upload.name))
    lacks = [] if re.search(r"\bgithub\s*\.\s*run_attempt\b", held) else ["github.run_attempt"]
    if _WHOLE_MATRIX.search(held):
        return lacks
    keys = varying(upload.job)
    return lacks + [
        f"matrix.{key}"
        for key in keys
        if not re.search(
            rf"\bmatrix\s*(?:\.\s*{re.escape(key)}\b|\[\s*'{re.escape(key)}'\s*\])", held
        )
    ]


def varying(job: Job) -> tuple[str, ...]:
    """Return the keys of a job's matrix that have several values; all, where it is not known."""
    if not job.legs:
        return job.matrix_keys
    values: dict[str, set[str]] = {}
    for leg in job.legs:
        for key, value in leg.matrix:
            values.setdefault(key, set()).add(value)
    sometimes = {key for key in values if any(key not in dict(leg.matrix) for leg in job.legs)}
    return tuple(key for key in values if len(values[key]) > 1 or key in sometimes)


def twice(uploads: list[Upload]) -> Iterator[str]:
    """Tell of names that stand in two steps, as they are written."""
    first: dict[str, Upload] = {}
    for upload in uploads:
        key = re.sub(r"\s+", "", upload.name)
        other = first.setdefault(key, upload)
        if other is not upload and not (upload.opaque or _apart(upload, other)):
            yield f"{upload.place}: {upload.name!r} is uploaded at {other.place} too"


def _apart(one: Upload, other: Upload) -> bool:
    """Tell whether the condition of one step excludes the other's, word for word."""
    conditions = {one.step.condition, other.step.condition}
    plain = {text.strip() for text in conditions if text}
    return len(plain) > 1 and any(
        text == f"!({two})" or {text, two} == {"success()", "failure()"}
        for text in plain
        for two in plain
    )


def _text(value: str | Unknown) -> str:
    return value if isinstance(value, str) else value.text
