from pathlib import Path

import pytest

from tests.program import Ended, run_checks

PROFILE = """\
name: hosts
vantages: [{name: lab, kind: lab}]
endpoints: {absent: the hosts file alone}
hosts:
  block:
    marker: Plan 267-D GitHub override ({stamp})
    names: [pinned.lab.test]
"""
HERE = """\
name: here
endpoints: {absent: the hosts file alone}
hosts:
  block: {absent: nothing is pinned here}
"""


def run(folder: Path, profile: str, *arguments: str) -> Ended:
    path = folder / "profile.yaml"
    path.write_text(profile)
    return run_checks(folder, f"--profile={path}", "-m", "hosts", *arguments)


def of(ended: Ended, verdict: str) -> set[str]:
    return {check.partition("[")[0] for check, said in ended.verdicts().items() if said == verdict}


def test_in_the_healthy_lab_everything_is_upheld_but_what_needs_a_baseline(tmp_path: Path) -> None:
    ended = run(tmp_path, PROFILE, "--allow-mutating")

    assert ended.status == 0, ended.out
    assert of(ended, "not-applicable") == {"check_file_is_unchanged_since_the_baseline"}
    assert of(ended, "violated") == of(ended, "inconclusive") == set()
    assert "check_rollback_works_both_ways" in of(ended, "upheld")


def test_nothing_is_changed_unless_it_is_allowed(tmp_path: Path) -> None:
    ended = run(tmp_path, PROFILE)

    assert "check_rollback_works_both_ways[/etc/hosts@lab]" not in ended.verdicts()
    assert "rehearse_rollback" not in {line["probe"] for line in ended.journal("sighting.begin")}


def test_a_stale_override_is_seen_in_the_pins_alone(tmp_path: Path) -> None:
    ended = run(tmp_path, PROFILE, "--lab-fault=hosts-override-stale")

    assert ended.status == 1, ended.out
    assert of(ended, "violated") == {"check_every_pin_serves_its_name"}
    assert of(ended, "inconclusive") == set()


def test_a_regenerated_file_is_seen_in_the_block_its_origin_and_wsl(tmp_path: Path) -> None:
    ended = run(tmp_path, PROFILE, "--lab-fault=hosts-regenerated")

    assert ended.status == 1, ended.out
    assert of(ended, "violated") == {
        "check_block_is_there_once",
        "check_wsl_does_not_generate_the_file",
        "check_wsl_has_not_written_the_file_anew",
    }
    assert "check_every_pin_serves_its_name" in of(ended, "inconclusive")


@pytest.mark.parametrize("fault", ["tcp-refused", "dns-timeout"])
def test_faults_of_other_layers_leave_the_hosts_file_alone(fault: str, tmp_path: Path) -> None:
    ended = run(tmp_path, PROFILE, f"--lab-fault={fault}")

    assert of(ended, "violated") == of(ended, "inconclusive") == set(), ended.out


def test_without_a_block_the_rest_of_the_file_is_judged_from_this_host(tmp_path: Path) -> None:
    ended = run(tmp_path, HERE)

    assert {"check_block_is_there_once", "check_every_pin_serves_its_name"} <= of(
        ended, "not-applicable"
    )
    judged = of(ended, "upheld") | of(ended, "violated")
    assert {"check_file_is_there", "check_every_line_is_read"} <= judged


def test_without_a_block_it_does_not_matter_what_wsl_generates(tmp_path: Path) -> None:
    unpinned = PROFILE.partition("  block:")[0] + "  block: {absent: nothing is pinned here}\n"

    ended = run(tmp_path, unpinned, "--lab-fault=hosts-regenerated")

    assert "check_wsl_does_not_generate_the_file" in of(ended, "not-applicable"), ended.out
    assert of(ended, "violated") == set()


@pytest.mark.parametrize(
    "nameservers", ["{absent: none of our own}", "[127.77.0.9:9]"], ids=["absent", "silent"]
)
def test_the_resolvers_answers_are_judged_without_a_nameserver(
    nameservers: str, tmp_path: Path
) -> None:
    ended = run(tmp_path, f"{PROFILE}nameservers: {nameservers}\n")

    assert "check_pinned_names_are_answered_by_the_file" in of(ended, "upheld"), ended.out
    assert "override" not in " ".join(
        remark for line in ended.journal("verdict") for remark in line["remarks"]
    )


def test_an_override_that_is_not_needed_is_remarked(tmp_path: Path) -> None:
    ended = run(tmp_path, PROFILE)

    (line,) = [
        line
        for line in ended.journal("verdict")
        if "check_pinned_names_are_answered_by_the_file" in line["check"]
    ]
    assert line["remarks"] == [
        "the override may be removed: without it DNS gives what serves pinned.lab.test"
    ]
