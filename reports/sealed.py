"""What came of a run that is over."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reports.comparisons import Comparison
from reports.links import Linked
from reports.manifest import RECORD
from reports.sealing import Finished

NOT_SEALED = 3
"""Exit status of a run that could not be sealed."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A run that is over."""

    folder: Path
    head: str
    """The digest of the journal's last line: keep it elsewhere to see a tail that was cut off."""
    exit_status: int
    exit_words: str
    record: Path
    log: Path
    manifest: Path | None
    """None when the run could not be sealed."""
    copy: Path | None
    """The copy of the log, in the folder that the profile names."""
    problems: tuple[str, ...]
    """What went wrong while sealing, in words."""
    comparisons: tuple[Comparison, ...] = ()
    """What several vantages saw of each target, in all processes of the run."""
    vantages: tuple[str, ...] = ()
    """Those that checks are of, in the order of the profile."""
    linked: tuple[Linked, ...] = ()
    """The chain of each target that has one, link by link."""


def sealed_as(folder: Path, finished: Finished, status: int, words: str, *problems: str) -> Sealed:
    """Return what came of a run that is finished, with the exit status that it would have."""
    is_unsealed = finished.manifest is None
    return Sealed(
        folder=folder,
        head=finished.head,
        exit_status=NOT_SEALED if is_unsealed else status,
        exit_words="the run could not be sealed" if is_unsealed else words,
        record=finished.record,
        log=finished.log,
        manifest=finished.manifest,
        copy=finished.copy,
        problems=(*problems, *finished.problems),
        comparisons=finished.told.comparisons,
        vantages=finished.told.looked_from,
        linked=finished.linked,
    )


def unsealed(folder: Path, head: str, problems: Iterable[str]) -> Sealed:
    """Return what came of a run that cannot be sealed; `head` is that of its journal."""
    logs = sorted(folder.glob("*.log"))
    return Sealed(
        folder=folder,
        head=head,
        exit_status=NOT_SEALED,
        exit_words="the run could not be sealed",
        record=folder / RECORD,
        log=logs[0] if logs else folder,
        manifest=None,
        copy=None,
        problems=tuple(problems),
    )
