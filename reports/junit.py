"""JUnit's file is written without what is secret; as pytest writes it, it is never on a disk."""

import os
import stat
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from _pytest.junitxml import xml_key

from reports import files
from reports.keys import REDACTOR, SEALED, TROUBLE, UNWRITTEN
from reports.redaction import Redactor

_PROLOG = '<?xml version="1.0" encoding="utf-8"?>'
Write = Callable[[Path, bytes], None]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Empty an earlier run's file: who kills this run must not read there that all has passed."""
    xml = session.config.stash.get(xml_key, None)
    if xml is not None and not session.config.option.collectonly:
        with suppress(OSError):  # there is none; or it will be said at the end
            if Path(xml.logfile).is_file():
                os.truncate(xml.logfile, 0)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """Take what pytest writes, redact it, and put it where it was asked for."""
    stash = session.config.stash
    xml, redactor = stash.get(xml_key, None), stash.get(REDACTOR, None)
    if xml is None or redactor is None:
        return (yield)
    asked = Path(xml.logfile)
    with _out_of_sight() as taken:
        xml.logfile = f"/proc/self/fd/{taken}" if isinstance(taken, int) else str(taken)
        try:
            result = yield
            content = Path(xml.logfile).read_text("utf-8")
        finally:
            xml.logfile = str(asked)
    try:
        _write(asked, redacted(content, redactor).encode())
    except OSError as error:
        _tell_unwritten(session, f"--junitxml {asked}: {error.strerror}")
    return result


def _tell_unwritten(session: pytest.Session, told: str) -> None:
    """Say that the file is not there, and let nobody say that it is; it is no success."""
    config = session.config
    config.stash.setdefault(TROUBLE, []).append(told)
    config.stash[UNWRITTEN] = "JUnit's file could not be written"
    config.pluginmanager.unregister(config.stash[xml_key])
    del config.stash[xml_key]
    if session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.INTERNAL_ERROR


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say it of a session without a run, which has no last screen."""
    if UNWRITTEN in config.stash and SEALED not in config.stash:
        for told in config.stash[TROUBLE]:
            terminalreporter.write_line(f"trouble  {told}")


def redacted(content: str, redactor: Redactor) -> str:
    """Return the XML with every text and attribute redacted by itself, so that it stays XML."""
    root = ET.fromstring(content)  # noqa: S314 - pytest has just written it
    texts = (text for node in root.iter() for text in (node.text, node.tail, *node.attrib.values()))
    if not redactor.suspects("\n".join(filter(None, texts))):
        return content
    for node in root.iter():
        node.text = node.text and redactor.redact(node.text)
        node.tail = node.tail and redactor.redact(node.tail)
        for name, value in node.attrib.items():
            node.set(name, redactor.redact(value))
    return _PROLOG + ET.tostring(root, encoding="unicode")


@contextmanager
def _out_of_sight() -> Iterator[int | Path]:
    """Lend a file that only memory holds, or where there is none one for its owner alone."""
    if hasattr(os, "memfd_create") and Path("/proc/self/fd").is_dir():
        descriptor = os.memfd_create("junit")
        try:
            yield descriptor
        finally:
            os.close(descriptor)
        return
    descriptor, name = tempfile.mkstemp(suffix=".xml")
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    """Write the file as a whole, with the mode that pytest's would have; a device as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG | 0o666 & ~_umask()
    if not stat.S_ISREG(mode):
        path.write_bytes(content)
        return
    path = path.resolve()
    beside = files.write_beside(path, content)
    beside.chmod(stat.S_IMODE(mode))
    files.put(beside, path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
