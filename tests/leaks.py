"""A suite that leaks in every way, and a search of its own for what came out."""

import base64
import html
import os
import re
import secrets
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, unquote_plus

from tests.program import suite_with_area
from tests.terminals import Terminal

TELLING = 10
"""So many characters of a secret in a row are a leak."""
WAYS = """
import base64, json, os, textwrap
from pathlib import Path
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape, quoteattr
import shlex

TOKEN = os.environ["LEAK_TOKEN"]
SHAPED = os.environ["LEAK_SHAPED"]  # known to nobody: secret by where it stands
FILE = Path(os.environ["LEAK_FILES"], "token").read_text().strip()
KEY = Path(os.environ["LEAK_FILES"], "key.pem").read_text()
CONFIG = f'''apiVersion: v1
clusters:
- cluster: {{server: "https://127.0.0.1:6443"}}
  name: c
contexts:
- context: {{cluster: c, user: u}}
  name: c
kind: Config
users:
- name: u
  user:
    token: {SHAPED}
    password: {TOKEN!r}
'''
OTHER_KEY = "-----BEGIN EC PRIVATE KEY-----\\n" + "\\n".join(
    textwrap.wrap(base64.b64encode((SHAPED * 6).encode()).decode(), 64)
) + "\\n-----END EC PRIVATE KEY-----\\n"

def coded(before, urlsafe=False):
    return (base64.urlsafe_b64encode if urlsafe else base64.b64encode)(
        before + TOKEN.encode() + b"!"
    ).decode()

WAYS = {
    "literal": TOKEN,
    "environment": f"LEAK_TOKEN={TOKEN}",
    "file": f"read: {FILE}",
    "json": json.dumps({"a": [TOKEN, {TOKEN: 1}]}),
    "json-in-json": json.dumps(json.dumps({"a": TOKEN})),
    "xml": f"<a>{escape(TOKEN)}</a>",
    "xml-attribute": f"<a b={quoteattr(TOKEN)}/>",
    "xml-numbers": "".join(f"&#x{ord(char):x};" for char in TOKEN),
    "percent": quote(TOKEN, safe=""),
    "percent-twice": quote(quote(TOKEN, safe=""), safe=""),
    "form": quote_plus(TOKEN),
    "base64": coded(b""),
    "base64-one-on": coded(b"u"),
    "base64-two-on": coded(b"u:"),
    "base64url": coded(b"\\xff", urlsafe=True),
    "base64url-two-on": coded(b"\\xff\\xff", urlsafe=True),
    "base64-in-lines": base64.encodebytes(b"user:" * 14 + TOKEN.encode()).decode(),
    "python": repr(TOKEN),
    "python-bytes": repr({"a": TOKEN.encode()}),
    "shell": f"sh -c {shlex.quote(TOKEN)}",
    "unicode": "".join(f"\\\\u{ord(char):04x}" for char in TOKEN),
    "long": f"{'x' * 200}{TOKEN}{'y' * 200}",
    "url": f"https://user:{SHAPED}@host/path?a=b&access_token={SHAPED}#x",
    "url-registered": f"https://{quote(TOKEN, safe='')}@host/",
    "header": f"> Authorization: Bearer {SHAPED}\\n> Accept: */*",
    "header-registered": f"authorization: Basic {coded(b'u:')}",
    "cookies": json.dumps({"headers": [["Set-Cookie", f"sid={SHAPED}"], ["a", "b"]]}),
    "key": KEY,
    "key-in-json": json.dumps({"key": KEY}),
    "key-in-base64": base64.b64encode(KEY.encode()).decode(),
    "other-key": OTHER_KEY,
    "other-key-in-json": json.dumps({"key": OTHER_KEY}),
    "kubeconfig": CONFIG,
    "kubeconfig-quoted": repr(CONFIG),
    "secret": json.dumps({"kind": "Secret", "data": {"a": SHAPED, "b": coded(b"")}}, indent=1),
}
"""
CASES = """
import os
from typing import Literal
from checks.leaks.ways import SHAPED, TOKEN, WAYS
from fixtures.sightings import Case, Sighting, by_hand
from reports.codec import observation

@observation
class Leak:
    kind: Literal["leak"] = "leak"
    text: str
    transcript: str
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes = b""
    @property
    def headline(self): return f"it says {self.text}"

@by_hand(lambda name: f"curl -u user:{TOKEN} -H 'Cookie: {SHAPED}' {WAYS[name]}")
async def look(name, vantage, *, deadline):
    text = WAYS[name]
    return Leak(
        text=text,
        transcript=f"> GET /\\n> Cookie: {SHAPED}\\n\\n{text}\\n",
        headers=(("Authorization", SHAPED), ("X-Other", text)),
        raw=text.encode(),
    )

def cases(profile):
    for name in WAYS:
        yield Case(name, "here", {"way": name, "leak": Sighting(look, name, "here")})
    if "LEAK_ID" in os.environ:
        yield Case(os.environ["LEAK_ID"], "here", {"way": "x", "leak": None})
"""
CHECKS = """
import logging, os, subprocess, sys, time, warnings
import allure, pytest
from checks.leaks.cases import Leak
from checks.leaks.ways import SHAPED, TOKEN, WAYS
from reports.verdicts import Remark, expected

ENDINGS = ("return", "assert", "words", "raise", "skip", "fail", "chain", "remark")

def check_that_leaks(
    way: str, leak: Leak, remark: Remark, record_property: object
) -> None:
    text = WAYS[way]
    write(text)
    logging.getLogger("leaks").error("logged %s", text)
    warnings.warn(f"warned {text}")
    record_property("leak", text)
    allure.attach(text, name=text[:40], attachment_type=allure.attachment_type.TEXT)
    allure.dynamic.description(text)
    with allure.step(text):
        pass
    end(ENDINGS[list(WAYS).index(way) % len(ENDINGS)], text, leak, remark)

def write(text):
    print("printed", text)
    sys.stderr.write(f"written {text}\\n")
    sys.stdout.flush()
    half = len(text) // 2
    os.write(1, b"piece by piece " + text[:half].encode())
    time.sleep(0.01)
    os.write(1, text[half:].encode() + b"\\n")
    os.write(2, b"by two processes " + text[:-9].encode())
    subprocess.run(["sh", "-c", "cat >&2"], input=text[-9:] + "\\n", text=True)
    subprocess.run(["cat"], input=f"from a child {text}\\n", text=True)
    subprocess.run(["sh", "-c", "env | grep LEAK_TOKEN >&2"])

def end(how, text, leak, remark):
    match how:
        case "assert":
            assert text == f"{text[:20]} and {leak.text}"
        case "words":
            assert not leak, expected(f"nothing of {text}", text)
        case "raise":
            raise ValueError(text, {"the": [text]})
        case "skip":
            pytest.skip(f"because of {text}")
        case "fail":
            pytest.fail(f"because of {text}")
        case "chain":
            try:
                raise OSError(5, text, text)
            except OSError as error:
                raise RuntimeError(f"after {text}") from error
        case "remark":
            remark(f"remarkable: {text}")

def check_that_waits(way: str, leak: Leak) -> None:
    if os.environ.get("LEAK_WAITS") == way:
        print("printed", WAYS[way], TOKEN[:12], end="", flush=True)
        open(os.environ["LEAK_READY"], "w").close()
        time.sleep(60)
"""


@dataclass(frozen=True)
class Leaks:
    """The suite, what it leaks, and what it has written."""

    suite: Path
    profile: Path
    files: Path
    secrets: dict[str, str]
    """All that must not come out, by name."""

    @classmethod
    def below(cls, folder: Path) -> "Leaks":
        """Write the suite and its secrets below a folder."""
        suite = suite_with_area(
            folder, "leaks", {"ways.py": WAYS, "cases.py": CASES, "check_leaks.py": CHECKS}
        )
        files = folder / "files"
        files.mkdir()
        body = base64.b64encode(secrets.token_bytes(1200)).decode()
        kept = {
            "TOKEN": f"ghp_{secrets.token_hex(18)}/+&\"' <{secrets.token_hex(4)}%;>\\n",
            "FILE": secrets.token_urlsafe(24),
            "KEY": body,
            "SHAPED": secrets.token_hex(16),
        }
        (files / "token").write_text(kept["FILE"] + "\n")
        pem = "\n".join(textwrap.wrap(body, 64))
        (files / "key.pem").write_text(
            f"-----BEGIN PRIVATE KEY-----\n{pem}\n-----END PRIVATE KEY-----\n"
        )
        profile = folder / "leaks.yaml"
        profile.write_text(
            "name: leaks\nendpoints: {absent: none}\nhosts: {absent: none}\nsecrets:\n"
            "- {name: TOKEN, env: LEAK_TOKEN}\n"
            f"- {{name: FILE, file: {files}/token}}\n- {{name: KEY, file: {files}/key.pem}}\n"
        )
        return cls(suite, profile, files, kept)

    def command(self, base: Path, *arguments: str) -> list[str]:
        """Return what runs it, with everything that can be written below the folder."""
        return [
            *(sys.executable, "-m", "pytest", f"--profile={self.profile}"),
            *(f"--evidence-dir={base}/evidence", f"--junitxml={base}/junit.xml"),
            *("-ojunit_logging=all", f"--alluredir={base}/allure", *arguments),
        ]

    def env(self, **more: str) -> dict[str, str]:
        """Return its environment, with the secrets in it."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")
        }
        known = {"LEAK_TOKEN": self.secrets["TOKEN"], "LEAK_SHAPED": self.secrets["SHAPED"]}
        return kept | known | {"LEAK_FILES": str(self.files), "TERM": "xterm"} | more

    def run(self, base: Path, *arguments: str, **more: str) -> int:
        """Run it; what it shows is in the files `out` and `err`."""
        with (base / "out").open("wb") as out, (base / "err").open("wb") as err:
            return subprocess.run(
                self.command(base, *arguments),
                cwd=self.suite,
                env=self.env(**more),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                timeout=300,
                check=False,
            ).returncode

    def on_terminal(self, base: Path, *arguments: str) -> int:
        """Run it on a terminal; what it shows is in the file `out`."""
        with Terminal(self.command(base, *arguments), self.suite, self.env()) as terminal:
            status = terminal.wait(seconds=300)
            (base / "out").write_bytes(terminal.shown)
            return status

    def leaked(self, base: Path) -> list[str]:
        """Return which part of which secret is in which file, however it is written there."""
        return [
            f"{path.relative_to(base)}: {name} {part!r}"
            for path in sorted(base.rglob("*"))
            if path.is_file()
            for name, part in self._leaked_in(path.read_bytes())
        ]

    def _leaked_in(self, content: bytes) -> Iterator[tuple[str, str]]:
        text = "\0".join(decodings(content))  # which stands in no secret
        for name, secret in self.secrets.items():
            if not any(part in text for part in _in_every_part(secret)):
                continue
            for at in range(len(secret) - TELLING + 1):
                part = secret[at : at + TELLING]
                if part in text:
                    yield name, part
                    break


def _in_every_part(secret: str) -> Iterator[str]:
    """Return pieces of a secret of which each telling part holds one: a fifth as many as parts."""
    half = TELLING // 2
    for at in range(0, len(secret) - half + 1, half):
        yield secret[at : at + half]


def decodings(content: bytes) -> Iterator[str]:
    """Return a text in all the ways in which it can be read, whoever wrote it."""
    text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", content.decode("utf-8", "surrogateescape"))
    seen = [text]
    for _ in range(3):
        for decode in (unquote, unquote_plus, html.unescape, _unescaped, _unquoted):
            text = decode(text)
            seen.append(text)
    yield from dict.fromkeys(seen)
    for text in dict.fromkeys((seen[0], seen[-1])):
        yield from _out_of_base64(text)


def _unescaped(text: str) -> str:
    text = re.sub(r"\\+u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    text = re.sub(r"\\+x([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), text)
    return re.sub(r"\\+([\"'/\\])", r"\1", text)


def _unquoted(text: str) -> str:
    return re.sub(r"'\"'\"'|'\\''", "'", text)


def _out_of_base64(text: str) -> Iterator[str]:
    joined = re.sub(r"(?<=[A-Za-z0-9+/_-])(?:\\+r)?(?:\\+n|\r?\n)[ \t]*(?:E  +)?", "", text)
    for source in (text, joined):
        for run in set(re.findall(r"[A-Za-z0-9+/_-]{12,}", source)):
            plain = run.replace("-", "+").replace("_", "/")
            for start in range(4):
                whole = plain[start:]
                whole = whole[: len(whole) // 4 * 4]
                yield base64.b64decode(whole).decode("utf-8", "surrogateescape")
