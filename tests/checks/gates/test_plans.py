"""What plans cite, in English and Chinese, in tables and prose."""

import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.gates.plans.citations import RunCited
from checks.gates.plans.reading import Citations, read_plan_text
from checks.gates.plans.words import day_of_name

CHINESE = """\
# 计划 266：自托管 Runner

| 工作流 | run id / job id | 结果 | 备注 |
|---|---|---|---|
| runner-smoke | 19575201234 / 56061234567 | ✅ | 提交 `abc1234` |
| runner-smoke | [19575201235](https://github.com/o/r/actions/runs/19575201235/job/99) | ❌ | 超时 |
| runner-smoke | 19575201236 | ⏳ | 2025-11-22 16:15 CST |

## 证据

三次连续通过：Run ID：101、102、103
- 准备日志 `logs/ci/prep-20251122T081500Z.log`，清理日志 `logs/ci/cleanup-20251122T090000Z.log`

| 里程碑 | 计划日期 | 实际完成 | 状态 |
|---|---|---|---|
| M1 | 2025-11-20 | 2025年11月19日 | 已完成 |
| M2 | 2025-11-25 | | 进行中 |
"""
ENGLISH = """\
# Plan

- run 123456 (success), run 123457 failed at 2025-11-22T08:15:00Z.
- ✅ run 555666, ❌ run 555667
- runs 701, 702 and 703 were green; run #12 took 3 min, run 100 times.
- `gh run view 4444 --job 5555` ended: cancelled

| Workflow | Run | Job | Commit | Conclusion |
|---|---|---|---|---|
| CI | 9001 | 9002 | `0a1b2c3d` | success |

```
run 8888 failed
```
<!-- run 7777 failed -->
- M1 (2025-11-20): the runner ✅ 2025-11-19
- M2 (due 2025-11-22): not done
"""


def by_run(found: Citations) -> dict[int, RunCited]:
    return {one.run: one for one in found.runs}


def test_a_chinese_run_table_is_read() -> None:
    cited = by_run(read_plan_text(CHINESE))

    first, second, third = (cited[19575201234 + at] for at in range(3))
    assert (first.jobs, first.conclusion, first.sha) == ((56061234567,), "success", "abc1234")
    assert (second.jobs, second.conclusion, second.repository) == ((99,), "failure", "o/r")
    assert third.conclusion == "pending"
    assert third.times == (datetime(2025, 11, 22, 8, 15, tzinfo=UTC),)
    assert (first.line, first.heading) == (5, "计划 266：自托管 Runner")


def test_runs_that_are_called_consecutive_are_a_claim() -> None:
    (streak,) = read_plan_text(CHINESE).streaks

    assert (streak.line, streak.runs) == (11, (101, 102, 103))


def test_a_table_below_the_claim_belongs_to_it() -> None:
    text = "Three consecutive greens:\n\n| Run | Result |\n|--|--|\n| 501 | ✅ |\n| 502 | ✅ |\n"

    (streak,) = read_plan_text(text).streaks

    assert streak.runs == (501, 502)


def test_logs_are_told_apart_by_what_they_are_of() -> None:
    first, second = read_plan_text(CHINESE).logs

    assert (first.path, first.kinds) == ("logs/ci/prep-20251122T081500Z.log", ("preparation",))
    assert (second.kinds, second.line) == (("clean-up",), 12)


def test_milestones_have_their_days() -> None:
    chinese, english = (read_plan_text(text).milestones for text in (CHINESE, ENGLISH))

    assert [(one.name, one.due, one.done, one.done_on) for one in chinese] == [
        ("M1", date(2025, 11, 20), True, date(2025, 11, 19)),
        ("M2", date(2025, 11, 25), False, None),
    ]
    assert [(one.name, one.due, one.done, one.done_on) for one in english] == [
        ("M1", date(2025, 11, 20), True, date(2025, 11, 19)),
        ("M2", date(2025, 11, 22), False, None),
    ]


def test_english_prose_is_read() -> None:
    cited = by_run(read_plan_text(ENGLISH))

    said = {number: one.conclusion for number, one in cited.items()}
    assert said == {
        123456: "success",
        123457: "failure",
        555666: "success",
        555667: "failure",
        701: "success",
        702: "success",
        703: "success",
        4444: "cancelled",
        9001: "success",
        8888: None,
    }
    assert (cited[4444].jobs, cited[9001].jobs, cited[9001].sha) == ((5555,), (9002,), "0a1b2c3d")


@pytest.mark.parametrize(
    ("text", "conclusion"),
    [
        ("run 12345 — 未通过", "failure"),
        ("运行 12345：通过", "success"),
        ("run 12345 fixes the failure of last week", None),
        ("run 12345 was started after the failed one", None),
        ("run 12345 (attempt 2): success", "success"),
        ("[run 12345](https://github.com/o/r/actions/runs/12345) ✅", "success"),
        ("run 12345 timed out", "timed_out"),
        ("run 12345 结论：成功", "success"),
    ],
)
def test_only_what_is_said_of_the_run_is_its_conclusion(text: str, conclusion: str | None) -> None:
    (cited,) = read_plan_text(text).runs

    assert (cited.run, cited.conclusion) == (12345, conclusion)


def test_times_without_a_zone_are_of_the_plan() -> None:
    text = "run 12345 (success) at 2025-11-22 16:15"

    (cited,) = read_plan_text(text, timezone(timedelta(hours=8))).runs

    assert cited.times == (datetime(2025, 11, 22, 8, 15, tzinfo=UTC),)


def test_line_ends_do_not_matter() -> None:
    assert read_plan_text(CHINESE.replace("\n", "\r\n")) == read_plan_text(CHINESE)


def test_names_with_a_gap_are_no_logs() -> None:
    text = "logs/x-<stamp>.log logs/{stamp}.log https://h.test/a.log logs/YYYYMMDD.log a/b-*.log"

    assert [one.path for one in read_plan_text(text).logs] == ["a/b-*.log"]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("net-20251122T081500Z.log", date(2025, 11, 22)),
        ("net-20251122-0815.log", date(2025, 11, 22)),
        ("2025-11-22-net.log", date(2025, 11, 22)),
        ("net_20251122081500.log", date(2025, 11, 22)),
        ("net-19575201234.log", None),
        ("net-20251322.log", None),
        ("net.log", None),
    ],
)
def test_the_day_of_a_name(name: str, day: date | None) -> None:
    assert day_of_name(name) == day


PIECES = (
    "run |runs |Run ID：|123456| / |、|✅|❌|连续|logs/a-20251122.log|M1|2025-11-22|`|(|）"
    "|T10:00:00Z|https://github.com/o/r/actions/runs/5|/job/6| commit abcdef1|# |<!--|-->"
)
WORDS = st.sampled_from([*PIECES.split("|"), "|", "\n", "```\n", "| run |\n", "|---|\n"])


@given(st.lists(WORDS | st.text(max_size=5), max_size=60).map("".join))
def test_any_text_is_read_and_every_place_is_in_it(text: str) -> None:
    found = read_plan_text(text)

    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for run in found.runs:
        assert str(run.run) in lines[run.line - 1]
    for log in found.logs:
        assert lines[log.line - 1][log.column - 1 :].startswith(log.path)


@pytest.mark.parametrize(
    "text",
    [
        "|-" * 500_000 + "x",
        "| a |\n" + "|" + "-" * 15_000 + "x\n" * 200,
        "连续\n" * 200_000,
        "run 12345, " * 200_000,
        "a.log," * 300_000,
        "run (" * 200_000,
        "<!--" * 300_000,
        ("| run | job |\n|---|---|\n" + "| 1234 | 5678 |\n" * 10) * 5_000,
        "https://h/o/r/actions/runs/" * 50_000,
    ],
)
def test_hostile_plans_end(text: str) -> None:
    began = time.monotonic()

    read_plan_text(text)

    assert time.monotonic() - began < 30


def test_a_long_line_and_many_citations_end() -> None:
    assert read_plan_text("run 12345 " * 100_000).runs[0].run == 12345
    many = read_plan_text("\n".join(f"run {number}" for number in range(1000, 9000)))
    assert len(many.runs) == 2000
    assert not many.whole
