"""The words of plans, in English and Chinese: runs, conclusions, days, logs, milestones."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

URL = re.compile(
    r"(?P<host>https?://[\w.:-]{1,200})/(?P<repository>[\w.-]{1,100}/[\w.-]{1,100})"
    r"/actions/runs/(?P<run>\d{1,20})(?:/attempts/(?P<attempt>\d{1,4}))?(?:/jobs?/(?P<job>\d{1,20}))?"
)
_UNITS = r"(?!\d|\s{0,2}(?:times?\b|次|ms\b|s\b|sec|min|hours?\b|days?\b|%|个|轮|天|分|秒)|[.:-]\d)"
_NUMBER = rf"`?(\d{{3,20}})`?{_UNITS}"
NAMED = re.compile(
    r"(?:\b(?:workflow[ _-])?runs?(?:[ _-]?ids?)?|运行(?:[ _-]?(?:id|编号))?)"
    rf"(?:\s{{0,3}}(?:为|是|=|:|：|view)|(?<=[a-z])\s+view)?\s{{0,3}}[(（]?{_NUMBER}",
    re.IGNORECASE,
)
"""`run 123`, `Run ID：123`, `gh run view 123`; not `run #12`, which is a number of another kind."""
FURTHER = re.compile(
    rf"\s{{0,3}}(?:,|、|，|;|；|/|→|->|和|及|与|and\b|&)\s{{0,3}}(?:and\s)?{_NUMBER}"
)
SLASHED = re.compile(r"\s{0,3}/\s{0,3}`?(\d{3,20})`?(?!\d)")
JOB = re.compile(
    r"(?:\bjobs?(?:[ _-]?id)?|作业(?:[ _-]?(?:id|编号))?)\s{0,3}[:：=]?\s{0,3}`?(\d{3,20})`?(?!\d)",
    re.IGNORECASE,
)
SHA = re.compile(
    r"(?:\b(?:commit|head[ _-]?sha|sha|head)|提交)(?:/|\s{0,3}[:：=@]?\s{0,3})`?([0-9a-f]{7,40})`?"
    r"(?![0-9a-z])",
    re.IGNORECASE,
)
BARE_SHA = re.compile(r"(?<![0-9a-zA-Z])[0-9a-f]{7,40}(?![0-9a-zA-Z])")
LOG = re.compile(r"(?<![\w./*?{}<>\u4e00-\u9fff-])[\w./*?{}<>\u4e00-\u9fff-]{1,300}\.log(?![\w-])")
MILESTONE = re.compile(r"(?<![\w-])M\d{1,3}(?:\.\d{1,3})?(?![\w-])")
NAME_DAY = re.compile(r"(?<!\d)(20\d\d)-?(\d\d)-?(\d\d)(?=\D|$|\d{4,6}Z?(?!\d))")
_TIME = re.compile(
    r"(?<!\d)(?P<year>20\d\d)[-/](?P<month>\d\d)[-/](?P<day>\d\d)"
    r"(?:T|[ ]{1,2})(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
    r"[ ]?(?P<zone>Z|UTC|GMT|CST|北京时间|[+-]\d\d:?\d\d)?"
)
_DAY = re.compile(r"(?<!\d)(20\d\d)(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})(?!\d)")

CONCLUSIONS: dict[str, str] = {
    "success": r"✅|☑|✔|🟢|\bsuccess(?:ful|fully)?\b|\bsucceeded\b|\bpass(?:ed|es)?\b|\bgreen\b"
    r"|成功|(?<!未)(?<!不)通过|全绿|绿色",
    "failure": r"❌|✖|✗|🔴|\bfail(?:ed|ure|s)?\b|\bred\b|失败|未通过|不通过|红色",
    "cancelled": r"🚫|⛔|\bcancell?ed\b|取消",
    "skipped": r"⏭|\bskipped\b|跳过",
    "timed_out": r"⌛️?timeout|\btimed[ _]out\b|超时",
    "pending": r"⏳|🟡|\bin[ _]progress\b|\bqueued\b|\bpending\b|进行中|排队|等待",
}
CLAIM = re.compile(
    "|".join(f"(?P<{name}>{words})" for name, words in CONCLUSIONS.items()), re.IGNORECASE
)
HEADS = {
    "run": re.compile(r"\brun\b|\bruns\b|run[ _-]?id|运行", re.IGNORECASE),
    "job": re.compile(r"\bjobs?\b|job[ _-]?id|作业", re.IGNORECASE),
    "conclusion": re.compile(
        r"conclusion|outcome|result|status|verdict|结果|结论|状态", re.IGNORECASE
    ),
    "commit": re.compile(r"commit|\bsha\b|\bhead\b|提交", re.IGNORECASE),
    "time": re.compile(r"time|date|\butc\b|start|finish|when|时间|日期|触发于", re.IGNORECASE),
    "milestone": re.compile(r"milestone|里程碑|阶段", re.IGNORECASE),
    "done": re.compile(r"\bdone\b|actual|completed|finished|实际|完成", re.IGNORECASE),
    "due": re.compile(r"\bdue\b|target|planned|deadline|date|计划|目标|截止|日期", re.IGNORECASE),
}
KINDS = {
    "preparation": r"prepar|\bprep\b|set-?up|\bpre-|before|准备|前置|预检",
    "clean-up": r"clean-?up|tear-?down|\bpost-|after|清理|收尾|回收",
}
"""What logs are called that belong to a run, by the name that profiles use."""
CONSECUTIVE = re.compile(r"consecutive|in a row|连续", re.IGNORECASE)
_CHINA = timezone(timedelta(hours=8))


def times_in(text: str, zone: timezone) -> Iterator[tuple[int, datetime]]:
    """Yield the times that stand in a text with a day and an hour, and where, as UTC."""
    for found in _TIME.finditer(text):
        numbers = (int(found[name] or 0) for name in ("year", "month", "day", "hour", "minute"))
        try:
            at = datetime(*numbers, int(found["second"] or 0), tzinfo=_zone(found["zone"], zone))  # type: ignore[misc,arg-type]
        except ValueError:
            continue
        yield found.start(), at.astimezone(UTC)


def days_in(text: str) -> Iterator[tuple[int, date]]:
    """Yield the days that stand in a text, and where."""
    for found in _DAY.finditer(text):
        try:
            yield found.start(), date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            continue


def day_of_name(name: str) -> date | None:
    """Return the day that a log's name bears: `net-20251122T081500Z.log`."""
    for found in NAME_DAY.finditer(name):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            continue
    return None


def _zone(written: str | None, own: timezone) -> timezone:
    match written:
        case None:
            return own
        case "CST" | "北京时间":
            return _CHINA
        case "Z" | "UTC" | "GMT":
            return UTC
        case _:
            sign = -1 if written[0] == "-" else 1
            digits = written[1:].replace(":", "")
            return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
