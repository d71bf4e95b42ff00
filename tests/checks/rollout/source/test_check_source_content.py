"""What a source branch may track, and what it may not."""

from dataclasses import replace
from typing import Any

import pytest

from checks.rollout import check_source_content as checks
from checks.rollout.source.seen import Misplaced
from reports.verdicts import NotApplicable
from tests.checks.repositories import held, refused, unsure
from tests.checks.rollout.lanes import lane
from tests.checks.rollout.seen import committed, log, mention, mentions, tree, truth


def test_a_source_that_tracks_what_a_build_writes_is_refused() -> None:
    check = checks.check_source_tracks_nothing_that_a_build_writes

    held(check, tree(), lane())
    assert "deploy/artifact-catalog.v01.json" in refused(
        check, tree("deploy/artifact-catalog.v01.json"), lane()
    )


def test_a_source_that_tracks_nothing_is_no_source() -> None:
    check = checks.check_source_tracks_nothing_that_a_build_writes

    assert "tracks no file" in unsure(check, replace(tree(), files=0), lane())


def test_commits_of_robots_and_of_what_people_do_not_change_are_refused() -> None:
    check = checks.check_source_commits_are_made_by_people

    held(check, log(committed(touches_truth=True)), lane())
    assert "of A Robot" in refused(check, log(committed("A Robot", ("a",))), lane())
    assert "deploy/x" in refused(check, log(committed(outside=("deploy/x",))), lane())
    assert "no commit" in unsure(check, log(commits=0), lane())


def test_a_truth_file_holds_nothing_of_a_build() -> None:
    check = checks.check_truth_file_holds_nothing_that_a_build_writes

    held(check, truth(), lane())
    built = truth(built=(Misplaced("services.a.digest", "an image's digest"),))
    assert "services.a.digest: an image's digest" in refused(check, built, lane())
    assert "x: a field that the lane does not declare" in refused(
        check, truth(undeclared=("x",)), lane()
    )
    assert "it is no JSON" in unsure(check, truth(fault="it is no JSON"), lane())
    with pytest.raises(NotApplicable, match="is not at"):
        check(truth(there=False), lane())
    with pytest.raises(NotApplicable, match="is YAML"):
        check(built, lane(truth="yaml-lane"))


def test_a_truth_file_holds_no_secrets_value() -> None:
    check = checks.check_truth_file_holds_no_secrets_value

    held(check, truth(), lane())
    leaking = truth(secrets=(Misplaced("env.TOKEN", "a token"),))
    assert "env.TOKEN: a token" in refused(check, leaking, lane())


def test_the_same_file_is_the_truth_of_one_lane_and_stale_in_another() -> None:
    check: Any = checks.check_truth_is_where_the_lane_says
    by_file, by_yaml = lane(), lane(truth="yaml-lane")

    assert held(check, truth(), log(), by_file) == []
    assert "is not at" in refused(check, truth(there=False), log(), by_file)
    assert "it is no JSON" in refused(check, truth(fault="it is no JSON"), log(), by_file)

    assert held(check, truth(there=False), log(), by_yaml) == []
    assert held(check, truth(), log(), by_yaml)[0].startswith("warning: deploy/deploy.json")
    kept_up = log(committed(touches_truth=True))
    assert "changes it" in refused(check, truth(), kept_up, by_yaml)
    assert held(check, truth(there=False), kept_up, by_yaml) == []


def test_definitions_name_nothing_retired_and_variants_are_remarked() -> None:
    check = checks.check_definitions_name_nothing_retired

    assert held(check, mentions(), lane()) == []
    assert "AGENTS.md:12" in refused(check, mentions(mention(allowed=True)), lane())
    assert "with dashes" in held(check, mentions(mention(is_variant=True)), lane())[0]


def test_documents_are_to_be_read_unless_they_tell_history() -> None:
    check = checks.check_documents_tell_of_retired_names_as_history
    strict = lane(retired={"names": ["agentrun_dev"], "documents": "refuse"})

    assert "as history: AGENTS.md:12" in held(check, mentions(mention(allowed=True)), lane())[0]
    said = unsure(check, mentions(mention()), lane())
    assert said.startswith("review: 1 lines name what is retired")
    assert "AGENTS.md:12 under 'Namespaces'" in refused(check, mentions(mention()), strict)
    assert "with dashes" in held(check, mentions(mention(is_variant=True)), strict)[0]
