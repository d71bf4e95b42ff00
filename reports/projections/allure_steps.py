"""What Allure shows of a sighting: a step, with one below it for each observation."""

from datetime import datetime
from typing import Any

from reports.projections.text import one_line, visible
from reports.projections.told import Judged, Seen, Sighting

Fields = dict[str, Any]
"""A part of a result file, as it stands in JSON."""


_WORST = ("failed", "broken", "skipped", "passed")


class Texts:
    """The texts that are attached to one result, by the names of their files."""

    def __init__(self, stem: str) -> None:
        """Take how the names of the result's files begin."""
        self._stem = stem
        self.held: dict[str, str] = {}

    def attach(self, name: str, text: str) -> Fields:
        """Give a text its file name, and return what refers to it."""
        source = f"{self._stem}-{len(self.held) + 1}-attachment.txt"
        self.held[source] = visible(text)
        return {"name": name, "source": source, "type": "text/plain"}


def step(texts: Texts, sighting: Sighting, judged: Judged | None, until: str = "") -> Fields:
    """Tell of a sighting: its command, and what was seen one by one.

    `judged` is the verdict that was made of it. A sighting without an end took `until` then.
    """
    start = milliseconds(sighting.began)
    stop = max(start, milliseconds(sighting.ended or until or sighting.began))
    told: Fields = {
        "name": one_line(f"{sighting.probe} {sighting.target} from {sighting.vantage}"),
        "status": "passed",
        "start": start,
        "stop": stop,
    }
    if sighting.by_hand:
        told["parameters"] = [{"name": "by hand", "value": visible(sighting.by_hand)}]
    if sighting.seen:
        told["steps"] = [_observation(texts, seen, judged, start, stop) for seen in sighting.seen]
        told["status"] = min((one["status"] for one in told["steps"]), key=_WORST.index)
        return told
    if sighting.ended is None or sighting.reason:
        told["status"] = "broken"
    elif sighting.not_reached:
        told["status"] = "skipped"
    headlines = ("in flight: it had no end",) if sighting.ended is None else sighting.headlines
    told["steps"] = [
        {"name": one_line(text), "status": told["status"], "start": start, "stop": stop}
        for text in headlines
    ]
    return told


def _observation(texts: Texts, seen: Seen, judged: Judged | None, start: int, stop: int) -> Fields:
    """Tell of one observation; one that the verdict names bears the status of it."""
    told: Fields = {
        "name": one_line(seen.headline),
        "status": _status(seen, judged),
        "start": start,
        "stop": stop,
    }
    if seen.phases:
        told["parameters"] = [
            {"name": name, "value": f"{took * 1000:.1f} ms, from {began * 1000:.1f} ms"}
            for name, began, took in seen.phases
        ]
    if seen.transcript:
        told["attachments"] = [texts.attach("transcript", seen.transcript)]
    return told


def _status(seen: Seen, judged: Judged | None) -> str:
    if judged is not None and seen.headline:
        if judged.verdict == "violated" and seen.headline in judged.saw:
            return "failed"
        if judged.verdict == "inconclusive" and seen.headline in judged.reason:
            return "broken"
    return "passed"


def milliseconds(at: str) -> int:
    """Return a journal's instant as Allure counts time; 0 for none."""
    return round(datetime.fromisoformat(at).timestamp() * 1000) if at else 0
