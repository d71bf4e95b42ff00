"""How areas look at the objects of clusters: one sighting a list, with evidence, and by hand."""

import asyncio
import gzip
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest
import yaml

from checks.wire.clusters import gets, got, kubectl, list_of, listed, lists, one_of
from config.clusters import ClusterSpec
from fixtures.clusters import Listing, Object
from fixtures.clusters.kinds import PIPELINE_RUN, SECRET
from fixtures.observatory import Observatory
from fixtures.outcomes import Outcome, Seen
from fixtures.sightings import Sighting, plan
from fixtures.vantages import Vantage, VantageError
from fixtures.vantages.local import Local
from fixtures.vantages.ssh import Destination, SshVantage
from reports.asides import Aside
from reports.codec import observation
from reports.recorder import Recorder
from reports.redaction import Redactor
from reports.run import Run
from tests.apiserver import ApiServer
from tests.fixtures.clusters.made import made, name_of, pipeline_run
from tests.fixtures.vantages.kubectls import path_with_kubectl

SECRET_VALUE = "a-value-that-nobody-may-see"


@observation
class Runs:
    kind: Literal["test-runs"] = "test-runs"
    listing: Listing
    items: tuple[str, ...]
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return self.listing.headline(len(self.items))

    @property
    def clock(self) -> tuple[str, float, float] | None:
        return self.listing.clock


@lists(PIPELINE_RUN)
async def list_runs(
    cluster: ClusterSpec,
    vantage: Vantage,
    namespaces: tuple[str, ...] | None,
    *,
    deadline: float,
) -> Runs:
    found = await listed(cluster, vantage, PIPELINE_RUN, namespaces, name_of, deadline=deadline)
    return Runs(listing=found.listing, items=found.items, asides=found.asides)


@gets(SECRET)
async def get_secret(
    cluster: ClusterSpec, vantage: Vantage, namespace: str, name: str, *, deadline: float
) -> Runs:
    found = await got(cluster, vantage, SECRET, (namespace, name), _keys, deadline=deadline)
    return Runs(listing=found.listing, items=found.items, asides=found.asides)


def _keys(secret: Object) -> str:
    return ",".join(secret["keys"])


def cluster_of(server: ApiServer, folder: Path, user: str = "admin") -> ClusterSpec:
    path = server.kubeconfig(folder / f"{user}.kubeconfig", user)
    return ClusterSpec(name="g14", kubeconfig=str(path))


def seen(folder: Path, *wanted: Sighting) -> tuple[Run, list[Outcome]]:
    """Make sightings in a real run, and return it with what came of them."""
    run = Run.begin(folder, redact=Redactor({"TOKEN": SECRET_VALUE}), about={})
    observatory = Observatory(plan(wanted), {"here": Local()}, Recorder(run), in_flight=4, limit=30)
    observatory.start()
    outcomes = [observatory.see(one, lambda _: None) for one in wanted]
    observatory.stop()
    return run, outcomes


def test_a_list_leaves_its_bytes_in_the_run_without_secrets(
    api_server: ApiServer, tmp_path: Path
) -> None:
    namespace = api_server.namespace()
    with_secret = pipeline_run("ci-1", namespace)
    with_secret["spec"]["params"] = [{"name": "password", "value": SECRET_VALUE}]
    api_server.apply(with_secret)
    cluster = cluster_of(api_server, tmp_path)

    run, (outcome,) = seen(tmp_path / "runs", list_of(list_runs, cluster, "here", [namespace]))

    assert isinstance(outcome, Seen)
    runs = outcome.observations
    assert runs.items == ("ci-1",)
    (aside,) = runs.asides
    assert aside.path == f"attachments/g14-{namespace}-pipelineruns-1.json.gz"
    page = json.loads(gzip.decompress((run.folder / aside.path).read_bytes()))
    assert page["items"][0]["metadata"]["name"] == "ci-1"
    assert "TOKEN" in page["items"][0]["spec"]["params"][0]["value"]
    journal = (run.folder / "journal.jsonl").read_text()
    assert f'"headline":"1 pipelineruns in {namespace} of g14, 1 request"' in journal
    assert '"clock":["the API server of g14"' in journal
    assert "BEGIN" not in journal
    assert api_server.tokens["admin"] not in journal


def test_lanes_that_want_the_same_share_one_list(tmp_path: Path) -> None:
    cluster = ClusterSpec(name="g14", snapshot=str(tmp_path), namespaces="all")

    one = list_of(list_runs, cluster, "here", ["a", "b"])
    other = list_of(list_runs, cluster, "here", ("b", "a", "a"))

    assert one == other
    assert plan([one, other]) == (one,)


def test_a_cluster_is_asked_from_this_host_alone(tmp_path: Path) -> None:
    far = SshVantage(Destination("far.test"), "far", tmp_path)
    cluster = ClusterSpec(name="g14", in_cluster=True)

    with pytest.raises(VantageError, match="clusters are asked from this host, and far is"):
        asyncio.run(list_runs(cluster, far, None, deadline=1))


def test_the_printed_command_sees_what_the_probe_saw(api_server: ApiServer, tmp_path: Path) -> None:
    namespace = api_server.namespace()
    secret = made("Secret", "codex", namespace, stringData={"auth.json": "sealed"})
    api_server.apply(pipeline_run("ci-1", namespace), secret)
    cluster = cluster_of(api_server, tmp_path)
    env = os.environ | {"PATH": path_with_kubectl()}

    def pasted(sighting: Sighting) -> str:
        assert sighting.is_repeated_here
        return subprocess.run(
            sighting.by_hand, shell=True, env=env, capture_output=True, timeout=60, check=True
        ).stdout.decode()

    listing = json.loads(pasted(list_of(list_runs, cluster, "here", [namespace])))
    table = pasted(one_of(get_secret, cluster, "here", namespace, "codex"))

    assert [one["metadata"]["name"] for one in listing["items"]] == ["ci-1"]
    assert "codex" in table
    assert "c2VhbGVk" not in table


def test_the_printed_command_finds_the_files_of_a_snapshot(tmp_path: Path) -> None:
    every = {"kind": "List", "apiVersion": "v1", "items": [pipeline_run("ci-1", "a")]}
    (tmp_path / "all.json").write_text(json.dumps(every, indent=2))
    (tmp_path / "one.yaml").write_text(yaml.safe_dump(pipeline_run("ci-2", "a")))
    (tmp_path / "pod.yaml").write_text(yaml.safe_dump(made("Pod", "ci-2", "a")))
    cluster = ClusterSpec(name="taken", snapshot=str(tmp_path), namespaces="all")

    sighting = list_of(list_runs, cluster, "here", None)
    found = subprocess.run(
        sighting.by_hand, shell=True, capture_output=True, text=True, timeout=60, check=True
    )

    assert sorted(Path(one).name for one in found.stdout.split()) == ["all.json", "one.yaml"]
    assert asyncio.run(list_runs(cluster, Local(), None, deadline=20)).items == ("ci-1", "ci-2")


def test_a_snapshot_needs_no_client_of_the_api(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(yaml.safe_dump(pipeline_run("ci-2", "a")))
    text = (
        "import sys\n"
        "from tests.checks.wire.test_clusters import *\n"
        "from fixtures.sightings import prepare\n"
        f"cluster = ClusterSpec(name='taken', snapshot={str(tmp_path)!r}, namespaces='all')\n"
        "sighting = list_of(list_runs, cluster, 'here', None)\n"
        "prepare([sighting])\n"
        "assert asyncio.run(list_runs(cluster, Local(), None, deadline=20)).items\n"
        "assert 'kubernetes' not in sys.modules\n"
        "prepare([list_of(list_runs, ClusterSpec(name='asked'), 'here', None)])\n"
        "assert 'kubernetes' in sys.modules\n"
    )

    subprocess.run([sys.executable, "-c", text], timeout=60, check=True)


def test_commands_name_kubeconfig_and_context() -> None:
    cluster = ClusterSpec(name="g14", kubeconfig="/etc/a b", context="there")

    assert shlex.split(kubectl(cluster, "get", "pods")) == [
        *("kubectl", "--kubeconfig", "/etc/a b", "--context", "there"),
        *("get", "pods"),
    ]
