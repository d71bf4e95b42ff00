"""A lane's endpoint that fails, in the real program: its class, its cause, and what leaks."""

import json
from pathlib import Path

import yaml

from tests.checks.rollout.lanes import NONE, lane_fields, source_fields
from tests.needs import need
from tests.ports import free_port
from tests.program import run_checks

PASSWORD = "p@ss-of-nobody-7"


def test_a_failing_endpoint_has_its_lanes_class_and_a_cause_and_no_secret_is_kept(
    tmp_path: Path,
) -> None:
    need("git")
    url = f"http://127.0.0.1:{free_port()}/health"
    printed = tmp_path / "printed"
    printed.write_text(json.dumps({"ok": True, "url": f"postgres://run:{PASSWORD}@db/other"}))
    lane = lane_fields(
        source=source_fields(repository=str(tmp_path / "nowhere.git")),
        health=[{"name": "mgr", "url": url, "identity": {"commit": "{commit}"}}],
        secrets={"dsn": [{"secret": "dsn", "database": "agentrun_v01"}]},
        told=[{"name": "status", "tells": "control-plane", "argv": ["cat", str(printed)]}],
        next={"health-failed": "agentrun v01 control-plane status"},
    )
    profile = tmp_path / "profile.yaml"
    given = {
        "name": "lanes",
        "vantages": [{"name": "here", "kind": "local"}],
        "endpoints": NONE,
        "hosts": NONE,
        "secrets": [{"name": "dsn", "env": "OUR_DSN"}],
        "lanes": [lane],
    }
    profile.write_text(yaml.safe_dump(given))

    ended = run_checks(
        tmp_path,
        f"--profile={profile}",
        *("-m", "rollout", "-k", "health or dsn or prints"),
        env={"OUR_DSN": f"postgres://run:{PASSWORD}@db/agentrun_dev"},
    )

    assert ended.status == 1, ended.out
    assert ended.is_sealed()
    told = {
        line["check"].rpartition("::")[2]: line
        for line in ended.journal("verdict")
        if line["verdict"] == "violated"
    }
    failed = told.pop("check_health_endpoint_is_well[agentrun-v01:mgr@here]")
    assert failed["class"] == "health-failed"
    assert [one["cause"] for one in failed["diagnoses"]] == ["tcp-refused"]
    assert failed["mend"] == "agentrun v01 control-plane status"
    assert {check.partition("[")[0]: line["class"] for check, line in told.items()} == {
        "check_dsn_names_its_database": "dsn-wrong-db",
        "check_dsn_has_its_password_encoded": "dsn-not-encoded",
        "check_status_command_prints_no_secret": "secret-leak-in-output",
    }
    assert all("diagnoses" not in line for line in told.values())
    assert ended.folder is not None
    kept = b"".join(one.read_bytes() for one in ended.folder.rglob("*") if one.is_file())
    assert PASSWORD.encode() not in kept
    assert PASSWORD not in ended.out
