"""What is seen of text that stands in files and should not: frozen values."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from reports.codec import observation
from reports.findings import Finding, Findings, Where

State = Literal["used", "stale", "expired", "malformed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What allows a finding, in its file or in a baseline, and whether it still does."""

    where: Where
    rule: str
    place: str
    """The file and line of the comment, or what the baseline says of its finding."""
    until: date | None
    reason: str
    state: State
    why: str = ""
    """What is wrong with a malformed one."""

    def __str__(self) -> str:
        match self.state:
            case "malformed":
                told = self.why
            case "expired":
                told = f"the allowance of {self.rule} ended on {self.until}: {self.reason}"
            case _:
                told = f"the allowance of {self.rule} until {self.until} allows nothing any more"
        return f"{self.place}: {told}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Files that were not read, for one reason; only some of them are named."""

    why: str
    files: int
    named: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSeen:
    """What became of one rule."""

    id: str
    files: int
    """How many files it concerns."""
    found: int
    """How many places it found, old ones too."""
    failing: tuple[str, ...]
    """What its samples contradict."""
    unread: tuple[str, ...]
    """Files that it concerns and nobody could read, as far as they are named."""
    unread_files: int
    unlisted: int
    """Findings that are counted, and not told one by one."""


@observation
class HardcodedSeen:
    """What rules found in the files of a repository at a commit, or as they lie in a checkout."""

    kind: Literal["hardcoded"] = "hardcoded"
    repository: str
    commit: str | None
    since: str | None
    """The commit since which a line counts as new; None where every line does."""
    engine: str
    rules: tuple[RuleSeen, ...]
    files: int
    bytes: int
    outside: int
    """Files that no rule concerns."""
    left_out: tuple[LeftOut, ...]
    findings: Findings
    old: int
    """Findings in lines that stood there before: counted, and judged by nobody."""
    allowances: tuple[Allowance, ...]
    seconds: float
    at: datetime

    @property
    def headline(self) -> str:
        where = self.commit[:12] if self.commit else "as they lie in the checkout"
        count = len(self.findings.found) + sum(one.unlisted for one in self.rules)
        allowed = sum(bool(one.suppressions) for one in self.findings.found)
        return (
            f"{count} findings ({allowed} allowed) of {len(self.rules)} rules in {self.files}"
            f" files, {where}"
        )

    @property
    def transcript(self) -> str:
        """The summary: each rule, the files that were not read, and each finding."""
        counts = Counter(one.rule for one in self.findings.found)
        lines = [
            f"read: {self.files} files, {self.bytes} bytes, by {self.engine}",
            f"of no rule's concern: {self.outside} files",
            *(f"{one.why}: {one.files} ({_some(one.named, one.files)})" for one in self.left_out),
        ]
        if self.since:
            lines.append(f"in lines older than {self.since[:12]}: {self.old} findings")
        for one in self.rules:
            more = f" and {one.unlisted} more" if one.unlisted else ""
            count = (
                f"{counts[one.id]} findings"
                if one.found == counts[one.id]
                else (f"{one.found} places, {counts[one.id]} findings")
            )
            lines.append(f"rule {one.id}: {one.files} files, {count}{more}")
        lines += [_told(one) for one in self.findings.found]
        return "\n".join(lines)

    def of(self, rule: str) -> tuple[Finding, ...]:
        """Return the findings of a rule."""
        return tuple(one for one in self.findings.found if one.rule == rule)

    def rule(self, name: str) -> RuleSeen | None:
        """Return what became of a rule; None where it was not asked for."""
        return next((one for one in self.rules if one.id == name), None)


def _some(named: tuple[str, ...], files: int) -> str:
    more = files - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def _told(finding: Finding) -> str:
    ends = "; ".join(f"allowed until {one.until}: {one.reason}" for one in finding.suppressions)
    return f"{finding.where}: {finding.rule}: {finding.snippet}{f' ({ends})' if ends else ''}"
