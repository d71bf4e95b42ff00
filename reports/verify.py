"""Whether a run's evidence is whole: chain, files, completeness. Nothing is written."""

import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from reports import chains, files
from reports.chain import Chain
from reports.chains import JOURNAL, Chains
from reports.manifest import FIELDS, MANIFEST
from reports.projections import projected
from reports.projections.account import AccountError, account
from reports.projections.replayed import replayed
from reports.projections.told import Account
from reports.remade import is_remade
from reports.sealing import LIVING
from reports.surroundings import suite


class State(StrEnum):
    """What is said of a run's evidence, the worst first."""

    BROKEN = "BROKEN"
    UNSEALED = "UNSEALED"
    INCOMPLETE = "INCOMPLETE"
    COMPLETE = "COMPLETE"


class NoRunError(Exception):
    """The folder is not one of a run."""


@dataclass
class Verification:
    """What was found in a run's folder."""

    chains: Chains
    told: Account
    sealed: bool
    wrong: list[str] = field(default_factory=list)
    """What contradicts the journal, the manifest or the given head; the first wrong line first."""
    notes: list[str] = field(default_factory=list)
    """What is worth knowing, and proves nothing."""

    @property
    def state(self) -> State:
        if self.wrong:
            return State.BROKEN
        if not self.sealed:
            return State.UNSEALED
        return State.INCOMPLETE if self.told.gaps else State.COMPLETE


def verify(folder: Path, head: str | None = None) -> Verification:
    """Judge the evidence of a run; `head` is the head of its chain, as it was kept elsewhere.

    Raises `NoRunError` for a folder without a journal, and `OSError` where it cannot be read.
    """
    if not (folder / JOURNAL).is_file():
        raise NoRunError(f"{folder} is not the folder of a run: it has no {JOURNAL}")
    links, regular = _entries(folder)
    manifest, problem = _manifest(folder)
    read = chains.read(folder, _known_heads(manifest, head))
    told, unreadable = _told_by(read)
    found = Verification(read, told, sealed=manifest is not None)
    found.wrong += [read.wrong] if read.wrong else []
    found.wrong += [*([problem] if problem else []), *links, *unreadable]
    if head is not None:
        _compare_head(found, head)
    if manifest is not None:
        _compare_chains(found, _sealed_chains(manifest), MANIFEST)
        _compare_files(found, manifest, {name: regular[name] for name in sorted(regular)})
        _compare_folders(found, manifest, folder)
        _compare_outside(found, manifest)
        _compare_identity(found, manifest, folder)
    elif read.cut:
        found.notes.append("the last line is cut off: the run was killed, or its disk was full")
    _compare_closing(found)
    _compare_attachments(found, regular)
    _compare_projections(found, regular)
    main = read.parts[JOURNAL]
    if main.lines and main.lines[0]["kind"] != "run.begin":
        found.wrong.append(f"{JOURNAL} line 1: it is not the begin of a run")
    return found


def _known_heads(manifest: Mapping[str, Any] | None, head: str | None) -> dict[str, str]:
    """Return the digests of last lines as they were kept: they tell which of two was changed."""
    known = {} if head is None else {JOURNAL: head}
    for name, sealed in _sealed_chains(manifest).items():
        if isinstance(sealed.get("head"), str):
            known[name] = sealed["head"]
    return known


def _told_by(read: Chains) -> tuple[Account, list[str]]:
    try:
        return account(read.lines), []
    except AccountError as error:
        return account(()), [str(error)]


def _entries(folder: Path) -> tuple[list[str], dict[str, Path]]:
    """Return what has no place in a run's folder, and its files by name."""
    wrong: list[str] = []
    regular: dict[str, Path] = {}
    for path in files.below(folder):
        name = path.relative_to(folder).as_posix()
        mode = path.lstat().st_mode
        if name in LIVING and not (folder / MANIFEST).exists():
            continue
        if stat.S_ISREG(mode):
            regular[name] = path
        else:
            what = "a symbolic link" if stat.S_ISLNK(mode) else "no regular file"
            wrong.append(f"{name} is {what}: a run has none")
    return wrong, regular


def _manifest(folder: Path) -> tuple[Mapping[str, Any] | None, str | None]:
    """Return the manifest, if there is one, and what is wrong with it."""
    path = folder / MANIFEST
    if not (path.exists() or path.is_symlink()):
        return None, None
    if not path.is_file():
        return {}, f"{MANIFEST} is no regular file"
    try:
        held = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}, f"{MANIFEST} is not JSON"
    if not isinstance(held, dict) or not isinstance(held.get("files"), dict):
        return {}, f"{MANIFEST} holds no files"
    return held, None


def _sealed_chains(manifest: Mapping[str, Any] | None) -> dict[str, Mapping[str, Any]]:
    held = (manifest or {}).get("chains")
    parts = held if isinstance(held, dict) else {}
    return {name: sealed for name, sealed in parts.items() if isinstance(sealed, dict)}


def _compare_head(found: Verification, head: str) -> None:
    if found.chains.wrong is None and found.chains.head != head.lower():
        found.wrong.append(
            f"{found.chains.closing} ends with the head {found.chains.head}, and not with the one"
            " that was given: it is another run's, or its tail was cut off or changed"
        )


def _compare_chains(
    found: Verification, sealed: Mapping[str, Mapping[str, Any]], holder: str
) -> None:
    """Compare each chain with what was sealed; one that is wrong in itself was told before."""
    parts = {name: part for name, part in found.chains.parts.items() if name != holder}
    for name in dict.fromkeys([*sealed, *parts]):
        chain = parts.get(name)
        if chain is None:
            found.wrong.append(f"{name} is missing: {holder} holds its head")
        elif chain.wrong is None and (problem := _differs(chain, sealed.get(name, {}), holder)):
            found.wrong.append(f"{name} {problem}")


def _differs(chain: Chain, sealed: Mapping[str, Any], holder: str) -> str | None:
    """Say in what a chain is not what was sealed."""
    lines, planned = len(chain.lines), sealed.get("lines")
    same = (chain.head, chain.cut) == (sealed.get("head"), sealed.get("cut", False))
    if not isinstance(planned, int):
        return f"is not what was sealed: {holder} does not hold the head of it"
    if same and lines == planned:
        return None
    if lines < planned or (chain.cut and not sealed.get("cut")):
        return (
            f"line {lines + 1}: it and what follows was cut off;"
            f" {planned} lines were sealed, and {lines} are whole"
        )
    if lines > planned:
        return f"line {planned + 1}: it was added after the run was sealed"
    return f"line {lines}: its bytes are not those that were sealed"


def _compare_closing(found: Verification) -> None:
    """Compare the chains with what the line that ends the run holds of the others."""
    closing = found.told.seal or found.told.end
    if closing is None or found.chains.wrong is not None:
        return
    held = closing.get("chains")
    before = list(found.wrong)
    _compare_chains(found, held if isinstance(held, dict) else {}, found.chains.closing)
    found.wrong = list(dict.fromkeys([*before, *found.wrong]))


def _compare_files(
    found: Verification, manifest: Mapping[str, Any], regular: Mapping[str, Path]
) -> None:
    sealed, chained = manifest.get("files", {}), found.chains.parts
    for name, path in regular.items():
        if name == MANIFEST:
            continue
        if name not in sealed:
            found.wrong.append(f"{name} was added after the run was sealed")
        elif files.sha256(path) != sealed[name] and not (name in chained and found.wrong):
            found.wrong.append(f"{name} was changed after the run was sealed")
    found.wrong += [f"{name} is missing" for name in sealed if name not in regular]


def _compare_folders(found: Verification, manifest: Mapping[str, Any], folder: Path) -> None:
    """Look for folders that hold nothing: no digest vouches for one. Else their files are told."""
    sealed = {parent for name in manifest.get("files", {}) for parent in Path(name).parents}
    empty = (path.relative_to(folder) for path in files.empty_below(folder))
    found.wrong += [
        f"{path.as_posix()}/ was added after the run was sealed: it is an empty folder"
        for path in empty
        if path not in sealed
    ]


def _compare_outside(found: Verification, manifest: Mapping[str, Any]) -> None:
    """Look for the files outside the folder: another run may rightly have replaced them."""
    outside = manifest.get("outside")
    for name, digest in (outside if isinstance(outside, dict) else {}).items():
        path = Path(name)
        if not path.is_file():
            found.notes.append(f"outside the folder: {name} is not there any more")
        elif files.sha256(path) != digest:
            found.notes.append(f"outside the folder: {name} is not the file that was sealed")


def _compare_identity(found: Verification, manifest: Mapping[str, Any], folder: Path) -> None:
    """Compare what the manifest says of itself with the journal's first line."""
    run = found.told.begin.get("run")
    if manifest.get("run") != run:
        found.wrong.append(f"{MANIFEST} is of the run {manifest.get('run')!r}, not of {run}")
    if strange := sorted(manifest.keys() ^ FIELDS):
        found.wrong.append(f"{MANIFEST} was changed: {', '.join(strange)}")
    if manifest.get("head") != found.chains.head and not found.wrong:
        found.wrong.append(f"{MANIFEST} does not hold the head of {found.chains.closing}")
    if run is not None and not folder.resolve().name.endswith(f"-{run}"):
        found.notes.append(f"the folder was renamed: it is the run {run}")


def _compare_projections(found: Verification, regular: Mapping[str, Path]) -> None:
    """Make log and record again, and compare: people read them, and not the journal."""
    if found.chains.wrong is not None or (found.told.end or found.told.seal) is None:
        return
    same_suite = found.told.begin.get("suite") == suite(Path(__file__).parents[1])
    hidden = (found.told.begin.get("secrets") or {}).get("registered") or ()
    try:
        texts = projected(found.chains)
    except AccountError as error:
        found.wrong.append(str(error))
        return
    for name, text in texts.items():
        if name not in regular and found.told.seal is not None:
            found.notes.append(f"{name} was never written: python -m reports rebuild writes it")
            continue
        if name not in regular:
            problem = f"{name} is missing"
        elif not is_remade(regular[name].read_bytes(), text, hidden):
            problem = f"{name} is not what the journal says: see python -m reports rebuild"
        else:
            continue
        if same_suite and problem not in found.wrong:
            found.wrong.append(problem)
        elif not same_suite:
            found.notes.append(f"{problem} (the run is of another version of the suite)")


def _compare_attachments(found: Verification, regular: Mapping[str, Path]) -> None:
    """Compare attachments with the journal's own lines: they hold without a manifest too."""
    for line in found.told.attachments:
        name = line.get("path", "")
        if name not in regular:
            problem = f"{name} is missing"
        elif files.sha256(regular[name]) != line.get("sha256"):
            problem = f"{name} is not what line {line['seq']} of the journal vouches for"
        else:
            continue
        if problem not in found.wrong:
            found.wrong.append(problem)


def told(found: Verification, folder: Path, head: str | None) -> str:
    """Put what was found into words, for people."""
    run, parts = found.told, found.chains.parts
    rows = [f"{found.state}: {folder.name}"]
    rows += [f"  wrong: {problem}" for problem in found.wrong]
    if not found.sealed:
        rows.append(f"  there is no {MANIFEST}: the run was never sealed")
        if not found.wrong:
            rows.append(
                "  if nothing of it runs any more, seal it as it is: python -m reports seal"
            )
    rows += [f"  note: {note}" for note in found.notes]
    if (of := replayed(run.begin)) is not None:
        rows.append(f"  replay: of {of.folder}, head {of.head}; nothing was looked at in this run")
        rows += [f"  replay: of that run, {told}" for told in of.evidence]
    if found.chains.wrong is None:
        rows += [f"  incomplete: {gap}" for gap in run.gaps]
        counts = ", ".join(f"{number} {word}" for word, number in sorted(run.counts.items()))
        rows.append(f"  verdicts: {counts or 'none'}; {len(run.checks)} checks planned")
        rows.append(f"  canary: {_canary(run)}")
    held = ", ".join(f"{len(part.lines)} lines of {name}" for name, part in parts.items())
    rows.append(f"  chain: {held if len(parts) > 1 else held.partition(' of ')[0]} hold")
    if found.chains.wrong is None:
        rows.append(f"  head: {found.chains.head}")
    else:
        good, closing = len(parts[found.chains.closing].lines), found.chains.closing
        rows.append(f"  last good line: {good} of {closing}, digest {found.chains.head}")
    if head is None:
        rows.append(
            "  a tail that was cut off, or a whole run that was made up, shows only against the"
            " manifest, or against a head that was kept elsewhere: give it with --head"
        )
    return "\n".join(rows)


def _canary(run: Account) -> str:
    if run.canary is None:
        return "planted, and not looked for" if run.checks else "not looked for"
    if found := run.canary.get("found"):
        return f"FOUND in {', '.join(found)}: secrets may stand there too"
    return f"looked for in {run.canary.get('files')} files, and not found"
