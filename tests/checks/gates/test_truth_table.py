"""The truth table of contexts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.gates import check_truth_table
from checks.gates.history import History, NoEmitter
from checks.gates.truth_table import COLUMNS, Facts, truth_table
from config.gates import Gate, Gates
from reports.verdicts import Inconclusive
from tests.checks.gates.seen import (
    AT,
    Said,
    at_commit,
    contract,
    emitted,
    emitted_run,
    job,
    requirements,
    runs_seen,
    trigger,
    workflows,
)

NOBODY = NoEmitter(context="x", found=(), at=AT)


def table(*jobs: Gate, histories: Any = (), contexts: Any = ("build",), **given: Any) -> Said:
    said = Said()
    seen = given.get("seen", workflows(job("build")))
    check_truth_table.check_truth_table_names_a_producer_of_each_context(
        Gates(jobs=jobs),
        contract(*given.get("contract", ())),
        requirements(*contexts),
        seen,
        given.get("emitted", emitted(at_commit(emitted_run("build")))),
        histories=histories,
        attach=said.attach,
        tabulate=said.tabulate,
        remark=said.remark,
    )
    return said


def test_a_required_job_has_its_row() -> None:
    said = table(Gate(context="build"), histories=(runs_seen("failure", *["success"] * 3, None),))

    (row,) = said.rows
    assert dict(zip(COLUMNS, row, strict=True)) == {
        "context": "build",
        "required by": "ruleset 7",
        "producing job": ".github/workflows/ci.yml:10 job build",
        "app": "15368",
        "last emitted": "2025-11-22T12:00:00Z",
        "path-filtered": "no",
        "last runs, newest first": "… G G G R",
        "may be required": "is required, 3/3",
    }
    assert said.files["truth-table.tsv"].split("\n")[0] == "\t".join(COLUMNS)


@pytest.mark.parametrize(
    ("conclusions", "may"),
    [
        (("success", "success"), "not yet, 2/3"),
        (("success", "success", "success"), "yes, 3/3"),
        ((), "unknown: no completed run"),
    ],
)
def test_a_candidate_says_how_far_it_is(conclusions: tuple[str, ...], may: str) -> None:
    gate = Gate(context="build", required=False)

    said = table(gate, histories=(runs_seen(*conclusions),), contexts=())

    assert said.rows[0][1] == "nobody"
    assert said.rows[0][-1] == may


def test_a_required_job_that_failed_is_to_be_demoted() -> None:
    said = table(Gate(context="build"), histories=(runs_seen("success", "failure"),))

    assert said.rows[0][-1] == "to be demoted, 0/3"


def test_a_filtered_job_is_told_as_such() -> None:
    seen = workflows(job("build"), triggers=(trigger("pull_request", paths=("x",)),))

    assert table(seen=seen).rows[0][5] == "yes"


def test_a_required_context_without_a_producer_is_violated_and_shown() -> None:
    said = Said()
    with pytest.raises(AssertionError, match="'gone': ruleset 7"):
        check_truth_table.check_truth_table_names_a_producer_of_each_context(
            Gates(),
            contract(),
            requirements("gone"),
            workflows(job("build")),
            emitted(),
            histories=(),
            attach=said.attach,
            tabulate=said.tabulate,
            remark=said.remark,
        )
    assert said.rows[0][0] == "gone"
    assert said.rows[0][4] == "never"


def test_no_context_at_all_is_no_table() -> None:
    with pytest.raises(Inconclusive, match="there is no context"):
        table(contexts=())


CONTEXTS = st.lists(st.sampled_from(["build", "web", "a", "b"]), unique=True)
HISTORIES = st.lists(st.sampled_from(["success", "failure", "cancelled", None]), max_size=5)


@given(CONTEXTS, CONTEXTS, CONTEXTS, st.data())
def test_every_context_has_one_row_with_every_cell(
    wanted: list[str], needed: list[str], gates: list[str], data: st.DataObject
) -> None:
    histories: list[History | NoEmitter] = [
        runs_seen(*data.draw(HISTORIES)) if data.draw(st.booleans()) else NOBODY for _ in gates
    ]
    required = data.draw(st.booleans())
    facts = Facts(
        gates=Gates(jobs=tuple(Gate(context=one, required=required) for one in gates)),
        contract=contract(*wanted).wanted,
        requirements=requirements(*needed),
        files=workflows(job("build")).files,
        emitted=emitted(at_commit(emitted_run("web"))),
        histories=tuple(histories),
    )

    rows = truth_table(facts)

    assert sorted(row.context for row in rows) == sorted({*wanted, *needed, *gates})
    assert all(len(row.cells) == len(COLUMNS) for row in rows)
    for row in rows:
        assert row.wanted == (row.context in {*wanted, *needed})
        assert row.has_producer or row.context not in {"build", "web"}
