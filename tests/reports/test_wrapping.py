"""What a narrow terminal shows: prose between words, and what is copied on one line."""

import io
from pathlib import Path

import pytest
from _pytest._code.code import ReprFileLocation
from _pytest._io import TerminalWriter

from reports import closing
from reports.failure import Told
from reports.following import following_of
from reports.lines import Line
from reports.links import Link, Linked
from reports.projections import links
from reports.sealed import Sealed
from reports.verdicts import Judgement, Subject, Verdict
from reports.wrapping import beside, wrapped

DIGEST = "sha256:" + "3c7dc44b9f8c015f" * 4
UNASKED = "nothing to judge in this profile: " + ", ".join(f"check_of_{at}" * 2 for at in range(6))


class Screen(io.StringIO):
    """What is written to a terminal."""

    def isatty(self) -> bool:
        return True


def narrow(file: io.StringIO) -> TerminalWriter:
    writer = TerminalWriter(file)
    writer.fullwidth, writer.hasmarkup = 80, False
    return writer


def line(reason: str, *, layer: str = "chain") -> Line:
    subject = Subject("rollout", layer, "a lane", "here", "every link agrees")
    judgement = Judgement(Verdict.INCONCLUSIVE, reason, "look at it by hand " * 8)
    return Line(f"checks/rollout/check_{layer}.py::check_x[a@here]", subject, judgement, None, ())


def test_prose_is_wrapped_between_words_and_no_word_is_cut() -> None:
    lines = wrapped(f"an image {DIGEST} and many words more of it", 40, "saw  ")

    assert [one for one in lines if DIGEST in one]
    assert all(len(one) <= 40 for one in lines if DIGEST not in one)
    assert lines[0] == "saw  an image"
    assert lines[-1].startswith("     and many")


def test_commands_stand_beside_what_they_do_where_there_is_room() -> None:
    pairs = [("pytest -m network", "looks"), ("python -m fixtures.lab", "keeps the lab up")]

    assert beside(pairs, 80) == [
        "pytest -m network        looks",
        "python -m fixtures.lab   keeps the lab up",
    ]
    assert beside(pairs, 30) == [
        "pytest -m network",
        "    looks",
        "python -m fixtures.lab",
        "    keeps the lab up",
    ]


@pytest.mark.parametrize("width", [80, 120])
def test_the_last_screen_is_no_wider_than_the_terminal(width: int, tmp_path: Path) -> None:
    words = "nothing was violated, but something could not be judged"
    log, record = tmp_path / "a.log", tmp_path / "record.md"
    sealed = Sealed(tmp_path, "0" * 64, 6, words, record, log, tmp_path, None, ())
    every = [line("x", layer=f"layer_{at}") for at in range(40)]
    notes = [("unasked", UNASKED), ("slow", UNASKED)]

    shown = closing.screen(
        every,
        profile="mine",
        planned=40,
        sealed=sealed,
        notes=notes,
        beside=tmp_path.parent,
        width=width,
    ).splitlines()

    assert (
        max(len(one) for one in shown if not one.startswith(("record", "log", "verify"))) <= width
    )
    assert "unasked  nothing to judge in this profile: " in "\n".join(shown)
    assert "and 28 more: of a lane" in " ".join(one.strip() for one in shown)


def test_what_could_not_be_judged_is_wrapped_and_moves_no_cursor() -> None:
    told = closing.unjudged([line("it said: " + "no route; " * 20 + "\r\x1b[2Jgone")], 80)

    assert max(map(len, told.splitlines())) <= 80
    assert "\r" not in told
    assert r"\x0d\x1b[2Jgone" in told
    assert closing.unjudged([line("x" * 200)]).startswith("? " + "x" * 200 + "\n")


def test_a_failure_is_wrapped_on_a_terminal_and_its_commands_are_not() -> None:
    command = "git log " + "--stat " * 20
    text = f"  saw      {'many words ' * 12}\n  by hand  {command}\n           {command}\n"
    told, screen, pipe = Told(text, ReprFileLocation("a.py", 1, "")), Screen(), io.StringIO()

    for file in (screen, pipe):
        told.toterminal(narrow(file))

    lines = screen.getvalue().splitlines()
    assert [len(one) > 80 for one in lines] == [False, False, True, True]
    assert lines[1].startswith("           many words")
    assert pipe.getvalue() == text


def test_what_does_not_fit_into_a_row_is_not_made_ragged() -> None:
    text = f"  saw      pod a has registry.test/orders@{DIGEST}: another image"
    screen = Screen()

    Told(text, ReprFileLocation("a.py", 1, "")).toterminal(narrow(screen))

    assert screen.getvalue() == f"{text}\n"


@pytest.mark.parametrize("width", [80, 100])
def test_of_the_link_that_broke_nothing_is_cut(width: int) -> None:
    image = f"registry.lab.test/shop/orders-env@{DIGEST}"
    why = f"Deployment orders: pod orders-7d9c6b5f4-2xkqp has {image}: another image is wanted"
    chain = Linked(
        "orders-v01",
        "lab",
        (
            Link("source", "agrees", "a" * 40, "a" * 40),
            Link("runtime", "broken", "pods of it", image, why, "runtime-digest-mismatch"),
        ),
    )

    rows = [row.text for row in links.screen((chain,), width)]

    assert max(map(len, rows)) <= width
    shown = "".join("".join(rows[3:]).split())
    assert "orders-env@sha256:3c7dc44b9f8c…" in shown
    assert "anotherimageiswanted" in shown


def test_the_last_screen_names_what_writes_the_closeout_of_a_chain(tmp_path: Path) -> None:
    def chain(target: str, state: str) -> Linked:
        told = ("shop", "closeout", "RUN", target)
        return Linked(target, "lab", (Link("source", state),), told)

    def told(*every: Linked) -> list[str]:
        run = tmp_path / "a run"
        log, record = run / "a.log", run / "record.md"
        sealed = Sealed(run, "0" * 64, 0, "", record, log, run, None, (), linked=every)
        options = {"profile": "mine", "notes": (), "beside": tmp_path, "width": 60}
        shown = closing.screen([line("x")], planned=1, sealed=sealed, **options).splitlines()  # type: ignore[arg-type]
        first = next((at for at, one in enumerate(shown) if one.startswith("closeout")), None)
        return [] if first is None else [one.split("-m")[-1].strip() for one in shown[first:][:2]]

    assert told(chain("a", "agrees"))[0] == "shop closeout 'a run' a"
    assert told(chain("a", "agrees"), chain("b", "broken"), chain("c", "unknown")) == [
        "shop closeout 'a run' b",
        "and so of 2 more, each by its name",
    ]
    assert told(Linked("a", "lab", (Link("source", "agrees"),))) == []


def test_a_lanes_run_on_the_lab_is_followed_by_a_lanes_fault() -> None:
    def told(*, chained: bool) -> str:
        following = following_of(
            "lab", {"upheld": 1}, "pytest", "python", width=80, chained=chained
        )
        return "\n".join(following)

    assert "--lab-fault runtime-image-old" in told(chained=True)
    assert "pytest -m network" not in told(chained=True)
    assert "--lab-fault tls-alert" in told(chained=False)
