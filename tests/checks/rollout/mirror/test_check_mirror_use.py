"""How a run uses its mirror: by recorded runs, and runs that went past it."""

import asyncio
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from checks.rollout import check_mirror_use as checks
from checks.rollout.cases import cases
from checks.rollout.mirror.claims import Claims, list_claims
from checks.rollout.mirror.runs import direct_in, read_time, urls_in, uses
from checks.rollout.pipeline.logs import FailedLogs
from checks.rollout.pipeline.seen import WholeRun
from checks.rollout.told.seen import Told
from config.clusters import ClusterSpec
from config.lanes.mirror import Cache, Mirror
from fixtures.sightings import Sighting
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.checks.repositories import held, refused, unsure
from tests.checks.rollout.calling import Judged, judged
from tests.checks.rollout.lanes import lane, mirror_fields, profile
from tests.checks.rollout.pipeline import made, tekton
from tests.checks.rollout.told.made import told

CACHE = {"namespace": "devops-infra", "claim": "git-mirror-cache", "path": "/cache/o/agentrun.git"}
SNAPSHOT = Path("fixtures/lab/lane/cluster/storage.yaml")
WRITE = mirror_fields()["write_url"]


def mirror(**changes: Any) -> Mirror:
    return Mirror.model_validate(mirror_fields(**changes))


def promoting(words: str) -> WholeRun:
    """Return a run whose promotion runs these words."""
    task = tekton.task_run(
        "gitops-promote", status={"taskSpec": tekton.task_spec("gitops-promote", words)}
    )
    return made.whole(tasks=tekton.task_runs(gitops_promote=task))


def reading(url: str) -> WholeRun:
    """Return a run whose source comes from a URL."""
    spec = {"params": tekton.params(commit=tekton.COMMIT, url=url)}
    task = tekton.task_run("prepare-source", spec=spec)
    return made.whole(tasks=tekton.task_runs(prepare_source=task))


@pytest.mark.parametrize(
    "url",
    [
        "git@github.com:o/agentrun.git",
        "https://github.com/o/agentrun",
        "https://x-access-token:$TOKEN@github.com/o/agentrun.git",
        "ssh://git@ssh.github.com:443/o/agentrun.git",
        "http://another-mirror.svc.cluster.local/o/agentrun.git",
        "https://GitHub.com/O/AgentRun.git",
        "https://codeload.github.com/o/agentrun/tar.gz/refs/heads/v0.1",
        "https://github.com/o/agentrun.git/archive/v0.1.zip",
        "https://api.github.com/repos/o/agentrun/tarball/v0.1",
    ],
)
def test_a_run_that_goes_past_the_mirror_is_refused(url: str) -> None:
    check, own = checks.check_run_reads_its_source_from_the_mirror, lane()
    promote = checks.check_promotion_pushes_to_the_mirror_alone
    pipeline = made.pipeline_of(made.lane())

    held(check, made.whole(), mirror(), own)
    assert refused(check, reading(url), mirror(), own)
    assert refused(promote, promoting(f"git push {url} HEAD"), mirror(), pipeline, own)


def test_a_run_that_never_names_the_mirror_is_refused() -> None:
    other = mirror(read_url="http://other.svc/o/else.git", write_url="http://other-w.svc/o/else")
    check = checks.check_run_reads_its_source_from_the_mirror

    said = refused(check, made.whole(), other, lane())

    assert "no parameter and no step of agentrun-v01-ci-0123456789ab names it" in said


def test_a_promotion_pushes_to_the_write_side() -> None:
    check, own = checks.check_promotion_pushes_to_the_mirror_alone, made.lane()
    pipeline = made.pipeline_of(own)

    held(check, promoting(f"git push {WRITE} HEAD:v0.1-gitops"), mirror(), pipeline, own)
    assert "neither gitops-promote nor a parameter names it" in refused(
        check, promoting("bun promote.ts"), mirror(), pipeline, own
    )
    pending = made.whole(tasks=tekton.without(tekton.task_runs(), "gitops-promote"))
    assert "pending: " in unsure(check, pending, mirror(), pipeline, own)


def test_other_servers_and_repositories_are_no_way_past_the_mirror() -> None:
    texts = ["https://registry.example.org/v2/ git clone https://github.com/o/other.git x"]

    assert direct_in(texts, mirror()) == []
    assert urls_in(["see git@github.com:o/a.git, or 'https://h/x.git'."]) == [
        "git@github.com:o/a.git",
        "https://h/x.git",
    ]
    assert uses([f"{mirror().read_url}/"], mirror().read_url)


def test_the_cache_is_a_claim_that_is_bound(tmp_path: Path) -> None:
    check, cache, own = checks.check_mirror_has_its_cache, Cache.model_validate(CACHE), lane()
    shutil.copy(SNAPSHOT, tmp_path / "storage.yaml")
    spec = ClusterSpec(name="g14", snapshot=str(tmp_path))

    def claims() -> Claims:
        asked = ("devops-infra", "elsewhere")
        found = asyncio.run(list_claims(spec, Local(), asked, deadline=30))
        assert decode(encode(found)) == found
        return found

    held(check, claims(), cache, own)
    text = (tmp_path / "storage.yaml").read_text()
    (tmp_path / "storage.yaml").write_text(text.replace("phase: Bound", "phase: Pending"))
    assert "saw Pending" in refused(check, claims(), cache, own)
    (tmp_path / "storage.yaml").write_text(text.replace("name: git-mirror-cache", "name: other"))
    said = refused(check, claims(), cache, own)
    assert "devops-infra/git-mirror-cache bound, which holds /cache/o/agentrun.git" in said
    assert "none of 1 claims" in said


def test_lanes_of_a_cluster_share_the_list_of_claims() -> None:
    caches = (CACHE, CACHE | {"namespace": "platform-infra"})
    one, other = (
        lane(name=f"lane{at}", cluster="g14", mirror=mirror_fields(cache=cache))
        for at, cache in enumerate(caches)
    )

    first, second = cases(profile(one, other, clusters=[{"name": "g14", "snapshot": "/x"}]))

    assert isinstance(first["mirror_claims"], Sighting)
    assert first["mirror_claims"] == second["mirror_claims"]
    assert first["mirror_claims"].arguments == (("devops-infra", "platform-infra"),)


def synced(at: object, commit: str = tekton.COMMIT) -> Told:
    return told({"localV01": commit, "githubV01": commit, "lastSync": {"at": at}}, "git-mirror")


def test_the_mirror_had_the_commit_before_the_run_was_made() -> None:
    check, own = checks.check_mirror_had_the_commit_before_the_run_began, lane()
    run, of = made.run(), mirror(synced_at="lastSync.at")

    assert "lastSync.at" in held(check, synced("2026-11-21T11:59:58Z"), of, run, own)[0]
    held(check, synced("2026-11-21T13:00:00+01:00"), of, run, own)
    held(check, synced("2026-11-21T12:00:00.900Z"), of, run, own)
    said = refused(check, synced("2026-11-21T12:00:01Z"), of, run, own)
    assert "before agentrun-v01-ci-0123456789ab was made at 2026-11-21T12:00:00Z" in said
    for at in ("2026-11-21T11:59:58", "yesterday", 7, None):
        assert "no time with an offset" in unsure(check, synced(at), of, run, own)
    moved = synced("2026-11-21T12:00:09Z", tekton.OTHER)
    assert "the mirror was synchronized since" in unsure(check, moved, of, run, own)


def test_times_are_read_in_utc() -> None:
    assert read_time("2026-11-21T13:00:00+01:00") == made.NOW - timedelta(minutes=5)
    assert read_time("2026-11-21T13:00:00") is None
    assert isinstance(read_time("2026-11-21T12:00:00.123Z"), datetime)


def met(task: Any = None, logs: FailedLogs | None = None) -> Judged:
    own = made.lane()
    tasks = tekton.task_runs(gitops_promote=task) if task else None
    return judged(
        checks.check_promotion_met_no_drift_of_the_mirror,
        whole_run=made.whole(tasks=tasks),
        failed_logs=logs or made.logs(),
        mirror=mirror(),
        pipeline=made.pipeline_of(own),
        lane=own,
    )


def test_a_promotion_that_met_a_mirror_of_another_kind_is_refused() -> None:
    drifted = tekton.failed_task("gitops-promote", "error: mirror-drift: refs differ")
    failed = tekton.failed_task("gitops-promote", "error: no space left on device")
    waiting = tekton.task_run("gitops-promote", status={"conditions": []})

    assert met().words == met(failed).words == ("upheld", "")
    assert met(drifted).words == ("violated", "mirror-control-plane-drift")
    assert "mirror-drift: refs differ" in met(drifted).judgement.saw
    assert met(drifted).judgement.mend == "agentrun v01 control-plane status"
    assert "has not ended" in met(waiting).judgement.reason


def test_a_promotion_tells_of_the_mirror_in_its_log_alone() -> None:
    silent = tekton.failed_task("gitops-promote")
    worded = tekton.failed_task("gitops-promote", "error: no space left on device")
    told = made.logs(gitops_promote="pushing\nremote: mirror-drift: hook is of another version")
    other = made.logs(gitops_promote="pushing\nerror: no space left on device")
    gone = made.unread("gitops-promote", "its pod is gone")

    assert met(silent, told).words == ("violated", "mirror-control-plane-drift")
    assert "hook is of another version" in met(silent, told).judgement.saw
    assert met(silent, other).words == ("upheld", "")
    assert met(silent, gone).words == ("inconclusive", "")
    assert "was not read: its pod is gone" in met(silent, gone).judgement.reason
    assert met(worded, gone).words == ("upheld", "")
    assert "its pod is gone" in met(worded, gone).remarks[0]
