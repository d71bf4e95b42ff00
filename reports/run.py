"""A run: its folder, what is written into it while it runs, and how it is sealed."""

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from reports import chains, files, offspring, sealing, tombstones, witness
from reports.bytewise import rewritten
from reports.canary import Canary
from reports.journal import Journal, JournalError
from reports.manifest import MANIFEST, newest_sealed
from reports.packing import Packing
from reports.projections.account import AccountError
from reports.redaction import Redactor
from reports.sealed import NOT_SEALED, Sealed, sealed_as, unsealed
from reports.sealing import SealingError
from reports.surroundings import surroundings
from reports.witness import Watched

ATTACHMENTS = "attachments"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class Run:
    """One run's evidence. Any thread may append."""

    def __init__(
        self, folder: Path, run: str, redactor: Redactor, canary: Canary, process: str = ""
    ) -> None:
        """Take a folder that exists; `begin` makes one, and `join` finds one."""
        self.folder = folder
        self.id = run
        self.process = process
        self.written_by = os.getpid()
        self.canary = canary
        self.lineage = offspring.new_lineage()
        self._redactor = redactor
        self._packing = Packing(redactor)
        self._watched: Watched | None = None
        redactor.register(Canary.NAME, canary.value)
        name = chains.name_for(process) if process else chains.JOURNAL
        self._journal = Journal.create(folder / name)

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
        try:
            sealing.hold_room(folder)
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        run = cls(folder, run_id, redact, Canary.made())
        run._append(
            "run.begin",
            at,
            {
                "run": run_id,
                "folder": str(folder.absolute()),
                **surroundings(at, os.environ),
                "argv": sys.argv[1:],
                "secrets": {
                    "registered": [name for name in redact.names if name != Canary.NAME],
                    "absent": list(redact.absent),
                },
                "previous": previous,
                "tombstones": tombstones.anchor(evidence_dir),
                **about,
            },
        )
        files.sync_folder(folder)
        run._plant()
        return run

    @classmethod
    def join(
        cls, folder: Path, run: str, process: str, *, redact: Redactor, canary: Canary
    ) -> Self:
        """Write a journal of its own in the folder of a run that another process began.

        Raises `JournalError` where it cannot.
        """
        witness.hold(folder)
        if (folder / MANIFEST).exists():
            raise JournalError(f"the run in {folder} is over")
        joined = cls(folder, run, redact, canary, process)
        joined.append("worker.begin", run=run, worker=process, process=os.getpid())
        joined.append("canary.planted", forms=canary.planted())
        return joined

    def watch(self) -> None:
        """Have the run sealed if this process dies; raises `OSError` where it cannot be."""
        self._watched = Watched(self.folder, self.canary.value, self.lineage)

    def leave_behind(self, folder: Path) -> None:
        """Name a temporary folder that goes with the run if this process dies."""
        if self._watched is not None:
            self._watched.leave_behind(folder)

    @property
    def key(self) -> bytes:
        """The key of the run's marks, for the other processes of the run."""
        return self._redactor.key

    def leave(self, *, interrupted: bool) -> None:
        """End the journal of a process that joined; raises `JournalError`."""
        self._packing.end()
        self.append("worker.end", worker=self.process, interrupted=interrupted)
        self._journal.close()

    @property
    def head(self) -> str:
        """The digest of the journal's last line."""
        return self._journal.head

    def append(self, kind: str, /, **fields: Any) -> None:
        """Write one line, redacted; raises `JournalError` when it cannot be written."""
        self._append(kind, None, fields)

    def append_plain(self, kind: str, /, **fields: Any) -> None:
        """Write one line of which it is known that nothing in it is secret."""
        self._journal.append(kind, **fields)

    def hides(self, value: Any) -> bool:
        """Tell whether anything in a value would have to be hidden."""
        return self._redactor.suspects_json(value)

    def verdicts(self) -> list[Mapping[str, Any]]:
        """Read the verdicts back that all processes of the run have written; raises `OSError`."""
        return [line for line in chains.read(self.folder).lines if line["kind"] == "verdict"]

    def redact(self, text: str, /) -> str:
        """Return the text as this run would write it."""
        return self._redactor.redact(text)

    def attach(self, name: str, content: str | bytes, media_type: str, **about: Any) -> str:
        """Write a file of its own, redacted, and the line that vouches for it.

        Returns its path below the run's folder. Characters that do not belong in a file
        name are replaced, and a name that is taken is numbered.
        """
        raw = content.encode(errors="surrogatepass") if isinstance(content, str) else content
        return self._keep(name, rewritten(raw, self.redact), media_type, about)

    def attach_packed(self, name: str, packed: bytes, media_type: str, /, **about: Any) -> str:
        """Do the same with what is compressed by gzip, and stays so: what is in it is redacted.

        The media type is that of what is in it; the file's name says the rest.
        """
        written = self._packing.repacked(packed)
        return self._keep(f"{name}.gz", written, media_type, {"encoding": "gzip", **about})

    def _keep(self, name: str, written: bytes, media_type: str, about: Mapping[str, Any]) -> str:
        """Write a file, and the line that vouches for it."""
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

        Where the canary is found there is no manifest, and the exit status is 3. Where the
        disk refuses it is 3 too, and the run is sealed as one that was lost, if there is
        room for that. `outside` are finished files elsewhere, held by their digests.
        """
        self._packing.end()
        with contextlib.ExitStack() as watched:
            if self._watched is not None:
                watched.callback(self._watched.end)
            try:
                looked = self._look_for_canary()
                told = sealing.told_canary(looked) if looked else ""
                status = NOT_SEALED if told else exit_status
                words = f"not sealed: {told}" if told else exit_words
                self.append(
                    "run.end",
                    counts=dict(counts),
                    exit={"status": status, "words": words},
                    interrupted=interrupted,
                    chains=chains.heads_beside(self.folder),
                )
                self._journal.close()
                finished = sealing.finish(
                    self.folder,
                    self.canary,
                    self._through,
                    outside=outside,
                    log_dir=log_dir,
                    redact=self.redact,
                )
            except (OSError, JournalError, AccountError) as error:
                return self._seal_as_lost(str(error))
            return sealed_as(self.folder, finished, status, words)

    def _look_for_canary(self) -> list[str]:
        """Look for it in all that was written, and return where it was found."""
        sealing.make_room(self.folder)
        looked = sealing.look_for(self.canary, self.folder)
        self.append("canary.looked-for", **looked)
        return list(looked["found"])

    def _seal_as_lost(self, reason: str) -> Sealed:
        """Seal what there is of a run that could not be written to its end."""
        with contextlib.suppress(JournalError):
            self._journal.close()
        try:
            finished = sealing.seal_lost(
                self.folder, by="the run itself", reason=reason, canary=self.canary
            )
        except (OSError, JournalError, AccountError, SealingError) as error:
            return unsealed(self.folder, self._journal.head, dict.fromkeys((reason, str(error))))
        words = "the run could not be written to its end"
        return sealed_as(self.folder, finished, NOT_SEALED, words, reason)

    def _append(self, kind: str, at: datetime | None, fields: Mapping[str, Any]) -> None:
        kept = fields
        if self._redactor.suspects_json(fields):
            kept = self._redactor.redact_json(dict(fields))
        self._journal.append(kind, at=at, **kept)

    def _plant(self) -> None:
        """Write the canary where secrets could slip through: journal, attachment; later the log."""
        planted = self.canary.planted()
        self.append("canary.planted", forms=planted)
        text = "".join(f"{form}: {value}\n" for form, value in planted.items())
        self.attach("canary.txt", text, "text/plain; charset=utf-8")

    def _through(self, text: str) -> str:
        """Filter a projection, with the canary itself in it where its mark stands."""
        mark = self.redact(self.canary.value)
        return self._redactor.redact_registered(text.replace(mark, self.canary.value))

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


def _make_folder(evidence_dir: Path, at: datetime) -> tuple[Path, str]:
    while True:
        run_id = secrets.token_hex(3)
        folder = evidence_dir / f"{at:%Y%m%dT%H%M%SZ}-{run_id}"
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        return folder, run_id
