"""A run: its folder, what is written into it while it runs, and how it is sealed."""

import contextlib
import hashlib
import os
import re
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from reports import files, journal
from reports.canary import Canary
from reports.journal import Journal, JournalError
from reports.manifest import JOURNAL, MANIFEST, RECORD, manifest_of, newest_sealed
from reports.projections import log, record
from reports.projections.account import AccountError
from reports.redaction import Redactor
from reports.surroundings import surroundings

ATTACHMENTS = "attachments"
NOT_SEALED = 3
"""Exit status of a run that could not be sealed."""
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


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


class Run:
    """One run's evidence. Any thread may append."""

    def __init__(self, folder: Path, run: str, redactor: Redactor) -> None:
        """Take a folder that exists and is empty; `begin` makes one."""
        self.folder = folder
        self.id = run
        self._redactor = redactor
        self._canary = Canary.made()
        redactor.register(Canary.NAME, self._canary.value)
        self._journal = Journal.create(folder / JOURNAL)

    @classmethod
    def begin(cls, evidence_dir: Path, *, redact: Redactor, about: Mapping[str, Any]) -> Self:
        """Make the run's folder and write `run.begin`, with `about` in it.

        The folder's name, the run id and the line are of one instant. Raises `OSError`
        where the folder cannot be made, and `JournalError` where nothing can be written.
        """
        at = datetime.now(UTC)
        evidence_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        previous = newest_sealed(evidence_dir)
        folder, run_id = _make_folder(evidence_dir, at)
        run = cls(folder, run_id, redact)
        run._append(
            "run.begin",
            at,
            {
                "run": run_id,
                **surroundings(at, os.environ),
                "argv": sys.argv[1:],
                "secrets": {
                    "registered": [name for name in redact.names if name != Canary.NAME],
                    "absent": list(redact.absent),
                },
                "previous": previous,
                **about,
            },
        )
        files.sync_folder(folder)
        run._plant()
        return run

    @property
    def head(self) -> str:
        """The digest of the journal's last line."""
        return self._journal.head

    def append(self, kind: str, /, **fields: Any) -> None:
        """Write one line, redacted; raises `JournalError` when it cannot be written."""
        self._append(kind, None, fields)

    def redact(self, text: str, /) -> str:
        """Return the text as this run would write it."""
        return self._redactor.redact(text)

    def attach(self, name: str, content: str | bytes, media_type: str, **about: Any) -> str:
        """Write a file of its own, redacted, and the line that vouches for it.

        Returns its path below the run's folder. Characters that do not belong in a file
        name are replaced, and a name that is taken is numbered.
        """
        raw = content.encode(errors="surrogatepass") if isinstance(content, str) else content
        kept = self.redact(raw.decode(errors="surrogateescape"))
        written = kept.encode(errors="surrogateescape")
        try:
            path = self._write_attachment(_UNSAFE.sub("_", self.redact(name)).lstrip("."), written)
        except OSError as error:
            raise JournalError(
                f"the attachment {name} cannot be written: {error.strerror}"
            ) from error
        found = f"{ATTACHMENTS}/{path.name}"
        self.append(
            "attachment",
            path=found,
            media_type=media_type,
            bytes=len(written),
            sha256=hashlib.sha256(written).hexdigest(),
            **about,
        )
        return found

    def seal(
        self,
        counts: Mapping[str, int],
        *,
        exit_status: int,
        exit_words: str,
        interrupted: bool = False,
        outside: Sequence[Path] = (),
        log_dir: Path | None = None,
    ) -> Sealed:
        """End the run: canary looked for, `run.end`, log and record, manifest.

        The record and the log are looked through before they are put into place. Where
        the canary is found, or the disk refuses, there is no manifest and the exit status
        is 3. `outside` are finished files elsewhere, held by their digests.
        """
        try:
            found = self._look_for_canary()
            status = NOT_SEALED if found else exit_status
            words = f"not sealed: {_told(found)}" if found else exit_words
            self.append(
                "run.end",
                counts=dict(counts),
                exit={"status": status, "words": words},
                interrupted=interrupted,
            )
            self._journal.close()
            return self._finish(status, words, found, outside, log_dir)
        except (OSError, JournalError, AccountError) as error:
            with contextlib.suppress(JournalError):
                self._journal.close()
            return self._unsealed((str(error),))

    def _append(self, kind: str, at: datetime | None, fields: Mapping[str, Any]) -> None:
        kept = fields
        if self._redactor.suspects_json(fields):
            kept = self._redactor.redact_json(dict(fields))
        self._journal.append(kind, at=at, **kept)

    def _plant(self) -> None:
        """Write the canary where secrets could slip through: journal, attachment; later the log."""
        planted = self._canary.planted()
        self.append("canary.planted", forms=planted)
        text = "".join(f"{form}: {value}\n" for form, value in planted.items())
        self.attach("canary.txt", text, "text/plain; charset=utf-8")

    def _look_for_canary(self) -> list[str]:
        looked = files.below(self.folder)
        found = [
            path.relative_to(self.folder).as_posix()
            for path in looked
            if self._canary.is_in(path.read_bytes())
        ]
        self.append("canary.looked-for", files=len(looked), found=found)
        return found

    def _finish(
        self,
        status: int,
        words: str,
        found: list[str],
        outside: Sequence[Path],
        log_dir: Path | None,
    ) -> Sealed:
        chain = journal.read(self.folder / JOURNAL)
        problems = [_told(found)] if found else []
        if chain.wrong or chain.cut:
            problems.append(f"the journal was changed while the run ran: {chain.wrong or 'cut'}")
        written = log.project(chain.lines)
        log_path, record_path = self.folder / written.name, self.folder / RECORD
        problems += self._put_projection(log_path, written.text, planted=True)
        problems += self._put_projection(record_path, record.project(chain.lines, chain.head))
        copy = None
        if log_dir is not None and log_path.exists():
            copy, told = _copy(log_path, log_dir, self.folder.name)
            problems += told
        if found or chain.wrong or chain.cut or not (log_path.exists() and record_path.exists()):
            return self._unsealed(problems)
        kept_outside = [*outside, *([copy] if copy else [])]
        manifest = self.folder / MANIFEST
        files.write(manifest, manifest_of(self.folder, self.id, chain, kept_outside, self.redact))
        return Sealed(
            folder=self.folder,
            head=chain.head,
            exit_status=status,
            exit_words=words,
            record=record_path,
            log=log_path,
            manifest=manifest,
            copy=copy,
            problems=tuple(problems),
        )

    def _put_projection(self, path: Path, text: str, *, planted: bool = False) -> list[str]:
        """Write a projection through the filter, and put it into place if no canary is in it."""
        if planted:
            text = self._with_canary(text)
        beside = files.write_beside(
            path, self._redactor.redact_registered(text).encode(errors="backslashreplace")
        )
        if self._canary.is_in(beside.read_bytes()):
            beside.unlink()
            return [_told([path.name])]
        files.put(beside, path)
        return []

    def _with_canary(self, text: str) -> str:
        """Put the canary itself where its mark stands, for the filter to take it out again."""
        mark = self.redact(self._canary.value)
        return text.replace(mark, self._canary.value)

    def _write_attachment(self, name: str, content: bytes) -> Path:
        folder = self.folder / ATTACHMENTS
        folder.mkdir(mode=0o700, exist_ok=True)
        first = Path(name or "attachment")
        for number in range(1, 10_000):
            path = folder / (first.name if number == 1 else f"{first.stem}-{number}{first.suffix}")
            try:
                files.write_new(path, content)
            except FileExistsError:
                continue
            return path
        raise FileExistsError(0, "ten thousand attachments have that name", name)

    def _unsealed(self, problems: Sequence[str]) -> Sealed:
        logs = sorted(self.folder.glob("*.log"))
        return Sealed(
            folder=self.folder,
            head=self._journal.head,
            exit_status=NOT_SEALED,
            exit_words="the run could not be sealed",
            record=self.folder / RECORD,
            log=logs[0] if logs else self.folder,
            manifest=None,
            copy=None,
            problems=tuple(problems),
        )


def _make_folder(evidence_dir: Path, at: datetime) -> tuple[Path, str]:
    while True:
        run_id = secrets.token_hex(3)
        folder = evidence_dir / f"{at:%Y%m%dT%H%M%SZ}-{run_id}"
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        return folder, run_id


def _copy(path: Path, log_dir: Path, run: str) -> tuple[Path | None, list[str]]:
    """Copy the log; a name that another run took gets this run's name too."""
    try:
        log_dir.mkdir(parents=True, exist_ok=True)
        for name in (path.name, f"{path.stem}-{run.rpartition('-')[2]}{path.suffix}"):
            try:
                files.write_new(log_dir / name, path.read_bytes())
            except FileExistsError:
                continue
            return log_dir / name, []
    except OSError as error:
        return None, [f"the log could not be copied to {log_dir}: {error.strerror}"]
    return None, [f"the log could not be copied to {log_dir}: {path.name} exists already"]


def _told(found: Sequence[str]) -> str:
    return f"the canary was found in {', '.join(found)}: secrets may stand there too"
