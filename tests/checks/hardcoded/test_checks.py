"""Each check of hardcoded configuration: what it upholds, and what it must reject."""

from pathlib import Path

import pytest

from checks.hardcoded import check_allowances, check_rules
from config.rules import Rule
from reports.verdicts import Inconclusive, NotApplicable
from tests.checks.hardcoded.repositories import look, reads, repository, rule


def judge(root: Path, one: Rule, mode: str = "enforcing", **changes: object) -> list[str]:
    said: list[str] = []
    check_rules.check_nothing_is_hardcoded(look(root, one, **changes), one, mode, said.append)  # type: ignore[arg-type]
    return said


def test_a_file_without_findings_upholds(tmp_path: Path) -> None:
    assert judge(repository(tmp_path / "r", {"a": "good\n"}), rule()) == []


def test_a_finding_violates_with_its_place(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a": "good\n x BAD1\n"})

    with pytest.raises(
        AssertionError, match=r"no bad text; instead: write good text\n.*a:2:4: x BAD1"
    ):
        judge(root, rule())


def test_an_allowed_finding_is_a_remark(tmp_path: Path) -> None:
    root = repository(
        tmp_path / "r", {"a": "BAD1 # touchstone: allow bad until 2099-01-31 because x"}
    )

    assert judge(root, rule()) == ["a:1:1: allowed until 2099-01-31: x"]


def test_findings_are_only_reported_where_that_is_asked_for(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a": "BAD1"})

    with pytest.raises(NotApplicable, match=r"only reported: a:1:1: BAD1"):
        judge(root, rule(), "report-only")
    with pytest.raises(NotApplicable, match=r"informs, and forbids nothing: a:1:1"):
        judge(root, rule(level="note"))


def test_a_rule_that_reads_no_file_is_inconclusive(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a": "BAD1"})

    with pytest.raises(Inconclusive, match=r"read no file: none is meant by \*\.go"):
        judge(root, rule(files=("*.go",)))


def test_a_rule_that_fails_its_samples_is_inconclusive(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a": "good"})
    wrong = rule(matches=("good",), passes=("BAD1",))

    with pytest.raises(Inconclusive, match=r"matches\[0\] is not found; passes\[0\] is found"):
        judge(root, wrong)
    with pytest.raises(AssertionError, match=r"bad: matches\[0\] is not found"):
        check_allowances.check_rules_hold_their_samples(look(root, wrong))
    check_allowances.check_rules_hold_their_samples(look(root, rule()))


def test_a_file_that_was_not_read_leaves_it_open(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", {"a": "x" * 2000, "b": "BAD1"})

    with pytest.raises(Inconclusive, match=r"1 files that it concerns could not be read: a"):
        judge(root, rule(files=("a",)), largest=1024)
    with pytest.raises(AssertionError, match="b:1:1"):
        judge(root, rule(), largest=1024)


@pytest.mark.parametrize(
    "text",
    [
        'a := os.Getenv("BASE_URL")',
        "const a = process.env.BASE_URL;",
        "const a = import.meta.env['BASE_URL'] ?? fail();",
        'a = os.environ.get("BASE_URL")',
        'viper.BindEnv("base", "BASE_URL")',
        'a := getEnvOr("BASE_URL", "")',
        'Base string `env:"BASE_URL"`',
        'curl "${BASE_URL}/health"',
    ],
)
def test_a_replacement_that_is_read_upholds(tmp_path: Path, text: str) -> None:
    one = reads("BASE_URL")

    check_rules.check_replacement_is_read(
        look(repository(tmp_path / "r", {"a": text}), one), one, "enforcing"
    )


@pytest.mark.parametrize(
    "text",
    [
        '// a := os.Getenv("BASE_URL")',
        "  # curl $BASE_URL",
        "BASE_URL=https://a.test",
        'a := os.Getenv("BASE_URL_2")',
        'log.Print("BASE_URL")',
    ],
)
def test_a_replacement_that_nothing_reads_violates(tmp_path: Path, text: str) -> None:
    one = reads("BASE_URL")
    seen = look(repository(tmp_path / "r", {"a": text}), one)

    with pytest.raises(AssertionError, match="none of 1 files reads BASE_URL"):
        check_rules.check_replacement_is_read(seen, one, "enforcing")
    with pytest.raises(NotApplicable, match="only reported: none of 1 files reads BASE_URL"):
        check_rules.check_replacement_is_read(seen, one, "report-only")


def test_a_replacement_in_a_file_that_was_not_read_is_inconclusive(tmp_path: Path) -> None:
    one = reads("BASE_URL")
    root = repository(tmp_path / "r", {"a": 'os.Getenv("BASE_URL")' + "x" * 2000})

    with pytest.raises(Inconclusive, match="could not be read: a"):
        check_rules.check_replacement_is_read(look(root, one, largest=1024), one, "enforcing")


def test_allowances_have_to_be_fresh(tmp_path: Path) -> None:
    fresh = repository(
        tmp_path / "f", {"a": "BAD1 # touchstone: allow bad until 2099-01-31 because x"}
    )
    expired = repository(
        tmp_path / "e", {"a": "BAD1 # touchstone: allow bad until 2020-01-31 because x"}
    )
    none = repository(tmp_path / "n", {"a": "good"})
    said: list[str] = []

    check_allowances.check_allowances_are_fresh(look(fresh), said.append)
    assert said == ["a:1: bad is allowed until 2099-01-31: x"]
    with pytest.raises(NotApplicable, match="nothing is allowed here"):
        check_allowances.check_allowances_are_fresh(look(none), said.append)
    with pytest.raises(AssertionError, match=r"a:1: the allowance of bad ended on 2020-01-31: x"):
        check_allowances.check_allowances_are_fresh(look(expired), said.append)
