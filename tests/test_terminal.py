"""Standard output and error show no secret, and are otherwise what they were."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.talk import MARK, SECRET, Talk, parts_of

SHORT = "hunter2!"
WRITES = (
    "print('>', secret, '<'); sys.stderr.write('> ' + secret + ' <\\n');"
    "subprocess.run(['echo', '>', secret, '<']);"
    "subprocess.run('echo \"> $TALK_SECRET <\" >&2', shell=True);"
    "[os.write(1, bytes([byte])) for byte in secret.encode()]; os.write(2, b'\\n')"
)


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Talk:
    return Talk(tmp_path_factory.mktemp("talk"))


@pytest.mark.parametrize("capture", ["-s", "--capture=fd", "--capture=sys", "--capture=tee-sys"])
def test_what_a_check_writes_shows_no_secret(talk: Talk, tmp_path: Path, capture: str) -> None:
    status, out, err = talk.run(tmp_path, WRITES, capture, "-rA")

    assert status == 0, out + err
    assert parts_of(out + err) == []
    assert out.count(MARK) >= 3
    assert out.count(f"> \u2039{MARK}") >= 2
    if capture == "-s":
        assert err.count(MARK) == 2
        assert err.count("<\n") == 2


def test_both_streams_in_one_keep_their_order(talk: Talk, tmp_path: Path) -> None:
    code = "[os.write(1 + at % 2, f'line {at} {secret}\\n'.encode()) for at in range(200)]"

    status, out, _ = talk.run(tmp_path, code, "-s", together=True)

    assert status == 0, out
    assert re.findall(r"line (\d+)", out) == [str(at) for at in range(200)]
    assert parts_of(out) == []


def test_a_terminal_stays_a_terminal(talk: Talk, tmp_path: Path) -> None:
    code = (
        "os.system('test -t 1 && test -t 2 && stty size <&1');print(os.get_terminal_size(), secret)"
    )
    with talk.on_terminal(tmp_path, code, "-s", columns=93) as terminal:
        assert terminal.wait() == 0, terminal.shown.decode()

        shown = terminal.shown.decode()
        assert "40 93\r\n" in shown
        assert "columns=93, lines=40" in shown
        assert "\x1b[32m" in shown
        assert any(len(re.sub(r"\x1b\[[\d;]*m", "", line)) == 93 for line in shown.split("\r\n"))
        assert MARK in shown
        assert parts_of(shown) == []


def test_a_terminal_that_is_resized_tells_its_programs(talk: Talk, tmp_path: Path) -> None:
    code = (
        "print('ready', flush=True)\n"
        "until = time.monotonic() + 30\n"
        "while os.get_terminal_size().columns != 57 and time.monotonic() < until:\n"
        "    time.sleep(0.02)\n"
        "print(os.get_terminal_size())"
    )
    with talk.on_terminal(tmp_path, code, "-s") as terminal:
        terminal.wait_for(b"ready")

        terminal.resize(57)

        assert terminal.wait() == 0
        assert b"columns=57" in terminal.shown


def test_dots_and_prompts_come_at_once(talk: Talk, tmp_path: Path) -> None:
    with talk.on_terminal(tmp_path, "print(input('your name? '), secret)", "-s") as terminal:
        terminal.wait_for(b"your name? ")

        terminal.type(b"ann\n")

        assert terminal.wait() == 0
        assert b"ann \xe2\x80\xb9secret:TOKEN#" in terminal.shown


def test_the_debugger_works_and_shows_no_secret(talk: Talk, tmp_path: Path) -> None:
    with talk.on_terminal(tmp_path, "raise ValueError(secret)", "--pdb") as terminal:
        terminal.wait_for(b"(Pdb) ")
        terminal.type(b"p secret\n")
        terminal.wait_for(b"secret:TOKEN#")

        terminal.type(b"q\n")

        assert terminal.wait() != 0
        assert parts_of(terminal.shown.decode()) == []


def test_an_interrupt_from_the_keyboard_ends_the_run_and_not_the_filter(
    talk: Talk, tmp_path: Path
) -> None:
    code = "print('ready', flush=True); time.sleep(60)"
    with talk.on_terminal(tmp_path, code, "-s") as terminal:
        terminal.wait_for(b"ready")

        terminal.type(b"\x03")

        assert terminal.wait(seconds=20) == 2
        assert b"exit" in terminal.shown


@pytest.mark.parametrize(
    ("options", "env", "coloured"),
    [
        ([], {}, False),
        (["--color=yes"], {}, True),
        (["--color=yes", "-q"], {"NO_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1"}, True),
    ],
)
def test_colour_in_a_pipe_is_what_was_asked_for(
    talk: Talk, tmp_path: Path, options: list[str], env: dict[str, str], *, coloured: bool
) -> None:
    status, out, _ = talk.run(tmp_path, "print(secret)", "-s", *options, env=env)

    assert status == 0, out
    assert ("\x1b[" in out) is coloured
    assert MARK in out
    assert parts_of(out) == []


@pytest.mark.parametrize(
    ("code", "env", "status"),
    [
        ("pass", {}, 0),
        ("pass", {"TALK_UNWANTED": "hello"}, 1),
        ("pytest.exit(secret, returncode=2)", {}, 2),
        ("raise OSError(secret)", {}, 6),
        ("pytest.skip(secret)", {}, 6),
    ],
)
def test_the_exit_status_is_what_it_was(
    talk: Talk, tmp_path: Path, code: str, env: dict[str, str], status: int
) -> None:
    seen, out, err = talk.run(tmp_path, code, "-vv", "-rA", env=env)

    assert seen == status, out + err
    assert parts_of(out + err) == []


@pytest.mark.parametrize(
    "arguments",
    [
        [f"--vantage={SECRET}"],
        ["--lab-fault", SECRET],
        [f"checks/{SECRET}"],
        ["-k", SECRET],
    ],
)
def test_errors_before_the_first_check_show_no_secret(
    talk: Talk, tmp_path: Path, arguments: list[str]
) -> None:
    status, out, err = talk.run(tmp_path, "pass", *arguments)

    assert status in (4, 5), out + err
    assert parts_of(out + err) == []


@pytest.mark.parametrize(
    "arguments",
    [
        [f"/somewhere/{SECRET}"],
        [f"--nosuch={SECRET}"],
        ["-p", SECRET],
        [f"--deadline={SECRET}"],
    ],
)
def test_what_pytest_refuses_before_the_profile_is_read_shows_no_secret(
    talk: Talk, tmp_path: Path, arguments: list[str]
) -> None:
    status, out, err = talk.run(tmp_path, "pass", *arguments)

    assert status == 4, out + err
    assert MARK in err
    assert parts_of(out + err) == []


def test_a_profile_with_mistakes_hides_what_it_names(talk: Talk, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(talk.profile.read_text() + f"nosuch: {SECRET!r}\n")

    status, out, err = talk.run(tmp_path, "pass", f"--profile={broken}", f"--nosuch={SECRET}")

    assert status == 4, out + err
    assert MARK in err
    assert parts_of(out + err) == []


def test_a_session_without_checks_hides_what_the_profile_names_only(
    talk: Talk, tmp_path: Path
) -> None:
    other = talk.suite / "other"
    other.mkdir()
    (other / "test_one.py").write_text(
        "import os\ndef test_one(): print('Cookie: abc', os.environ['TALK_SECRET'])\n"
    )

    status, out, err = talk.run(tmp_path, "pass", str(other), "-s")

    assert status == 0, out + err
    assert f"Cookie: abc \u2039{MARK}" in out
    assert parts_of(out + err) == []


@pytest.mark.parametrize(
    "between", ["\u200b", "\x85", "\xad", "\u202e", "\x9b31m", "\x1b[1m", "\0"]
)
def test_what_nobody_sees_in_a_short_secret_lets_nothing_pass(
    talk: Talk, tmp_path: Path, between: str
) -> None:
    code = (
        f"odd = {between!a}.join(secret)\n"
        "print('>', odd, '<', repr(odd), '<')\n"
        "[os.write(1, byte.encode()) for byte in odd]\n"
        "assert not odd, odd"
    )

    status, out, err = talk.run(
        tmp_path, code, "-s", "-vv", f"--junitxml={tmp_path}/junit.xml", env={"TALK_SECRET": SHORT}
    )

    told = [out + err, *(one.read_text() for one in tmp_path.rglob("*") if one.is_file())]
    assert status == 6, out + err
    assert out.count(MARK) >= 3
    for text in told:
        assert between.join(SHORT) not in text
        assert repr(between.join(SHORT))[1:-1] not in text


def test_what_breaks_pytest_itself_shows_no_secret(talk: Talk, tmp_path: Path) -> None:
    code = (
        "import _pytest.runner\n"
        "def broken(*a, **k): raise RuntimeError(secret)\n"
        "_pytest.runner.SetupState.teardown_exact = broken"
    )

    status, out, err = talk.run(tmp_path, code)

    assert status != 0
    assert MARK in out + err
    assert parts_of(out + err) == []


def test_what_a_worker_of_xdist_starts_is_filtered(talk: Talk, tmp_path: Path) -> None:
    status, out, _ = talk.run(tmp_path, "print(secret)", "-s", env={"PYTEST_XDIST_WORKER": "gw0"})

    assert status == 0, out
    assert MARK in out
    assert parts_of(out) == []


def test_without_the_filter_nothing_runs(talk: Talk, tmp_path: Path) -> None:
    status, out, err = talk.run(tmp_path, "print(secret)", "-p", "no:reports.terminal", "-s")

    assert status == 4
    assert "the filter of the terminal is not there" in out + err
    assert not list(tmp_path.iterdir())


def test_the_suites_own_tests_are_not_filtered(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text("def test_one(): print('Cookie: abc'); assert 0\n")
    command = [sys.executable, "-m", "pytest", str(tmp_path), "-c", "pyproject.toml"]

    ended = subprocess.run(
        [*command, f"--rootdir={tmp_path}"],
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert b"Cookie: abc" in ended.stdout
