"""A check called by hand, and the verdict that the run would make of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reports.verdicts import Judgement, Verdict, class_of, judge
from tests.checks.rollout.chain.made import chain, links


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a check: its judgement, and what it remarked."""

    judgement: Judgement
    remarks: tuple[str, ...]

    @property
    def words(self) -> tuple[str, str]:
        """The verdict, and the class of its failure."""
        return self.judgement.verdict.value, self.judgement.failure


def judged(check: Callable[..., None], **arguments: Any) -> Judged:
    """Call a check with its arguments; a `remark` is given to one that asks for it.

    One that asks for a chain is given a whole one, if it is given none.
    """
    remarks: list[str] = []
    for name in {"chain", "health_chain"} & check.__annotations__.keys():
        arguments.setdefault(name, chain(links()))
    if "remark" in check.__annotations__:
        arguments["remark"] = remarks.append
    raised: BaseException | None = None
    try:
        check(**arguments)
    except Exception as error:  # noqa: BLE001 - whatever it raises makes the verdict
        raised = error
    judgement = judge(raised, "call", Path(check.__code__.co_filename))
    if judgement.verdict is Verdict.VIOLATED and not judgement.failure:
        judgement = replace(judgement, failure=str(class_of(check) or ""))
    return Judged(judgement, tuple(remarks))
