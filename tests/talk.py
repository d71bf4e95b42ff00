"""A suite whose only check does what a test tells it, with a secret at hand."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tests.program import suite_with_area
from tests.terminals import Terminal

SECRET = "s3cret/t+ken&with'quotes"
MARK = "secret:TOKEN#"
_CASES = """
from typing import Literal
from fixtures.sightings import Case, Sighting, by_hand
from reports.codec import observation

@observation
class Word:
    kind: Literal["talk-word"] = "talk-word"
    text: str
    @property
    def headline(self): return self.text

@by_hand(lambda name: f"say {name}")
async def listen(name, vantage, *, deadline):
    return Word(text="hello")

def cases(profile):
    yield Case("word", "here", {"word": Sighting(listen, "word", "here")})
"""
_CHECKS = """
import os, subprocess, sys, time
import pytest
from checks.talk.cases import Word

def check_that_talks(word: Word) -> None:
    # compiled before: Python ends by the signal where an interrupt came in a text that it runs
    code = compile(os.environ["TALK"], "<string>", "exec")
    exec(code, globals() | {"secret": os.environ["TALK_SECRET"]})
    assert word.text != os.environ.get("TALK_UNWANTED")
"""


class Talk:
    """The suite, and how to run it."""

    def __init__(self, folder: Path) -> None:
        """Write it below the folder."""
        self.suite = suite_with_area(folder, "talk", {"cases.py": _CASES, "check_talk.py": _CHECKS})
        self.profile = folder / "talk.yaml"
        self.profile.write_text(
            "name: talk\nendpoints: {absent: none}\nhosts: {absent: none}\n"
            "secrets: [{name: TOKEN, env: TALK_SECRET}]\n"
        )

    def command(self, evidence: Path, *arguments: str) -> list[str]:
        """Return what starts it."""
        options = [f"--profile={self.profile}", f"--evidence-dir={evidence}"]
        return [sys.executable, "-m", "pytest", *options, *arguments]

    def env(self, code: str, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return its environment: what the check does, and the secret."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("NO_COLOR", "FORCE_COLOR", "PY_COLORS", "COLUMNS", "CI")
        }
        return kept | {"TALK": code, "TALK_SECRET": SECRET, "TERM": "xterm", **(more or {})}

    @contextmanager
    def started(
        self,
        evidence: Path,
        code: str,
        *arguments: str,
        out: int | IO[bytes] = subprocess.PIPE,
        err: int | IO[bytes] = subprocess.PIPE,
        env: Mapping[str, str] | None = None,
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Start it, its output where the test wants it, and end it with the block."""
        process = subprocess.Popen(
            self.command(evidence, *arguments),
            cwd=self.suite,
            env=self.env(code, env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate(timeout=20)

    def run(
        self,
        evidence: Path,
        code: str,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        together: bool = False,
    ) -> tuple[int, str, str]:
        """Run it, and return its exit status and both streams, or one that is both."""
        err = subprocess.STDOUT if together else subprocess.PIPE
        with self.started(evidence, code, *arguments, err=err, env=env) as process:
            shown, told = process.communicate(timeout=100)
        return process.returncode, shown.decode(), (told or b"").decode()

    def on_terminal(
        self, evidence: Path, code: str, *arguments: str, columns: int = 100
    ) -> Terminal:
        """Start it on a terminal of its own."""
        return Terminal(
            self.command(evidence, *arguments), self.suite, self.env(code), columns=columns
        )


def parts_of(text: str) -> list[str]:
    """Return what of the secret is in a text."""
    return [SECRET[at : at + 6] for at in range(len(SECRET) - 5) if SECRET[at : at + 6] in text]
