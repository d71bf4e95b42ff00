"""What Allure shows of a check: composed of what the journal tells, live as after a kill.

The standard library is enough for this: who seals a run that was killed has nothing else.
"""

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote

from reports.manifest import RECORD
from reports.projections.allure_categories import INCOMPLETE, words_for
from reports.projections.allure_steps import Fields, Texts, milliseconds, step
from reports.projections.log import name_of, told_diagnosis, told_waiver
from reports.projections.problems import commands_of
from reports.projections.text import block, one_line, prose, span, visible
from reports.projections.told import Account, Check, Judged, Sighting

MAIN = "main"
"""What Allure calls the thread of a run that has no workers."""
_STATUS = {
    "upheld": "passed",
    "violated": "failed",
    "inconclusive": "broken",
    "not-applicable": "skipped",
}
_LANGUAGE = f"{sys.implementation.name}{sys.version_info.major}"
_URL = re.compile(r"https?://[^\s<>\"')\]]*[^\s<>\"')\].,;:]")
_LABEL = 14


@dataclass(frozen=True, slots=True)
class AboutRun:
    """What all results of a run have in common."""

    id: str
    profile: str
    host: str
    links: tuple[Fields, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """A result, and the texts that are attached to it, by the names of their files."""

    result: Fields
    texts: Mapping[str, str]


def about(told: Account) -> AboutRun:
    """Return what all results of the run have in common."""
    begin = told.begin
    return AboutRun(
        id=str(begin.get("run", "")),
        profile=str((begin.get("profile") or {}).get("name", "")),
        host=str(begin.get("host", "")),
        links=tuple(_links(told)),
    )


def stem(run: str, check: str) -> str:
    """Return how the names of a check's files begin: the same in every process of the run."""
    digits = hashlib.sha256(f"{run}\0{check}".encode(errors="surrogatepass")).hexdigest()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32]))


def of_verdict(judged: Judged, run: AboutRun, thread: str = MAIN) -> Composed:
    """Compose the result of a check that was judged.

    A violation is `failed`; that it is waived is said by `known`, so that Allure counts it
    as accepted, and still shows it red. What could not be judged is `broken`.
    """
    texts = Texts(stem(run.id, judged.check.id))
    steps = [step(texts, one, judged) for one in judged.sightings]
    result = _result(judged.check, run, thread) | {
        "status": _STATUS.get(judged.verdict, "unknown"),
        "description": _description(judged),
        "steps": steps,
        "links": [*run.links, *_issues(judged)],
    }
    result["labels"] += _labels(("cause", one.cause) for one in judged.diagnoses)
    result["labels"] += _labels([("class", judged.failure)] if judged.failure else [])
    message = visible(words_for(judged))
    if message:
        trace = _rows(judged)
        result["statusDetails"] = {"message": message, "trace": trace}
        if judged.waived:
            result["statusDetails"]["known"] = True
    stop = milliseconds(judged.at)
    result |= {"start": stop - round(judged.seconds * 1000), "stop": stop}
    return Composed(result, texts.held)


def of_unjudged(
    check: Check,
    run: AboutRun,
    message: str,
    *,
    at: str,
    since: str = "",
    thread: str = MAIN,
    flying: Sequence[Sighting] = (),
) -> Composed:
    """Compose the result of a check without a verdict; `flying` are sightings without an end.

    It was waited for from `since` to `at`; without one it was not waited for.

    It is `broken`: of `unknown` and `skipped` Allure makes no account, and calls a run of
    which one check passed and a hundred never ran a success to 100 %.
    """
    texts = Texts(stem(run.id, check.id))
    stop = milliseconds(at)
    result = _result(check, run, thread) | {
        "status": "broken",
        "statusDetails": {"message": visible(message)},
        "description": f"{prose(_sentence(check))}: **{prose(message)}**\n",
        "steps": [step(texts, one, None, until=at) for one in flying],
        "links": list(run.links),
        "start": min(milliseconds(since), stop) if since else stop,
        "stop": stop,
    }
    return Composed(result, texts.held)


def of_run(told: Account, run: AboutRun) -> Composed:
    """Compose the result of a run that is not complete: one that is not green, whatever else is."""
    at = told.last.get("at") or told.begin.get("at") or ""
    rows = "\n".join(told.gaps)
    labels = {"epic": run.profile, "feature": "the run", "severity": "blocker", "host": run.host}
    result = {
        "uuid": stem(run.id, ""),
        "name": "the run is complete",
        "fullName": "the run is complete",
        "testCaseId": "the run is complete",
        "historyId": "the run is complete",
        "titlePath": ["the run"],
        "status": "broken",
        "statusDetails": {"message": visible(f"{INCOMPLETE}: {rows}")},
        "labels": _labels([*labels.items(), ("framework", "pytest"), ("parentSuite", "the run")]),
        "links": list(run.links),
        "start": milliseconds(told.begin["at"]) if "at" in told.begin else milliseconds(at),
        "stop": milliseconds(at),
    }
    return Composed(result, {})


def _result(check: Check, run: AboutRun, thread: str) -> Fields:
    path, _, function = check.id.partition("[")[0].partition("::")
    package = path.removesuffix(".py").replace("/", ".")
    identity = hashlib.sha256(check.id.encode(errors="surrogatepass")).hexdigest()
    labels = [
        ("epic", run.profile),
        ("feature", check.area),
        ("story", check.target),
        ("severity", check.severity),
        ("parentSuite", check.area),
        ("suite", check.layer.replace("_", " ")),
        ("subSuite", check.target),
        ("host", run.host),
        ("thread", thread),
        ("framework", "pytest"),
        ("language", _LANGUAGE),
        ("package", package),
        *(("tag", marker) for marker in check.markers),
    ]
    return {
        "uuid": stem(run.id, check.id),
        "name": one_line(f"{_sentence(check)} [{check.target}@{check.vantage}]"),
        "fullName": f"{package}#{function.replace('::', '.')}",
        "testCaseId": identity[:32],
        "historyId": identity,
        "titlePath": [part for part in (check.area, check.layer.replace("_", " ")) if part],
        "labels": _labels(labels),
        "parameters": [
            {"name": "target", "value": visible(check.target)},
            {"name": "vantage", "value": visible(check.vantage)},
        ],
    }


def _labels(named: Iterable[tuple[str, str]]) -> list[Fields]:
    return [{"name": name, "value": visible(value)} for name, value in named if value]


def _sentence(check: Check) -> str:
    return check.sentence or check.name


def _description(judged: Judged) -> str:
    """Write what a person needs to know of a check, in Markdown that nothing in it can break."""
    told = [f"{prose(_sentence(judged.check))}: **{judged.word.replace('-', ' ')}**\n"]
    told += [f"- {label}:{_shown(text)}" for label, text in _said(judged) if text]
    if commands := commands_of([judged]):
        told.append(f"\nBy hand:\n\n{block(commands, 'sh')}")
    return "\n".join(told)


def _shown(text: str) -> str:
    lines = visible(text).strip().split("\n")
    if len(lines) == 1:
        return f" {span(lines[0])}"
    return "".join(f"\n  - {span(line)}" for line in lines)


def _said(judged: Judged) -> list[tuple[str, str]]:
    return [
        ("class", judged.failure),
        ("expected", judged.expected),
        ("saw", judged.saw),
        *(row for one in judged.diagnoses for row in told_diagnosis(one, judged)),
        ("reason", judged.reason),
        ("look first at", ", ".join(judged.held_by)),
        ("mend", judged.mend),
        *(("remark", remark) for remark in judged.remarks),
        ("waived", told_waiver(judged.waiver)),
    ]


def _rows(judged: Judged) -> str:
    """Write what stands where other suites show a traceback."""
    check = judged.check
    rows = [
        ("sentence", f"{_sentence(check)}: {judged.word}"),
        *_said(judged),
        ("target", check.target),
        ("from", check.vantage),
        ("at", judged.began),
        ("by hand", commands_of([judged])),
        ("check", judged.place or check.id),
    ]
    return "\n".join(_row(label, text) for label, text in rows if text)


def _row(label: str, text: str) -> str:
    first, *rest = visible(text).split("\n")
    return "\n".join([f"{label:<{_LABEL}}{first}", *(" " * _LABEL + line for line in rest)])


def _links(told: Account) -> Iterator[Fields]:
    """Lead to what was written of the run, and to where it was made."""
    begin = told.begin
    if folder := begin.get("folder"):
        for name, file in (("record", RECORD), ("log", name_of(told))):
            yield _link(f"{name}: {PurePath(folder).name}/{file}", PurePath(folder, file).as_uri())
    ci = begin.get("ci") or {}
    if url := ci.get("url"):
        yield _link(f"CI: run {ci.get('run')}, attempt {ci.get('attempt') or 1}", url)
    profile = begin.get("profile") or {}
    if path := profile.get("path"):
        where = ci.get("source") and _below(path, ci.get("workspace"))
        if where or PurePath(path).is_absolute():
            url = f"{ci['source']}/{quote(where)}" if where else PurePath(path).as_uri()
            yield _link(f"profile: {PurePath(path).name}", url)


def _below(path: str, folder: str | None) -> str:
    """Return the path as seen from a folder, empty where it is elsewhere."""
    if not folder or not PurePath(path).is_relative_to(folder):
        return ""
    return PurePath(path).relative_to(folder).as_posix()


def _issues(judged: Judged) -> list[Fields]:
    """Lead to where a waiver's reason says that the violation is dealt with."""
    reason = str((judged.waiver or {}).get("reason", ""))
    return [_link(url, url, "issue") for url in dict.fromkeys(_URL.findall(reason))]


def _link(name: str, url: str, kind: str = "link") -> Fields:
    return {"type": kind, "name": name, "url": url}
