"""The closeout of a lane as Markdown, for a comment of a pull request or a plan. All pure."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from checks.rollout.chain.seen import Chain
from checks.rollout.closeout.rules import missing_of
from checks.rollout.closeout.seen import Fact, Facts
from checks.rollout.closeout.words import Language, said, word
from checks.rollout.links import Link, State
from reports.projections.text import code, prose
from reports.projections.told import Judged

_TEXT = 300
"""Characters of a value that are shown."""
_WHOLE = {State.AGREES, State.ABSENT}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a run recorded of a lane, and what the run is."""

    facts: Facts
    chain: Chain
    judged: tuple[Judged, ...]
    """The verdicts of the lane's checks."""
    run: str
    folder: str
    """The run's folder, as it was given."""
    head: str
    gaps: tuple[str, ...]
    """Why the run is not complete."""
    replay: bool

    @property
    def is_ground(self) -> bool:
        """Whether the rollout may be closed on it."""
        is_whole = self.standing == "ok" and not self.violated
        return is_whole and not self.gaps and not missing_of(self.facts)

    @property
    def violated(self) -> tuple[Judged, ...]:
        """The checks of the lane that are violated, and that nobody waived: links are not all."""
        return tuple(one for one in self.judged if one.verdict == "violated" and not one.waived)

    @property
    def standing(self) -> str:
        """How the lane stands, as the words of a closeout call it."""
        standing = self.chain.standing
        if standing is State.BROKEN:
            return "is-broken"
        if self.chain.moving:
            return "is-moving"
        if self.facts.superseded or standing is State.SUPERSEDED:
            return "is-superseded"
        return {State.AGREES: "ok", State.PENDING: "is-pending"}.get(standing, "is-unknown")


def document(recorded: Recorded, *, full: bool = False, language: Language = "en") -> str:
    """Write the closeout: the separate facts, what is not known, and how to verify it."""
    say = partial(word, language=language)
    parts = [
        f"## {say('closeout')}{say('colon')}{prose(recorded.facts.lane)}",
        "\n\n".join(_banners(recorded, language)),
        _facts(recorded, language),
        _over(recorded.facts, language),
        _completeness(recorded.facts, language),
        *((_chain(recorded.chain, language), _checks(recorded, language)) if full else ()),
        _verify(recorded, language),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _banners(recorded: Recorded, language: Language) -> Iterator[str]:
    say = partial(word, language=language)
    if recorded.replay:
        yield say("replay")
    if recorded.gaps:
        yield f"{say('incomplete')}{say('gap')}{prose('; '.join(recorded.gaps))}"
    first = next(iter(recorded.chain.broken), None)
    if first is not None:
        why = f"{say('gap')}{prose(said(first.why, language), _TEXT)}" if first.why else ""
        failure = say("within").format(prose(first.failure))
        yield f"{say('is-broken')} **{prose(first.node)}**{failure}{say('stop')}{why}"
    else:
        missing = recorded.chain.missing if recorded.standing == "ok" else ()
        yield say("in-part" if missing else recorded.standing)
        if missing:
            yield f"{say('has-no')}{say('gap')}{prose(', '.join(one.node for one in missing))}"
        if recorded.violated:
            yield f"{say('violated')}{say('gap')}{prose('; '.join(map(_named, recorded.violated)))}"
    if lacks := missing_of(recorded.facts):
        yield f"{say('lacks')}{say('gap')}{prose('; '.join(lacks))}"


def _named(one: Judged) -> str:
    return f"{one.check.sentence} ({one.failure})" if one.failure else one.check.sentence


def _facts(recorded: Recorded, language: Language) -> str:
    say = partial(word, language=language)
    head = [say("fact"), say("value"), say("read-at"), say("time")]
    rows = [_row(head), "|---|---|---|---|"]
    rows += [_row(_cells(fact, language)) for fact in recorded.facts.facts]
    for node in ("runtime", "health"):
        if (link := recorded.chain.link(node)) is not None:
            rows.append(_row(_of_link(link, language)))
    first = next((one for one in recorded.chain.links if one.state not in _WHOLE), None)
    following = ""
    if first is not None and first.mend:
        following = code(first.mend, _TEXT)
    elif first is None and recorded.violated:
        mend = next((one.mend for one in recorded.violated if one.mend), "")
        following = code(mend, _TEXT) if mend else say("unknown")
    if recorded.standing == "is-superseded":
        following = say("next-tip")
    none = "none-in-part" if recorded.chain.missing else "none"
    told = following or say(none if first is None else "unknown")
    rows.append(_row([say("next"), told, "", ""]))
    return "\n".join(rows)


def _cells(fact: Fact, language: Language) -> list[str]:
    at = f"{fact.at:%Y-%m-%dT%H:%M:%SZ}" if fact.at else ""
    why = prose(said(fact.why, language), _TEXT)
    state = word("absent" if fact.absent else "unknown", language)
    value = (
        code(said(fact.value, language), _TEXT)
        if fact.value
        else f"*{state}*{word('colon', language)}{why}"
    )
    beside = f" {why}" if fact.value and fact.why else ""
    return [word(fact.name, language), value + beside, code(fact.evidence, _TEXT), at]


def _of_link(link: Link, language: Language) -> list[str]:
    at = f"{link.at:%Y-%m-%dT%H:%M:%SZ}" if link.at else ""
    told = link.observed or said(link.why, language)
    value = (
        f"{word(link.state, language)}{word('colon', language) if told else ''}{code(told, _TEXT)}"
    )
    return [word(link.node, language), value, code(link.evidence, _TEXT), at]


def _over(facts: Facts, language: Language) -> str:
    """Say what a rollout that took too long has to say of that; nothing of any other."""
    over, say = facts.over, partial(word, language=language)
    if over is None:
        return ""
    times = {"elapsed": over.elapsed, "waited": over.waited, "budget": over.budget}
    unit = say("seconds")
    rows = [
        f"- {say(name)}{say('colon')}{say('not-told') if took is None else f'{took:.0f} {unit}'}"
        for name, took in times.items()
    ]
    mirror = code(over.mirror, _TEXT) or say("unknown")
    return "\n".join(
        [f"### {say('over')}\n", *rows, f"- {say('mirror-status')}{say('colon')}{mirror}"]
    )


def _completeness(facts: Facts, language: Language) -> str:
    say = partial(word, language=language)
    told = say("all-read")
    if facts.unread:
        told = "\n".join([say("unread"), "", *(f"- {prose(one)}" for one in facts.unread)])
    return f"### {say('completeness')}\n\n{told}"


def _chain(chain: Chain, language: Language) -> str:
    say = partial(word, language=language)
    head = ("node", "state", "expected", "observed", "evidence")
    rows = [_row([say(one) for one in head]), "|---|---|---|---|---|"]
    for link in chain.links:
        told = code(link.observed, _TEXT) or prose(said(link.why, language), _TEXT)
        cells = [prose(link.node), say(link.state), code(link.expected, _TEXT), told]
        rows.append(_row([*cells, code(link.evidence, _TEXT)]))
    return "\n".join([f"### {say('chain')}\n", *rows])


def _checks(recorded: Recorded, language: Language) -> str:
    verdicts = {"violated": "is-violated"}
    rows = [
        f"- {word(verdicts.get(one.word, one.word), language)}{word('colon', language)}"
        f"{prose(one.check.sentence)}: {prose(one.saw or one.reason, _TEXT)}"
        for one in recorded.judged
        if one.verdict in {"violated", "inconclusive"}
    ]
    return "\n".join([f"### {word('checks', language)}\n", *rows]) if rows else ""


def _verify(recorded: Recorded, language: Language) -> str:
    say = partial(word, language=language)
    command = f"python -m reports verify {shlex.quote(recorded.folder)} --head {recorded.head}"
    rows = [
        (say("run"), code(recorded.run)),
        (say("head"), code(recorded.head)),
        (say("verify"), code(command)),
    ]
    told = "\n".join(f"- {name}{say('colon')}{value}" for name, value in rows)
    return f"### {say('evidence')}\n\n{told}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
