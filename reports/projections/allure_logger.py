"""Allure's channel: what allure-pytest would write, redacted, and for its owner only."""

from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from allure_commons import hookimpl

from reports import files
from reports.projections.allure_folder import ResultsFolder, as_json, result_name
from reports.redaction import Redactor

_LARGEST = 32 << 20
"""Bytes of an attachment beyond which it is not looked through, and so not kept."""
_COMPRESSED = (
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"BZh",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
    b"7z\xbc\xaf",
    b"%PDF",
)
_MANY = frozenset({"epic", "feature", "story", "owner", "issue", "tms", "link"})
"""Labels that a check's author may add to those that the verdict gives it."""
_WIDE = ("utf-16-le", "utf-16-be")


class RedactingLogger:
    """Stands where allure-pytest's file logger stood, and is told the same.

    Nothing is written, under whatever name, before it has passed the filter. What the disk
    refuses is left out, and no reason to end a run: its results are completed at its end.
    """

    def __init__(self, folder: ResultsFolder, redactor: Redactor) -> None:
        """Take a folder that exists."""
        self._folder = folder
        self._redactor = redactor
        self._expected: set[str] = set()
        self._held: dict[str, tuple[str, dict[str, Any]]] = {}
        self._dropped: dict[str, str] = {}
        """Names of attachments that were not kept, and of the notes in their place."""

    def expect(self, uuid: str) -> None:
        """Take that a test is a check: without a verdict nothing is written of it.

        allure-pytest takes one that was interrupted for skipped, or for passed.
        """
        self._expected.add(uuid)

    def hold(self, uuid: str, stem: str, result: dict[str, Any]) -> None:
        """Take what is to be written of a test that is not over yet; it is redacted already.

        `stem` is how the name of its file begins.
        """
        self._held[uuid] = (stem, result)

    @hookimpl
    def report_result(self, result: Any) -> None:
        """Write what is told of a test that is over."""
        if result.uuid not in self._held:
            if result.uuid not in self._expected:
                self._put(result_name(str(uuid4())), _plain(result))
            return
        self._expected.discard(result.uuid)
        stem, held = self._held.pop(result.uuid)
        held |= {"uuid": result.uuid, "start": result.start, "stop": result.stop}
        added = {
            "steps": result.steps,
            "attachments": result.attachments,
            "links": result.links,
            "labels": [label for label in result.labels if label.name in _MANY],
        }
        for name, more in self._clean(_plain(added)).items():
            if more:
                held[name] = [*more, *held.get(name, ())]
        if result.description:
            held["description"] += self._redactor.redact(f"\n{result.description}")
        self.write(result_name(stem), as_json(held))

    @hookimpl
    def report_container(self, container: Any) -> None:
        """Write what fixtures did; one that only was there is left out.

        Each argument of a check is a fixture to allure-pytest: a file for each would say
        nothing, and take as long as the results.
        """
        if any(_tells(fixture) for fixture in (*container.befores, *container.afters)):
            self._put(f"{uuid4()}-container.json", _plain(container))

    @hookimpl
    def report_globals(self, globals_item: Any) -> None:
        """Write what is told of the session as a whole."""
        self._put(f"{uuid4()}-globals.json", _plain(globals_item))

    @hookimpl
    def report_attached_file(self, source: str, file_name: str) -> None:
        """Copy a file; raises `OSError` where it cannot be read."""
        path = Path(source)
        if path.is_file() and path.stat().st_size > _LARGEST:
            self._drop(file_name, f"it has more than {_LARGEST >> 20} MiB")
        else:
            self.report_attached_data(files.read(path, _LARGEST), file_name)

    @hookimpl
    def report_attached_data(self, body: str | bytes, file_name: str) -> None:
        """Write text without its secrets; what is no text is kept if none can be in it."""
        content = body.encode(errors="surrogatepass") if isinstance(body, str) else bytes(body)
        if len(content) > _LARGEST:
            self._drop(file_name, f"it has more than {_LARGEST >> 20} MiB")
        elif (text := _text(content)) is not None:
            self.write(file_name, self._redactor.redact(text).encode())
        elif content.startswith(_COMPRESSED):
            self._drop(file_name, "it is compressed, and secrets in it could not be seen")
        elif self._hides_secrets(content):
            self._drop(file_name, "a secret is in it")
        else:
            self.write(file_name, content)

    def write(self, name: str, content: bytes) -> None:
        """Write a file of what is redacted, if the disk has room for it."""
        with suppress(OSError):
            self._folder.put(name, content)

    def _put(self, name: str, plain: dict[str, Any]) -> None:
        self.write(name, as_json(self._clean(plain)))

    def _clean(self, plain: dict[str, Any]) -> dict[str, Any]:
        if self._dropped:
            _replace_dropped(plain, self._dropped)
        if self._redactor.suspects_json(plain):
            return dict(self._redactor.redact_json(plain))
        return plain

    def _drop(self, file_name: str, reason: str) -> None:
        """Write a note in the place of an attachment that is not kept."""
        note = f"{file_name.partition('.')[0]}.txt"
        self._dropped[file_name] = note
        self.write(note, f"This attachment was not kept: {reason}.\n".encode())

    def _hides_secrets(self, content: bytes) -> bool:
        """Tell whether a secret is in what is no text, as single or double bytes."""
        readings = [content.decode("latin-1"), content.decode(errors="replace")]
        readings += [content[at:].decode(wide, errors="replace") for wide in _WIDE for at in (0, 1)]
        return any(self._redactor.redact(reading) != reading for reading in readings)


def _text(content: bytes) -> str | None:
    """Return text as its characters; None for what is none."""
    try:
        return None if b"\0" in content else content.decode()
    except UnicodeDecodeError:
        return None


def _tells(fixture: Any) -> bool:
    """Tell whether there is more to a fixture than its name."""
    failed = fixture.status not in (None, "passed")
    return bool(failed or fixture.steps or fixture.attachments or fixture.statusDetails)


def _plain(value: Any) -> Any:
    """Return Allure's values as JSON has them, what is empty left out."""
    match value:
        case str() | bool() | int() | float() | None:
            return value
        case list() | tuple():
            return [_plain(one) for one in value]
        case dict():
            return {str(name): _plain(below) for name, below in value.items()}
        case _ if hasattr(value, "__attrs_attrs__"):
            return {
                name: _plain(below)
                for name, below in vars(value).items()
                if below or below is False
            }
        case _:
            return str(value)


def _replace_dropped(plain: dict[str, Any], dropped: dict[str, str]) -> None:
    """Let what refers to an attachment that was not kept refer to the note in its place."""
    for attachment in plain.get("attachments", ()):
        if note := dropped.get(attachment.get("source")):
            attachment |= {"source": note, "type": "text/plain"}
    for name in ("steps", "befores", "afters"):
        for below in plain.get(name, ()):
            _replace_dropped(below, dropped)
