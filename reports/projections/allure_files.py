"""Allure's results of a run, completed from its journal.

allure-pytest writes a result when a test is over, and knows nothing of one that never
was. What it left out is written here, and the files that tell of the run as a whole. The
standard library is enough for this: who seals a run that was killed has nothing else.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reports.manifest import RECORD
from reports.projections import allure_categories as categories
from reports.projections.allure_folder import ResultsFolder, as_json, result_name
from reports.projections.allure_results import (
    MAIN,
    AboutRun,
    Composed,
    about,
    of_run,
    of_unjudged,
    of_verdict,
    stem,
)
from reports.projections.allure_steps import milliseconds
from reports.projections.between import differences
from reports.projections.log import name_of
from reports.projections.replayed import replayed
from reports.projections.text import count, one_line, visible
from reports.projections.told import Account, Check, Sighting

_CHANNEL = "allure"
_FLYING = 20
"""How many sightings in flight are shown with a check that none of them names."""
_ATTACHED = 64 << 20
"""Bytes of a log beyond which it is not copied into Allure's results."""


def complete(told: Account, folder: Path, head: str = "") -> tuple[str, ...]:
    """Complete the results as `completing` does; returns what could not be done, in words."""
    return tuple(trouble for trouble in completing(told, folder, head) if trouble)


def completing(told: Account, folder: Path, head: str = "") -> Iterator[str]:
    """Complete the results that the run was asked for by `--alluredir`; no trace is left twice.

    `folder` is the run's own, and `head` the digest of its last line once it is sealed. A
    result that is there is left as it is. It is done a result at a time, by who goes through
    this: each is empty, or says what could not be done. From the first on the folder is not
    green where the run is not complete, and the files that tell of the run come last.
    """
    path = told.channels.get(_CHANNEL)
    if path is None:
        return
    try:
        yield from _completing(told, folder, ResultsFolder(Path(path)), head)
    except OSError as error:
        yield f"Allure's results in {path} could not be completed: {error.strerror}"


def _completing(told: Account, folder: Path, into: ResultsFolder, head: str) -> Iterator[str]:
    into.sweep()
    there = into.names()
    run = about(told)
    _tell_of_run(told, run, into)
    for name, composed in _missing(told, run, there):
        yield ""
        into.put_result(name, composed.result, composed.texts)
    _attach_to_run(told, run, folder, into)
    for name, content in _surroundings(told, head).items():
        into.put_new(name, content)


def _missing(told: Account, run: AboutRun, there: frozenset[str]) -> Iterator[tuple[str, Composed]]:
    """Compose the results that are not there: of verdicts, and of what was never judged."""
    threads = {check: worker.name for worker in told.workers for check in worker.share}
    for judged in told.verdicts:
        name = stem(run.id, judged.check.id)
        if result_name(name) not in there:
            yield name, of_verdict(judged, run, threads.get(judged.check.id, MAIN))
    flying = {check.id for check in told.in_flight_checks}
    before = {threads.get(one.check.id, MAIN): one.at for one in told.verdicts}
    for check in told.never_judged:
        name = stem(run.id, check.id)
        if result_name(name) not in there:
            yield (
                name,
                of_unjudged(
                    check,
                    run,
                    _why_unjudged(told, check, in_flight=check.id in flying),
                    since=before.get(threads.get(check.id, MAIN), "") if check.id in flying else "",
                    at=told.last["at"],
                    thread=threads.get(check.id, MAIN),
                    flying=_flying_for(told, check) if check.id in flying else (),
                ),
            )


def _why_unjudged(told: Account, check: Check, *, in_flight: bool) -> str:
    worker = told.lost.get(check.id)
    how = _how_it_ended(told)
    if worker is not None:
        reason = next(one.lost for one in told.workers if one.name == worker)
        how = f"{categories.LOST} {worker}" + (f": {reason}" if reason else "")
    if in_flight:
        when = "it was " if worker is not None else "it was being looked at when "
        return f"{categories.IN_FLIGHT}: {when}{how}"
    return how if worker is not None else f"{categories.NEVER_RUN}: {how}"


def _how_it_ended(told: Account) -> str:
    if told.interrupted:
        return told.interrupted
    if told.seal is not None:
        reason = str(told.seal.get("reason"))
        return reason if reason.startswith("the run ") else f"the run was lost: {reason}"
    return "the run was killed" if told.end is None else "the run ended before it was judged"


def _flying_for(told: Account, check: Check) -> tuple[Sighting, ...]:
    """Return the sightings in flight that are of the check's target; all, where none says so."""
    own = tuple(
        one for one in told.in_flight if (one.target, one.vantage) == (check.target, check.vantage)
    )
    return own or told.in_flight[:_FLYING]


def _tell_of_run(told: Account, run: AboutRun, into: ResultsFolder) -> None:
    """Show a run that is not complete as a result of its own, so that no such run is green."""
    name = result_name(stem(run.id, ""))
    if told.gaps:
        into.put_new(name, as_json(of_run(told, run).result))
    else:
        (into.path / name).unlink(missing_ok=True)


def _attach_to_run(told: Account, run: AboutRun, folder: Path, into: ResultsFolder) -> None:
    """Put record and log beside the results: a report that was sent elsewhere has them too."""
    at = milliseconds(told.last.get("at", ""))
    attached = []
    for name, media_type in ((RECORD, "text/markdown"), (name_of(told), "text/plain")):
        path = folder / name
        if not path.is_file() or path.stat().st_size > _ATTACHED:
            continue
        source = f"{stem(run.id, name)}-attachment{path.suffix}"
        into.put_new(source, path.read_bytes())
        attached.append({"name": name, "source": source, "type": media_type, "timestamp": at})
    errors = [{"message": visible(f"INCOMPLETE: {gap}"), "timestamp": at} for gap in told.gaps]
    if attached or errors:
        told_of = {"attachments": attached, "errors": errors}
        into.put_new(f"{stem(run.id, '')}-globals.json", as_json(told_of))


def _surroundings(told: Account, head: str) -> dict[str, bytes]:
    """Return the files that tell of the run as a whole; the last run of a folder wins."""
    of = replayed(told.begin)
    again = f", replay of {of.folder}" if of is not None else ""
    title = f"Touchstone: profile {_profile(told).get('name')}, run {told.begin.get('run')}{again}"
    rules = categories.rules(categories.causes_of(told.verdicts))
    return {
        "environment.properties": _properties(_environment(told, head)),
        "executor.json": as_json(_executor(told, title)),
        "categories.json": as_json(rules),
        "allurerc.json": as_json({"name": title, "categories": rules}),
    }


def _environment(told: Account, head: str) -> dict[str, str]:
    begin, profile, of = told.begin, _profile(told), replayed(told.begin)
    ranges, suite = profile.get("ranges") or {}, begin.get("suite") or {}
    changed = ", with changes that are not committed" if suite.get("dirty") else ""
    rows = {
        "run": f"{begin.get('run')}, attempt {begin.get('attempt', 1)}",
        "complete": f"no: {'; '.join(told.gaps)}" if told.gaps else "yes",
        "head": head,
        "replay": of and "; ".join((f"of {of.folder}, which looked at {of.since}", *of.evidence)),
        "profile": profile.get("name"),
        "profile.digest": profile.get("digest"),
        "ranges": ranges and f"{ranges.get('name')} of {ranges.get('dated')}",
        "host": begin.get("host"),
        "system": begin.get("system"),
        "vantages": ", ".join(str(one.get("vantage")) for one in told.vantages),
        **differences(told.comparisons),
        "suite.commit": suite and f"{suite.get('commit')}{changed}",
        **{f"version.{name}": text for name, text in (begin.get("versions") or {}).items()},
    }
    return {name: str(text) for name, text in rows.items() if text}


def _executor(told: Account, title: str) -> dict[str, Any]:
    """Say who made the run: GitHub, where the journal says so, and else this host."""
    begin = told.begin
    ci = begin.get("ci") or {}
    planned = f"run {begin.get('run')}, {count(len(told.checks), 'check')}"
    if not ci.get("url"):
        host = one_line(str(begin.get("host", "")))
        return {"name": host, "type": "local", "buildName": planned, "reportName": title}
    order = str(ci.get("run"))
    return {
        "name": "GitHub Actions",
        "type": "github",
        "buildName": f"{planned}, GitHub's {order}",
        "buildUrl": ci["url"],
        "reportUrl": ci["url"],
        "reportName": title,
        **({"buildOrder": int(order)} if order.isascii() and order.isdigit() else {}),
    }


def _profile(told: Account) -> Mapping[str, Any]:
    return told.begin.get("profile") or {}


def _properties(rows: Mapping[str, str]) -> bytes:
    """Write Java properties: ASCII, with everything escaped that could mean something."""
    lines = (f"{_escaped(name, key=True)}={_escaped(text)}" for name, text in rows.items())
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def _escaped(text: str, *, key: bool = False) -> str:
    """Escape a key or a value of Java properties (`java.util.Properties`, `store`)."""
    return "".join(_escape(char, key=key, first=not at) for at, char in enumerate(visible(text)))


def _escape(char: str, *, key: bool, first: bool) -> str:
    if char in "\\=:#!":
        return f"\\{char}"
    if char == " ":
        return "\\ " if key or first else " "
    if char in "\n\t":
        return {"\n": "\\n", "\t": "\\t"}[char]
    if char.isascii():
        return char
    units = char.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
