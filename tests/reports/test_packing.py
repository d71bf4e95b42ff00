"""Large files that come compressed: another process hides what is secret in them, or this one."""

import gzip
import json
import os
import random
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from reports.offspring import end_offspring, handing_down, new_lineage
from reports.packing import Packing, repacked
from reports.redaction import Redactor
from reports.run import Run

SECRET = "a-value-that-nobody-may-see"
REGISTERED = {"TOKEN": SECRET}


def large(*items: object, seed: int = 0) -> bytes:
    """Return a list that is large also when it is compressed."""
    made = random.Random(seed)
    filled = [{"name": f"{at}-{made.randbytes(12).hex()}"} for at in range(6000)]
    return gzip.compress(json.dumps({"items": [*filled, *items]}).encode(), 1, mtime=0)


def text_of(packed: bytes) -> str:
    return gzip.decompress(packed).decode()


@contextmanager
def packing(redactor: Redactor, patience: float = 60) -> Iterator[Packing]:
    one = Packing(redactor, patience)
    try:
        yield one
    finally:
        one.end()


def test_another_process_hides_the_same_by_the_same_marks() -> None:
    redactor = Redactor(REGISTERED)
    secret = {"kind": "Secret", "metadata": {"name": "s"}, "data": {"key": "aGlkZGVu"}}
    packed = large({"env": SECRET}, secret, {"header": ["Authorization", "Bearer abcdefgh"]})

    with packing(redactor) as beside:
        kept = beside.repacked(packed)

        assert beside.pid not in (None, os.getpid())
    assert kept == repacked(packed, redactor)
    assert not any(one in text_of(kept) for one in (SECRET, "aGlkZGVu", "abcdefgh"))
    assert redactor.redact(SECRET) in text_of(kept)


def test_what_holds_nothing_secret_stays_as_it_came() -> None:
    packed = large({"env": "nothing"})

    with packing(Redactor(REGISTERED)) as beside:
        assert beside.repacked(packed) is packed
        assert beside.pid is not None


def test_a_small_file_starts_no_process() -> None:
    packed = gzip.compress(json.dumps({"env": SECRET}).encode())

    with packing(Redactor(REGISTERED)) as beside:
        kept = beside.repacked(packed)

        assert beside.pid is None
    assert SECRET not in text_of(kept)


def test_what_is_registered_later_is_hidden_too() -> None:
    redactor = Redactor(REGISTERED)
    packed = large({"env": "entirely-different-words"})

    with packing(redactor) as beside:
        before = beside.repacked(packed)
        redactor.register("OTHER", "entirely-different-words")
        after = beside.repacked(packed)

    assert before is packed
    assert "entirely-different" not in text_of(after)
    assert "secret:OTHER#" in text_of(after)


def test_threads_that_ask_at_once_are_each_answered() -> None:
    redactor = Redactor(REGISTERED)
    asked = {at: large({"env": SECRET, "at": at}, seed=at) for at in range(6)}
    told: dict[int, str] = {}

    with packing(redactor) as beside:

        def ask(at: int) -> None:
            told[at] = text_of(beside.repacked(asked[at]))

        threads = [threading.Thread(target=ask, args=(at,)) for at in asked]
        for one in threads:
            one.start()
        for one in threads:
            one.join(60)

    assert {at: json.loads(text)["items"][-1]["at"] for at, text in told.items()} == {
        at: at for at in asked
    }
    assert not any(SECRET in text for text in told.values())


@pytest.mark.parametrize("ended_by", [signal.SIGKILL, signal.SIGSTOP])
def test_where_the_process_dies_or_hangs_this_one_does_it(ended_by: signal.Signals) -> None:
    redactor = Redactor(REGISTERED)

    with packing(redactor, patience=2) as beside:
        beside.repacked(large())
        assert beside.pid is not None
        os.kill(beside.pid, ended_by)
        kept = [text_of(beside.repacked(large({"env": SECRET}, seed=at))) for at in range(2)]

    assert not any(SECRET in text for text in kept)
    with pytest.raises(ChildProcessError):
        os.waitpid(beside.pid, os.WNOHANG)


def test_what_is_no_gzip_is_told_as_it_would_be_here() -> None:
    with packing(Redactor(REGISTERED)) as beside, pytest.raises(gzip.BadGzipFile):
        beside.repacked(random.Random(0).randbytes(1 << 17))


def test_the_process_is_handed_no_secret_but_by_the_way_to_it(tmp_path: Path) -> None:
    with packing(Redactor(REGISTERED)) as beside:
        beside.repacked(large())
        told = Path(f"/proc/{beside.pid}")
        if not told.exists():
            pytest.skip("this system tells nothing of a process in /proc")

        assert SECRET.encode() not in (told / "cmdline").read_bytes()
        assert (told / "environ").read_bytes() == b""


def test_a_run_that_is_sealed_has_ended_it(tmp_path: Path) -> None:
    run = Run.begin(tmp_path, redact=Redactor(REGISTERED), about={"checks": 0})
    path = run.attach_packed("x.json", large({"env": SECRET}), "application/json")
    pid = run._packing.pid

    run.seal({}, exit_status=0, exit_words="", interrupted=False)

    assert SECRET not in text_of((run.folder / path).read_bytes())
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


class StoppedError(BaseException):
    """Stops who asks, from outside."""


def test_who_is_stopped_while_asking_leaves_no_answer_for_the_next() -> None:
    def stop(*_: object) -> None:
        raise StoppedError

    with packing(Redactor(REGISTERED)) as beside:
        beside.repacked(large())
        assert beside.pid is not None
        os.kill(beside.pid, signal.SIGSTOP)
        before = signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        try:
            with pytest.raises(StoppedError):
                beside.repacked(large({"env": "nothing"}))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        with suppress(ProcessLookupError):
            os.kill(beside.pid, signal.SIGCONT)
        kept = beside.repacked(large({"env": SECRET}))

    assert SECRET not in text_of(kept)


def test_it_ends_with_what_the_run_has_started() -> None:
    with handing_down(lineage := new_lineage()), packing(Redactor(REGISTERED)) as beside:
        beside.repacked(large())
        assert beside.pid is not None
        os.kill(beside.pid, signal.SIGSTOP)  # it would not see that nobody asks any more

        end_offspring(lineage, within=10)

        assert os.waitid(os.P_PID, beside.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


@pytest.mark.parametrize("half", [r"\ud800", r"\udc80"])
def test_halves_of_characters_in_json_are_kept_as_they_were_written(half: str) -> None:
    said = f'{{"half":"{half}","env":"{SECRET}"}}'

    kept = text_of(repacked(gzip.compress(said.encode()), Redactor(REGISTERED)))

    assert SECRET not in kept
    assert kept.startswith(f'{{"half":"{half}"')
