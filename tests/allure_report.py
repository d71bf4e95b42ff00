"""Rendering Allure's results with Allure 3, and reading the page as a browser shows it."""

import http.server
import os
import re
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

from tests.needs import absent, need
from tests.program import ROOT

VERSION = re.findall(r"allure_version=([\d.]+)", (ROOT / ".ci" / "run").read_text())[0]
"""Of Allure; .ci/run installs it."""
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "touchstone", "allure")
_BROWSER = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--hide-scrollbars"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--virtual-time-budget=10000",
)
_ANALYTICS = re.compile(r'\s*<script async src="https://www\.googletagmanager\.com/[^>]*></script>')


def need_allure() -> str:
    """Return the path of the Allure that the tests are written for."""
    folders = [*os.environ.get("PATH", "").split(os.pathsep), str(_CACHE / "node_modules/.bin")]
    for folder in folders:
        program = Path(folder, "allure")
        if program.is_file() and VERSION in _said(program, "--version"):
            return str(program)
    return absent(f"Allure {VERSION} is not there: npm install --prefix {_CACHE} allure@{VERSION}")


def _said(*command: str | Path) -> str:
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return ended.stdout


def render(results: Path, report: Path, within: Sequence[str] = ()) -> str:
    """Render results as a report, without the script that counts who looks at it.

    `within` is the command that keeps it from the network. Returns what Allure says.
    """
    options = ("--output", str(report), "--config", str(results / "allurerc.json"))
    ended = subprocess.run(
        [*within, need_allure(), "generate", str(results), *options],
        cwd=report.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=True,
    )
    page = report / "index.html"
    page.write_text(_ANALYTICS.sub("", page.read_text()))
    return ended.stdout


@dataclass(frozen=True)
class Browser:
    """Looks at a report's pages, each time as somebody who was never there before."""

    address: str
    folder: Path

    def shows(self, page: str = "") -> str:
        """Return what a page shows in words, once it is built."""
        profile = self.folder / f"profile{len(list(self.folder.glob('profile*')))}"
        command = [need("chromium"), *_BROWSER, f"--user-data-dir={profile}", "--dump-dom"]
        ended = subprocess.run(
            [*command, f"{self.address}/{page}"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return _Words.of(ended.stdout)


@contextmanager
def browsing(report: Path, folder: Path) -> Iterator[Browser]:
    """Serve a report on loopback; the browser keeps what it has to keep in the folder."""
    handler = partial(_Quiet, directory=str(report))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Browser(f"http://127.0.0.1:{server.server_port}", folder)
        finally:
            server.shutdown()
            thread.join()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
        pass


class _Words(HTMLParser):
    """Collects the text of a page that a person sees."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    @classmethod
    def of(cls, page: str) -> str:
        parser = cls()
        parser.feed(page)
        return "\n".join(parser.words)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.words.append(data.strip())
