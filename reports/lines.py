"""One judged check, as messages and the last screen need it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from config.schema import Waiver
from reports.verdicts import Diagnosis, Judgement, Subject, Verdict, read_diagnosis

_UPHELD = Judgement(Verdict.UPHELD)


@dataclass(frozen=True, slots=True)
class Line:
    """A check with its verdict."""

    check: str
    subject: Subject
    judgement: Judgement
    waiver: Waiver | None
    remarks: tuple[str, ...]
    diagnoses: tuple[Diagnosis, ...] = ()
    """The causes of a violation."""

    @property
    def name(self) -> str:
        """The name of the check's function."""
        return self.check.partition("::")[2].partition("[")[0]

    @property
    def counts_as_failed(self) -> bool:
        """Whether pytest counts it: what stands on a layer that broke is not counted again."""
        unclear = self.judgement.verdict is Verdict.INCONCLUSIVE and not self.judgement.held_by
        return unclear or (self.judgement.verdict is Verdict.VIOLATED and self.waiver is None)

    @property
    def says_nothing(self) -> bool:
        """Whether it is upheld, and there is nothing to say of that."""
        return self.judgement == _UPHELD and not self.remarks

    @property
    def word(self) -> str:
        """The verdict, and whether a violation is waived."""
        return f"{self.judgement.verdict}, waived" if self.waiver else str(self.judgement.verdict)


def redacted(line: Line, redact: Callable[[str], str]) -> Line:
    """Return a line without what is secret in its texts: who wraps them would take shapes apart."""
    if line.says_nothing:
        return line
    judgement = line.judgement
    return replace(
        line,
        judgement=replace(
            judgement,
            reason=redact(judgement.reason),
            mend=redact(judgement.mend),
            expected=redact(judgement.expected),
            saw=redact(judgement.saw),
        ),
        remarks=tuple(map(redact, line.remarks)),
        diagnoses=tuple(
            Diagnosis(
                one.cause,
                tuple(map(redact, one.facts)),
                redact(one.contrast),
                redact(one.remedy),
                redact(one.undo),
            )
            for one in line.diagnoses
        ),
    )


def to_plain(line: Line) -> dict[str, Any]:
    """Return a line as a worker sends it to the process that tells of it."""
    judgement = asdict(line.judgement) | {"verdict": line.judgement.verdict.value}
    return {
        "check": line.check,
        "subject": asdict(line.subject),
        "judgement": judgement,
        "waiver": line.waiver.model_dump(mode="json") if line.waiver else None,
        "remarks": list(line.remarks),
        "diagnoses": [asdict(one) for one in line.diagnoses],
    }


def from_verdict(fields: Mapping[str, Any], subject: Subject) -> Line:
    """Return the line of a verdict that was read from a journal."""
    return Line(
        check=fields["check"],
        subject=subject,
        judgement=Judgement(
            Verdict(fields["verdict"]),
            reason=fields["reason"],
            mend=fields["mend"],
            expected=fields["expected"],
            saw=fields["saw"],
            held_by=tuple(fields["held_by"]),
            place=fields["place"],
            failure=fields.get("class", ""),
        ),
        waiver=Waiver.model_validate(fields["waiver"]) if fields["waiver"] else None,
        remarks=tuple(fields["remarks"]),
        diagnoses=tuple(map(read_diagnosis, fields.get("diagnoses", ()))),
    )


def from_plain(plain: Mapping[str, Any]) -> Line:
    """Return the line that a worker sent."""
    judgement = dict(plain["judgement"])
    judgement["verdict"] = Verdict(judgement["verdict"])
    judgement["held_by"] = tuple(judgement["held_by"])
    return Line(
        check=plain["check"],
        subject=Subject(**plain["subject"]),
        judgement=Judgement(**judgement),
        waiver=Waiver.model_validate(plain["waiver"]) if plain["waiver"] else None,
        remarks=tuple(plain["remarks"]),
        diagnoses=tuple(map(read_diagnosis, plain["diagnoses"])),
    )
