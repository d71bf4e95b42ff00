"""A plan as it lies in the repository."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

from checks.gates.plans.reading import Citations, read_plan_text
from checks.wire.github.asking import show
from fixtures.github.ways import import_client
from fixtures.repositories import Source
from fixtures.repositories.trees import open_tree
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import Vantage
from reports.codec import observation

LARGEST = 4 << 20
"""Bytes of a plan that are read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which plan is read, and of which zone its times are: an offset such as `+08:00`."""

    path: str
    zone: str = "+00:00"

    @property
    def offset(self) -> timezone:
        """Its zone."""
        sign = -1 if self.zone[0] == "-" else 1
        hours, minutes = self.zone[1:].split(":")
        return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes)))

    def __str__(self) -> str:
        return self.path


@observation
class PlanSeen:
    """A plan, and what it cites and promises."""

    kind: Literal["plan"] = "plan"
    path: str
    commit: str | None
    sha256: str
    citations: Citations
    at: datetime

    @property
    def headline(self) -> str:
        cited = self.citations
        return (
            f"{self.path}: cites {len(cited.run_ids)} runs and {len(cited.logs)} logs,"
            f" {len(cited.milestones)} milestones"
        )

    @property
    def transcript(self) -> str:
        cited = self.citations
        lines = [*map(str, cited.runs), *map(str, cited.logs)]
        lines += [f"line {one.line}: {one.name} due {one.due}" for one in cited.milestones]
        return "\n".join(lines)


@observation
class NoPlan:
    """There is no such plan, or it cannot be read as text."""

    kind: Literal["no-plan"] = "no-plan"
    path: str
    why: str
    at: datetime

    @property
    def headline(self) -> str:
        return self.why


@prepared_by(import_client)
@by_hand(lambda source, asked: show(source, asked.path))
async def read_plan(
    source: Source, vantage: Vantage, asked: Asked, *, deadline: float
) -> PlanSeen | NoPlan:
    """Read a plan of a repository, and all that it cites."""
    tree = await open_tree(source, vantage, deadline=deadline)
    content = await tree.read(asked.path, deadline=deadline)
    at = datetime.now(UTC)
    if content is None:
        why = f"{tree.described} has no file {asked.path}"
        return NoPlan(path=asked.path, why=why, at=at)
    if len(content) > LARGEST:
        why = f"{asked.path} has {len(content)} bytes, more than {LARGEST}"
        return NoPlan(path=asked.path, why=why, at=at)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        why = f"{asked.path} is not UTF-8 at byte {error.start}"
        return NoPlan(path=asked.path, why=why, at=at)
    return PlanSeen(
        path=asked.path,
        commit=tree.commit,
        sha256=hashlib.sha256(content).hexdigest(),
        citations=read_plan_text(text, asked.offset),
        at=at,
    )
