"""JUnit's file is what pytest writes, without what is secret."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from reports.junit import redacted
from reports.redaction import Redactor
from reports.verify import State, verify
from tests.talk import MARK, SECRET, Talk

LEAKS = (
    "print('out <', secret, '>'); sys.stderr.write(secret); import logging;"
    "logging.getLogger().warning('log %s', secret);"
)
LOGGING = "-ojunit_logging=all"


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Talk:
    return Talk(tmp_path_factory.mktemp("talk"))


def texts(path: Path) -> str:
    root = ET.parse(path).getroot()
    assert root.tag == "testsuites"
    return "\n".join(
        text for node in root.iter() for text in (node.text or "", *node.attrib.values())
    )


@pytest.mark.parametrize("ending", ["pass", "raise ValueError(f'<&\" {secret} \\x1b\\x01')"])
def test_the_file_holds_no_secret_and_is_still_xml(talk: Talk, tmp_path: Path, ending: str) -> None:
    status, out, _ = talk.run(
        tmp_path,
        LEAKS + ending,
        f"--junitxml={tmp_path}/new/junit.xml",
        LOGGING,
        "-vv",
    )

    shown = texts(tmp_path / "new/junit.xml")
    assert status in (0, 6), out
    assert SECRET not in shown
    assert shown.count(MARK) >= 3
    assert "out < \u2039secret:TOKEN#" in shown
    assert f"generated xml file: {tmp_path}/new/junit.xml" in out
    (run,) = tmp_path.glob("*/manifest.json")
    assert "junit.xml" in run.read_text()


def test_a_relative_path_is_below_where_pytest_was_called(talk: Talk, tmp_path: Path) -> None:
    status, out, _ = talk.run(tmp_path, "print(secret)", "--junitxml=deep/er/junit.xml")

    assert status == 0, out
    assert SECRET not in texts(talk.suite / "deep/er/junit.xml")


def test_nothing_unredacted_is_ever_in_a_file(talk: Talk, tmp_path: Path) -> None:
    trace, junit = tmp_path / "trace", tmp_path / "junit.xml"
    hook = (
        "import sys; trace = open(os.environ['TRACE'], 'a')\n"
        "def see(event, args):\n"
        "    if event == 'open' and isinstance(args[1], str) and 'w' in args[1]:\n"
        "        print(args[0], file=trace, flush=True)\n"
        "sys.addaudithook(see); print(secret)"
    )

    talk.run(tmp_path, hook, f"--junitxml={junit}", LOGGING, env={"TRACE": str(trace)})

    opened = trace.read_text().splitlines()
    assert any(name.startswith("/proc/self/fd/") for name in opened)
    assert str(junit) not in opened
    assert MARK in texts(junit)


def test_a_folder_that_cannot_be_made_is_refused_before_anything_is_looked_at(
    talk: Talk, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")

    status, _, err = talk.run(tmp_path, "pass", f"--junitxml={tmp_path}/file/junit.xml")

    assert status == 4
    assert f"--junitxml: the folder {tmp_path}/file cannot be made" in err


@pytest.mark.parametrize(
    ("unwanted", "status", "words"),
    [
        ("", 3, "something was upheld, and nothing worse"),
        ("hello", 1, "something was violated"),
    ],
)
def test_a_file_that_cannot_be_written_is_told_and_is_no_success(
    talk: Talk, tmp_path: Path, unwanted: str, status: int, words: str
) -> None:
    junit = tmp_path / "new/junit.xml"
    junit.parent.mkdir()
    folder = str(junit.parent)
    code = f"import shutil; shutil.rmtree({folder!r}); open({folder!r}, 'w').close()"

    seen, out, err = talk.run(
        tmp_path, code, f"--junitxml={junit}", env={"TALK_UNWANTED": unwanted}
    )

    assert seen == status, out + err
    assert f"trouble  --junitxml {junit}: " in out
    assert f"exit     {status}: {words}; but JUnit's file could not be written" in out
    assert "generated xml file" not in out
    assert "Traceback" not in out + err
    (run,) = tmp_path.glob("*/manifest.json")
    assert verify(run.parent).state is State.COMPLETE


def test_a_list_of_checks_without_the_file_that_was_asked_for_is_no_success(
    talk: Talk, tmp_path: Path
) -> None:
    status, out, err = talk.run(tmp_path, "pass", "--collect-only", "--junitxml=/dev/full")

    assert status == 3, out + err
    assert "trouble  --junitxml /dev/full: No space left on device" in out


def test_a_device_is_written_to_and_not_replaced(talk: Talk, tmp_path: Path) -> None:
    (tmp_path / "pipe").mkdir()
    fifo = tmp_path / "pipe/junit"
    os.mkfifo(fifo)
    with subprocess.Popen(["cat", str(fifo)], stdout=subprocess.PIPE) as reader:
        talk.run(tmp_path, "print(secret)", f"--junitxml={fifo}", LOGGING)
        shown = reader.communicate(timeout=10)[0].decode()

    assert MARK in shown
    assert SECRET not in shown
    assert fifo.is_fifo()


def test_what_was_there_keeps_its_mode(talk: Talk, tmp_path: Path) -> None:
    old, new = tmp_path / "old.xml", tmp_path / "new.xml"
    old.touch(mode=0o600)

    for path in (old, new):
        talk.run(tmp_path, "pass", f"--junitxml={path}")

    assert old.stat().st_mode & 0o777 == 0o600
    assert new.stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    command = [sys.executable, "-c", "import os; print(os.umask(0))"]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_a_file_without_secrets_is_pytests_own_byte_for_byte() -> None:
    content = '<?xml version="1.0" encoding="utf-8"?><testsuites name="a&#10;b"><x /></testsuites>'

    assert redacted(content, Redactor()) == content


def test_a_document_in_one_place_leaves_the_others_as_they_are() -> None:
    content = (
        '<?xml version="1.0" encoding="utf-8"?><a b="1&#10;2"><c>kind: Secret\ndata: {d: e\n</c>'
        "<c>&lt;f&gt;</c></a>"
    )

    root = ET.fromstring(redacted(content, Redactor()))

    assert root.get("b") == "1\n2"
    assert "secret:unreadable-document" in (root[0].text or "")
    assert root[1].text == "<f>"


def test_standard_output_is_written_to_and_redacted(talk: Talk, tmp_path: Path) -> None:
    status, out, _ = talk.run(tmp_path, "pass", "--junitxml=/dev/stdout")

    assert status == 0, out
    assert "<testsuites" in out
    assert "trouble" not in out
