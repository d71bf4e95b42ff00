"""The terminal's filter when something ends before its time, or is not there at all."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.talk import MARK, Talk, parts_of


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Talk:
    return Talk(tmp_path_factory.mktemp("talk"))


def filters_of(pid: int) -> list[int]:
    """Return the ids of a process's filters."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [
        int(child)
        for child in children
        if b"terminal_filter" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


def journals(evidence: Path) -> str:
    return "".join(path.read_text() for path in evidence.glob("*/journal*.jsonl"))


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_full_disk_behind_standard_output_is_told_and_the_run_goes_on(
    talk: Talk, tmp_path: Path
) -> None:
    with (
        Path("/dev/full").open("wb") as full,
        talk.started(tmp_path, "print(secret)", "-s", out=full) as process,
    ):
        told = process.communicate(timeout=60)[1].decode()

    assert process.returncode == 3
    assert "standard output: it cannot be written (No space left on device)" in told
    assert '"kind":"run.end"' in journals(tmp_path)


def test_a_reader_that_goes_away_is_told_and_the_run_goes_on(talk: Talk, tmp_path: Path) -> None:
    source, sink = os.pipe()
    with talk.started(
        tmp_path, "[print('x' * 99) for _ in range(9999)]", "-s", out=sink
    ) as process:
        os.close(sink)
        os.read(source, 10)
        os.close(source)

        told = process.communicate(timeout=60)[1].decode()

        assert process.returncode == 3
        assert "standard output: it cannot be written (Broken pipe)" in told
        assert '"kind":"run.end"' in journals(tmp_path)


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_a_closed_descriptor_does_not_stop_the_run(talk: Talk, tmp_path: Path, closed: str) -> None:
    command = talk.command(tmp_path)
    code = "print('x'); sys.stderr and sys.stderr.write('y')"

    ended = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", *command],
        cwd=talk.suite,
        env=talk.env(code),
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert '"verdict":"upheld"' in journals(tmp_path), ended
    assert parts_of(ended.stdout.decode() + ended.stderr.decode()) == []


def test_a_killed_pytest_leaves_what_it_had_written_filtered_and_no_process(
    talk: Talk, tmp_path: Path
) -> None:
    code = (
        "sys.stdout.write(f'{secret} and the start of another: {secret[:9]}'); sys.stdout.flush();"
        "open(os.environ['READY'], 'w').close(); time.sleep(60)"
    )
    ready = tmp_path / "ready"
    with talk.started(
        tmp_path, code, "-s", env={"READY": str(ready)}, err=subprocess.STDOUT
    ) as process:
        wait_until(ready.exists)
        (child,) = filters_of(process.pid)

        process.kill()
        out = process.communicate(timeout=20)[0].decode()

        assert out.count(MARK) == 2
        assert parts_of(out) == []
        wait_until(lambda: not Path(f"/proc/{child}").exists(), 5)


def test_a_killed_filter_is_told_and_nothing_more_is_shown(talk: Talk, tmp_path: Path) -> None:
    code = (
        "open(os.environ['READY'], 'w').close()\n"
        "while not os.path.exists(os.environ['GO']): time.sleep(0.02)\n"
        "[print('much', secret) for _ in range(20_000)]"
    )
    ready, go = tmp_path / "ready", tmp_path / "go"
    with talk.started(tmp_path, code, "-s", env={"READY": str(ready), "GO": str(go)}) as process:
        wait_until(ready.exists)

        os.kill(filters_of(process.pid)[0], signal.SIGKILL)
        go.touch()
        out, told = process.communicate(timeout=60)

        assert process.returncode == 3
        assert b"the filter of the terminal was killed by SIGKILL; the rest is not shown" in told
        assert b"much" not in out
        assert '"kind":"run.end"' in journals(tmp_path)


def ended(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize("much", [0, 20_000], ids=["little", "more than a pipe holds"])
def test_a_stopped_filter_is_no_success_and_is_ended(talk: Talk, tmp_path: Path, much: int) -> None:
    code = (
        "open(os.environ['READY'], 'w').close()\n"
        "while not os.path.exists(os.environ['GO']): time.sleep(0.02)\n"
        f"[print('much', secret) for _ in range({much})]"
    )
    ready, go = tmp_path / "ready", tmp_path / "go"
    with talk.started(tmp_path, code, "-s", env={"READY": str(ready), "GO": str(go)}) as process:
        wait_until(ready.exists)
        (child,) = filters_of(process.pid)

        os.kill(child, signal.SIGSTOP)
        go.touch()
        out, told = process.communicate(timeout=60)

        assert process.returncode == 3
        assert b"the filter of the terminal was stopped, did not go on and was ended" in told
        assert b"much" not in out
        assert ended(child)
        assert '"kind":"run.end"' in journals(tmp_path)


def test_a_stopped_filter_of_a_killed_pytest_goes_on_and_ends(talk: Talk, tmp_path: Path) -> None:
    code = (
        "print('last words', secret, flush=True);"
        "open(os.environ['READY'], 'w').close(); time.sleep(60)"
    )
    ready = tmp_path / "ready"
    with talk.started(
        tmp_path, code, "-s", env={"READY": str(ready)}, err=subprocess.STDOUT
    ) as process:
        wait_until(ready.exists)
        (child,) = filters_of(process.pid)

        os.kill(child, signal.SIGSTOP)
        process.kill()
        out = process.communicate(timeout=20)[0].decode()

        assert f"last words \u2039{MARK}" in out
        assert parts_of(out) == []
        wait_until(lambda: ended(child), 5)


def test_what_outlives_pytest_does_not_hold_it_and_is_filtered_on(
    talk: Talk, tmp_path: Path
) -> None:
    code = (
        "subprocess.Popen(['sh', '-c', 'for i in $(seq 600); do [ -e $GO ] && break;"
        " sleep 0.1; done; echo later $TALK_SECRET'], start_new_session=True)"
    )
    go = tmp_path / "go"
    with talk.started(tmp_path, code, "-s", env={"GO": str(go)}, err=subprocess.STDOUT) as process:
        assert process.wait(30) == 0
        go.touch()
        out = process.communicate(timeout=30)[0].decode()

        assert f"later \u2039{MARK}" in out
        assert parts_of(out) == []
