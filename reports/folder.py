"""Whether the evidence in a folder of runs is whole: every run, and the sequence that they make."""

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reports.anchors import unlike_anchors
from reports.projections.text import one_line
from reports.sequence import Known, follow, listed, unnamed
from reports.survey import Survey, survey
from reports.tombstones import TOMBSTONES, Tombstones
from reports.verify import State

_NAMED = 8
"""How many names are listed in one row."""


@dataclass(frozen=True, slots=True)
class FolderVerification:
    """What was found in a folder of runs."""

    survey: Survey
    wrong: tuple[str, ...]
    """What contradicts the sequence, the tombstones or the given head."""
    notes: tuple[str, ...]
    """What is worth knowing, and proves nothing."""

    @property
    def state(self) -> State:
        """The worst that is said of a run; a sequence that does not hold is BROKEN too."""
        if self.wrong:
            return State.BROKEN
        states = [member.state for member in self.survey.members]
        if self.survey.unjudged or not states:
            states.append(State.INCOMPLETE)
        return min(states, key=list(State).index)

    @property
    def newest(self) -> Known | None:
        """The newest run here that is sealed."""
        sealed = (one for one in self.survey.known if one.sealed)
        return max(sealed, key=lambda one: one.run, default=None)


def verify_folder(folder: Path, head: str | None = None) -> FolderVerification:
    """Judge every run in a folder and follow their sequence, and write nothing.

    `head` is the head of one of its runs, as it was kept elsewhere. Raises `NoRunError` for
    a folder without a run, and `OSError` where it cannot be listed.
    """
    found = survey(folder)
    stones = found.stones
    wrong = [
        *([stones.wrong] if stones.wrong else []),
        *follow(found.known, stones.buried, found.unread),
        *(f"{one.known.folder}: {one.problem}" for one in found.begun if one.problem),
        *unlike_anchors(found.begun, stones),
    ]
    if stones.buried and not any(one.sealed for one in found.known):
        wrong.append("there are tombstones and no sealed run: prune keeps the newest one always")
    if head is not None and head not in {one.head for one in (*found.known, *stones.buried)}:
        wrong.append(
            f"no run here ends with the head that was given, {head}: it was removed or changed,"
            " or it is another folder's"
        )
    return FolderVerification(found, tuple(wrong), tuple(_notes(found)))


def _notes(found: Survey) -> Iterator[str]:
    origins: dict[str, list[str]] = {}
    here = found.folder.resolve()
    for one in found.begun:
        known = one.known
        if known.renamed:
            yield f"{known.folder} was renamed: it is the run {known.run}"
        if one.origin and (origin := Path(one.origin).parent.resolve()) != here:
            origins.setdefault(str(origin), []).append(known.folder)
    for place, names in origins.items():
        yield f"brought here from {place}: {_some(names)}"
    buried = {one.head for one in found.stones.buried}
    if back := [one.folder for one in found.known if one.head in buried]:
        yield (
            f"has a tombstone, and is here: {_some(back)}; it was brought back, or a prune was"
            " killed before it removed it"
        )
    if found.leftovers:
        yield f"left over of a prune, the next one removes it: {_some(found.leftovers)}"
    if found.stones.chain.cut:
        yield (
            f"{TOMBSTONES} ends in the middle of a line: a prune is writing it, or was killed;"
            " nothing was removed for that line"
        )
    kinds: dict[str, list[str]] = {}
    for name, what in found.strangers.items():
        kinds.setdefault(what, []).append(name)
    for what, names in kinds.items():
        yield f"left out, {what}: {_some(names)}"


def told_folder(found: FolderVerification, head: str | None) -> str:
    """Put what was found into words, for people."""
    seen = found.survey
    states = Counter(member.state for member in seen.members)
    parts = [f"{states[state]} {state.lower()}" for state in State if states[state]]
    parts += [f"{len(seen.under_way)} under way"] if seen.under_way else []
    parts += [f"{len(seen.unjudged)} not judged"] if seen.unjudged else []
    runs = len(seen.members) + len(seen.under_way) + len(seen.unjudged)
    counted = f"{runs} run{'' if runs == 1 else 's'}"
    rows = [f"{found.state}: {seen.folder.resolve()}: {counted}, {', '.join(parts)}"]
    rows += [f"  wrong: {problem}" for problem in found.wrong]
    for state in (State.BROKEN, State.UNSEALED, State.INCOMPLETE):
        those = [member for member in seen.members if member.state is state]
        rows += [f"  {state.lower()}: {member.name}: {member.why}" for member in those]
        if state is State.BROKEN and those:
            first = shlex.quote(str(seen.folder / those[0].name))
            rows.append(f"  python -m reports verify {first} tells all that is wrong there")
    rows += [f"  not judged: {name}: {why}" for name, why in seen.unjudged.items()]
    rows += [f"  under way: {name}: it is judged when it is over" for name in seen.under_way]
    rows += [f"  note: {note}" for note in found.notes]
    rows += _of_stones(seen.stones)
    if found.newest is not None:
        rows.append(f"  newest: {found.newest.run}, head {found.newest.head}")
    if head is not None:
        rows += _of_head(found, head)
    rows.append("  what does not show here:")
    rows += [f"    {limit}" for limit in _limits(found, head)]
    return "\n".join(map(_harmless, rows))


def _harmless(row: str) -> str:
    """Escape what names of files and of runs could do to a terminal; a row stays a row."""
    words = row.lstrip(" ")
    return " " * (len(row) - len(words)) + one_line(words)


def _of_stones(stones: Tombstones) -> list[str]:
    if not (lines := stones.chain.lines):
        return []
    many = f"{len(lines)} tombstone{'' if len(lines) == 1 else 's'}"
    return [f"  pruned: {many}, the last of {lines[-1]['at']}; head {stones.chain.head}"]


def _of_head(found: FolderVerification, head: str) -> list[str]:
    """Say which run has the head that was given."""
    here = {one.head: one.run for one in found.survey.known}
    buried = {one.head: one.run for one in found.survey.stones.buried}
    if head in here:
        return [f"  given head: it is that of {here[head]}"]
    return (
        [f"  given head: it is that of {buried[head]}, which was pruned"] if head in buried else []
    )


def _limits(found: FolderVerification, head: str | None) -> Iterator[str]:
    """Say what no look at the folder alone can find."""
    known = [*found.survey.known, *found.survey.stones.buried]
    newest = found.newest
    if newest is None or head != newest.head:
        yield (
            "- the removal of the newest run: keep the head of each elsewhere, and give the last"
            " one with --head"
        )
    nobody = unnamed(found.survey.known, found.survey.stones.buried)
    alone = [run for run in nobody if newest is None or run != newest.run]
    yield (
        "- the removal of a run that no other names: one that was never sealed, or that was"
        " under way while a later one began" + (f"; of those here: {_some(alone)}" if alone else "")
    )
    if known:
        oldest = min(known, key=lambda one: one.began)
        yield f"- what was here before the oldest that is known, {oldest.run}"
    yield (
        "- that all of it, tombstones too, was made up anew by somebody who may write here:"
        " only a head that was kept elsewhere shows that"
    )


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return f"{', '.join(names[:_NAMED])} and {more} more" if more > 0 else listed(names)
