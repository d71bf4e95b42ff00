"""The packs that are shipped, against the users' own greps; and mistakes in packs."""

import subprocess
from pathlib import Path

import pytest

from checks.hardcoded.asked import Sought
from checks.hardcoded.engines import Expression
from checks.hardcoded.searching import Looking
from config.loading import load
from config.mistakes import ProfileError
from config.reading_packs import PACKS, load_pack
from config.rules import Rule
from tests.checks.hardcoded.repositories import look, repository, write
from tests.needs import need

_JWT = "SECRET|ISSUER|AUDIENCE|ALG|JWKS_URL|PUBLIC_KEY_PATH|ALLOWED_CLOCK_SKEW"
_GO = ("--include=*.go",)
_TS = ("--include=*.ts", "--include=*.tsx")
# The users' script, a grep of it a row: the rule, the expression, its files, and where it looked.
GREPS = [
    ("allowed-origins", r"AllowedOrigins:[[:space:]]*\[\]string\{", _GO, ("cmd",)),
    ("localhost-service", "localhost:(8090|9090)", (*_GO, *_TS), ("cmd", "frontend/src")),
    ("jwt-from-environment", rf'os\.Getenv\("JWT_({_JWT})"\)', _GO, ("cmd",)),
    ("tenant-header", "X-Tenant-ID", (), ("frontend/src",)),
]
CASTLE = {
    "cmd/api/main.go": (
        '\tAllowedOrigins:   []string{"*"},\n\tb := "localhost:9090" // localhost:8090\n'
    ),
    "cmd/api/jwt.go": 's := os.Getenv("JWT_SECRET")\nt := os.Getenv("JWT_OTHER")\n',
    "cmd/deep/er/q.go": 'x := "localhost:80900"\nAllowedOrigins: origins,\n',
    "frontend/src/api.ts": 'fetch("http://localhost:8090");\nh["X-Tenant-ID"] = t;\n',
    "frontend/src/a/b.tsx": '<a href="//localhost:9090"/>\n',
    "frontend/src/note.md": "X-Tenant-ID localhost:9090\n",
    "frontend/test/api.ts": 'h["X-Tenant-ID"] = "localhost:9090";\n',
    "internal/a.go": '"localhost:9090" os.Getenv("JWT_SECRET") AllowedOrigins: []string{}\n',
}


def packs() -> dict[str, Rule]:
    return {
        one.id: one
        for path in sorted(PACKS.glob("*.yaml"))
        for one in load_pack(path.stem, path.parent).rules
    }


@pytest.mark.parametrize(("name", "expression", "files", "folders"), GREPS)
def test_the_users_greps_find_the_same_lines(
    tmp_path: Path, name: str, expression: str, files: tuple[str, ...], folders: tuple[str, ...]
) -> None:
    root = repository(tmp_path / "r", CASTLE)
    grep = [need("grep"), "-rnE", *files, "-e", expression, *folders]
    told = subprocess.run(grep, cwd=root, capture_output=True, text=True, timeout=30, check=True)
    lines = {tuple(row.split(":")[:2]) for row in told.stdout.splitlines()}
    if name == "localhost-service":  # it read TypeScript in frontend/src alone, and Go in cmd
        lines = {
            (path, line) for path, line in lines if path.startswith("cmd/") == path.endswith(".go")
        }

    seen = look(root, packs()[name])

    assert lines
    assert {(one.path, str(one.line)) for one in seen.findings.found} == lines


def test_every_rule_holds_its_samples_by_both_engines() -> None:
    rules = packs()
    sought = [
        Sought(
            one.id,
            Expression(one.expression, one.ignore_case),
            one.files,
            (),
            one.matches,
            one.passes,
        )
        for one in rules.values()
    ]

    assert len(rules) >= 19
    assert all(one.matches and one.passes for one in rules.values())
    assert Looking(sought, "re").failing() == {}
    assert Looking(sought).failing() == {}


def test_a_password_is_never_written_down(tmp_path: Path) -> None:
    root = repository(
        tmp_path / "r",
        {
            "a.env": "DATABASE_URL=postgres://app:hunter2hunter@db.internal/app\n",
            "b.cs": '"Server=db1;Database=app;User Id=sa;Password=hunter2hunter;"\n',
        },
    )

    seen = look(root, packs()["connection-string"], packs()["connection-words"])

    assert [one.path for one in seen.findings.found] == ["a.env", "b.cs"]
    assert "hunter2" not in repr(seen)


PROFILE = """\
name: p
endpoints: {absent: none}
hosts: {absent: none}
repositories:
  - name: r
    path: .
    hardcoded:
"""
RULE = "    id: a\n    says: b\n    instead: c\n    matches: [x]\n    passes: [y]\n"
# What stands in the pack, and the place and words of its mistake.
BAD_PACKS = [
    ("rules: []\n", "1:8: rules:", "with at least one item"),
    (
        f"rules:\n  -\n{RULE}    pattern: '(x'\n",
        "8:14: rules[0].pattern:",
        "missing ), unterminated",
    ),
    (f"rules:\n  -\n{RULE}    pattern: '[[:alpha:]]x'\n", "8:14: ", "write \\s, \\d, \\w"),
    (f"rules:\n  -\n{RULE}    pattern: 'x{{,3}}y'\n", "8:14: ", "{0,3}"),
    (f"rules:\n  -\n{RULE}    pattern: 'x*'\n", "8:14: ", "something in an empty line"),
    (f"rules:\n  -\n{RULE}    pattern: '\\Ax'\n", "8:14: ", "write ^ and $"),
    (f"rules:\n  -\n{RULE}", "3:5: rules[0]:", "exactly one of the two: pattern or reads"),
    (f"rules:\n  -\n{RULE}    pattern: x\n    files: [/x]\n", "9:13: ", "cmd/**/*.go"),
    (f"rules:\n  -\n{RULE}    pattern: x\n    files: ['{{a']\n", "9:13: ", "stands alone"),
    (f"rules:\n  -\n{RULE}    patern: x\n", "8:5: rules[0].patern:", "did you mean 'pattern'?"),
    (f"rules:\n  -\n{RULE}    reads: A B\n", "8:12: ", "the name of an environment variable"),
]


@pytest.mark.parametrize(("text", "place", "words"), BAD_PACKS)
def test_a_mistake_in_a_pack_has_its_place(
    tmp_path: Path, text: str, place: str, words: str
) -> None:
    write(tmp_path, {"mine.yaml": text, "p.yaml": f"{PROFILE}      packs: [./mine.yaml]\n"})

    with pytest.raises(ProfileError) as raised:
        load(str(tmp_path / "p.yaml"))

    assert f"{tmp_path}/mine.yaml:{place}" in str(raised.value)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("packs: [plan-267]", "8:15: repositories[0].hardcoded.packs[0]:", "mean 'plan-266'?"),
        ("packs: [./no.yaml]", "8:15: ", "No such file"),
        ("packs: plan-266", "8:14: ", "a list of names of packs"),
        ("packs: [plan-266, plan-266]", "8:25: ", "each id once"),
        ("baseline: ./no.yaml", "8:17: ", "No such file"),
        ("since: 'HEAD~1'", "8:14: ", "a branch, a tag or a commit"),
        ("mode: off", "8:13: ", "'enforcing' or 'report-only'"),
    ],
)
def test_a_mistake_in_a_profile_has_its_place(
    tmp_path: Path, text: str, place: str, words: str
) -> None:
    write(tmp_path, {"p.yaml": f"{PROFILE}      {text}\n"})

    with pytest.raises(ProfileError) as raised:
        load(str(tmp_path / "p.yaml"))

    assert f"{tmp_path}/p.yaml:{place}" in str(raised.value)
    assert words in str(raised.value)


def test_samples_of_credentials_may_stand_in_a_pack_and_in_no_profile(tmp_path: Path) -> None:
    sample = "a://b:c-d-e@f"
    pack = f"rules:\n  -\n{RULE.replace('[x]', f'[{sample!r}]')}    pattern: 'a://'\n"
    write(tmp_path, {"mine.yaml": pack})
    write(tmp_path, {"p.yaml": f"{PROFILE}      packs: [./mine.yaml]\n"})

    repositories = load(str(tmp_path / "p.yaml")).profile.repositories

    assert isinstance(repositories, tuple)
    assert sample in str(repositories[0].hardcoded)


def test_a_rule_of_the_profile_stands_beside_those_of_packs(tmp_path: Path) -> None:
    one = "{id: a, says: b, instead: c, pattern: x, matches: [x], passes: [y]}"
    own = f"      packs: [plan-266]\n      rules: [{one}]\n"
    write(tmp_path, {"p.yaml": PROFILE + own})
    repositories = load(str(tmp_path / "p.yaml")).profile.repositories

    assert isinstance(repositories, tuple)
    assert [one.id for one in repositories[0].hardcoded.every_rule][-1] == "a"  # type: ignore[union-attr]
