"""The truth table of a repository's contexts, in the record."""

from checks.gates.contract_file import Contract
from checks.gates.emitted import Emitted
from checks.gates.history import History, NoEmitter
from checks.gates.requirements import Requirements
from checks.gates.truth_table import COLUMNS, LEGEND, Facts, Row, truth_table
from checks.wire.workflows.seen import NoWorkflows, WorkflowsSeen
from config.gates import Gates
from reports.tables import Attach, Tabulate
from reports.verdicts import FailureClass, Inconclusive, Remark, expected, fails_as


@fails_as(FailureClass.EVIDENCE)
def check_truth_table_names_a_producer_of_each_context(
    gates: Gates,
    contract: Contract,
    requirements: Requirements,
    workflows: WorkflowsSeen | NoWorkflows,
    emitted: Emitted,
    *,
    histories: tuple[History | NoEmitter, ...],
    attach: Attach,
    tabulate: Tabulate,
    remark: Remark,
) -> None:
    facts = Facts(
        gates=gates,
        contract=contract.wanted,
        requirements=requirements,
        files=workflows.files if isinstance(workflows, WorkflowsSeen) else (),
        emitted=emitted,
        histories=histories,
    )
    rows = truth_table(facts)
    title = f"Truth table of {requirements.repository} on {requirements.branch} ({LEGEND})"
    tabulate(title, COLUMNS, [one.cells for one in rows])
    path = attach("truth-table.tsv", _tsv(rows), "text/tab-separated-values")
    saw = [f"{one.context!r}: {one.required_by}" for one in rows if not _produced(one)]
    assert not saw, expected("a job, or something else, that emits each context", saw)
    if not rows:
        raise Inconclusive("there is no context: none is required, and none is a gate", "")
    remark(f"{len(rows)} contexts, in {path}")


def _produced(row: Row) -> bool:
    return row.has_producer or not row.wanted


def _tsv(rows: tuple[Row, ...]) -> str:
    lines = [COLUMNS, *(one.cells for one in rows)]
    plain = [[" ".join(cell.split()) for cell in line] for line in lines]
    return "".join("\t".join(line) + "\n" for line in plain)
