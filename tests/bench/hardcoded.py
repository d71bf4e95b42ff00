"""How long it takes to look for hardcoded configuration, against ripgrep and gitleaks."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.hardcoded.asked import Asked, Sought, read_searched, told_of
from checks.hardcoded.engines import Expression
from fixtures.repositories.git import git_in
from tests.bench.machine import ROOT, BrokenError, Ended, MissingError, program, timed, version_of
from tests.bench.rows import Bench, Peer, Row, compared

_FILES, _BYTES = 20_000, 300_000_000
_LARGE = 50_000_000
_MEGABYTES = 200
_FOUR = (
    r"AllowedOrigins:\s*\[\]string\{",
    r"localhost:(8090|9090)",
    r'os\.Getenv\("JWT_(SECRET|ISSUER|AUDIENCE)"\)',
    r"X-Tenant-ID",
)
_LINES = (
    'c := Options{AllowedOrigins: []string{"https://a.test"}}',
    'addr := "localhost:9090"',
    's := os.Getenv("JWT_SECRET")',
    'h["X-Tenant-ID"] = t',
    'const svcKey17 = "legacy-17.internal:1017"',
)
_ENDINGS = (".go", ".go", ".ts", ".tsx", ".js", ".py", ".yaml", ".json", ".md")
# A command, and after it the most memory that any of its processes has had, in MB.
_WATCHED = """\
import resource, subprocess, sys
subprocess.run(sys.argv[2:], stdin=open(sys.argv[1]), stdout=subprocess.DEVNULL, check=True)
print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""

Hits = frozenset[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Tree:
    """A checkout of so many files, with places in it that rules find."""

    root: Path
    folder: Path

    def ours(self, patterns: Sequence[str]) -> list[str]:
        """Return the command by which a run has the tree scanned."""
        rules = tuple(
            Sought(f"rule-{at}", Expression(one), ("**",)) for at, one in enumerate(patterns)
        )
        processes = len(os.sched_getaffinity(0))
        asked = Asked(str(self.root), rules, processes=processes, git=git_in(self.root))
        question = self.folder / f"asked-{len(patterns)}.json"
        question.write_text(json.dumps(told_of(asked)))
        return [sys.executable, "-m", "checks.hardcoded.child", str(question)]


def measure(bench: Bench, files: int = _FILES, size: int = _BYTES) -> Iterator[Row]:
    """Scan one tree with four rules and with a hundred: one process, start to exit, each."""
    bench.say(f"making {files} files of {size // 1_000_000} MB")
    tree = make_tree(bench.folder, files, size)
    hundred = (*_FOUR, *(rf"svcKey{at}\b.{{1,20}}:1\d{{3}}" for at in range(96)))
    try:
        rg = program("rg", "apt-get install ripgrep")
        peer = Peer("ripgrep", version_of(rg, "--version"))
    except MissingError as error:
        rg, peer = None, bench.without("ripgrep", error)
    yield _against_ripgrep(bench, tree, _FOUR, rg, peer, name="hardcoded-4-rules", target=1.5)
    yield _against_ripgrep(bench, tree, hundred, rg, peer, name="hardcoded-100-rules", target=1)
    yield _against_gitleaks(bench, tree)
    yield _memory(bench, tree)


def make_tree(folder: Path, files: int, size: int) -> Tree:
    """Make a checkout of so many files and bytes: the same one every time."""
    chance = random.Random(266)
    blocks = [_block(chance) for _ in range(400)]
    root = folder / "tree"
    for at in range(files):
        within = root / ("cmd" if at % 3 else "frontend/src") / f"m{at % 97}" / f"n{at % 7}"
        within.mkdir(parents=True, exist_ok=True)
        wanted = int(size / files * chance.choice((0.2, 0.5, 0.8, 1, 1, 1.5, 2)))
        parts = [chance.choice(blocks) for _ in range(max(1, wanted // 1000))]
        if at % 50 == 0:
            parts.insert(chance.randrange(len(parts)), chance.choice(_LINES) + "\n")
        (within / f"f{at}{chance.choice(_ENDINGS)}").write_text("".join(parts))
    for words in (("init", "-q"), ("add", "-A")):
        subprocess.run(["git", "-C", root, *words], check=True, timeout=300)
    return Tree(root, folder)


def _block(chance: random.Random) -> str:
    """Make about a thousand bytes of lines as code has them."""
    words = [
        "".join(chance.choices("abcdefghiklmnoprstuvw", k=chance.randint(2, 10))) for _ in "x" * 60
    ]
    forms = (
        '\t{} := {}.{}({}, "{}")',
        '  const {} = await {}({{{}: "{}"}});',
        "// {} {} {} {}",
        "",
    )
    lines: list[str] = []
    while sum(map(len, lines)) < 1000:
        lines.append(chance.choice(forms).format(*chance.sample(words, 5)) + "\n")
    return "".join(lines)


def _against_ripgrep(
    bench: Bench,
    tree: Tree,
    patterns: Sequence[str],
    rg: str | None,
    peer: Peer,
    *,
    name: str,
    target: float,
) -> Row:
    mine = tree.ours(patterns)
    hits = _hits(_scanned(mine).out)
    bench.say(f"{name}: {len(hits)} hits")
    if rg is None:
        found = bench.by_turns(ours=lambda: _scanned(mine))
        return compared(name, _seconds(found["ours"]), peer, None, unit="s", better="lower")
    listed = tree.folder / f"patterns-{len(patterns)}"
    listed.write_text("\n".join(patterns) + "\n")
    theirs = [rg, "--hidden", "--glob=!.git", "-n", "--no-heading", "-0", "-f", str(listed), "."]
    told = timed(theirs, folder=tree.root).out
    if hits != (other := _told_by_ripgrep(told)):
        raise BrokenError(f"{name}: not the same hits: {sorted(hits ^ other)[:3]}")
    found = bench.by_turns(
        ours=lambda: _scanned(mine), ripgrep=lambda: timed(theirs, folder=tree.root)
    )
    return compared(
        name,
        _seconds(found["ours"]),
        peer,
        _seconds(found["ripgrep"]),
        unit="s",
        better="lower",
        target=target,
        note=f"the same {len(hits)} hits in the same tree",
    )


def _against_gitleaks(bench: Bench, tree: Tree) -> Row:
    mine, name = tree.ours(_FOUR), "hardcoded-gitleaks"
    try:
        mend = "go install github.com/zricethezav/gitleaks/v8@latest, or Debian 13's package"
        gitleaks = program("gitleaks", mend)
    except MissingError as error:
        found = bench.by_turns(ours=lambda: _scanned(mine))
        peer = bench.without("gitleaks", error)
        return compared(name, _seconds(found["ours"]), peer, None, unit="s", better="lower")
    report, rules = tree.folder / "leaks.json", tree.folder / "leaks.toml"
    rules.write_text(
        "".join(
            f"[[rules]]\nid = 'rule-{at}'\nregex = '''{one}'''\n" for at, one in enumerate(_FOUR)
        )
    )
    theirs = [
        *(gitleaks, "dir", "--no-banner", "--log-level=error", "--max-decode-depth=0"),
        *("--config", str(rules), "--report-format=json", "--report-path", str(report)),
        *("--exit-code=0", "."),
    ]
    found = bench.by_turns(
        ours=lambda: _scanned(mine), gitleaks=lambda: timed(theirs, folder=tree.root)
    )
    hits, other = _hits(_scanned(mine).out), _told_by_gitleaks(report.read_text())
    if hits != other:
        raise BrokenError(f"{name}: not the same hits: {sorted(hits ^ other)[:3]}")
    return compared(
        name,
        _seconds(found["ours"]),
        Peer("gitleaks", _version(gitleaks)),
        _seconds(found["gitleaks"]),
        unit="s",
        better="lower",
        target=0.3,
        note=f"the same {len(hits)} hits of four rules",
    )


def _memory(bench: Bench, tree: Tree) -> Row:
    """Take the most that a process has had, for each of them, with a file of 50 MB among them."""
    line = "x" * 9_999 + "\n"
    (tree.root / "large.json").write_text(line * (_LARGE // len(line)))
    *command, question = tree.ours(_FOUR)
    watched = [sys.executable, "-c", _WATCHED, question, *command]
    found = bench.by_turns(ours=lambda: float(timed(watched).out.rpartition("peak ")[2]))
    processes = len(os.sched_getaffinity(0))
    return Row(
        name="hardcoded-memory",
        value=max(found["ours"]) * processes,
        unit="MB",
        better="lower",
        target=_MEGABYTES,
        note=f"the most that one process had, times {processes}; one file of 50 MB among them",
    )


def _scanned(command: Sequence[str]) -> Ended:
    *words, question = command
    shell = ["sh", "-c", 'exec "$@" < "$0"', question, *words]
    return timed(shell, folder=ROOT)


def _seconds(found: Sequence[Ended]) -> list[float]:
    return [one.seconds for one in found]


def _hits(answer: str) -> Hits:
    found = read_searched(json.loads(answer)["searched"])
    return frozenset((one.path, one.line) for one in found.matches)


def _told_by_ripgrep(told: str) -> Hits:
    rows = (line.partition("\0") for line in told.splitlines())
    return frozenset((path[2:], int(rest.partition(":")[0])) for path, _, rest in rows)


def _told_by_gitleaks(told: str) -> Hits:
    return frozenset((one["File"], one["StartLine"]) for one in json.loads(told))


def _version(gitleaks: str) -> str:
    told = subprocess.run(
        ["go", "version", "-m", gitleaks], capture_output=True, text=True, timeout=30, check=False
    )
    rows = (line.split() for line in told.stdout.splitlines())
    return next((row[2] for row in rows if row[:1] == ["mod"]), "of an unknown version")
