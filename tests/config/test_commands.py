"""python -m config, as it is typed."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from config.fields import fields_of
from config.lanes import Lane
from config.lanes.observability import Query
from config.lanes.pipeline import Pipeline
from config.lanes.runtime import Runner
from config.loading import PROFILES, load
from config.mistakes import ProfileError

ROOT = PROFILES.parents[1]
BAD = Path(__file__).parent / "bad"


def config(
    *arguments: str, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "config", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_list_names_every_profile_and_its_file() -> None:
    done = config("list")

    assert (done.returncode, done.stderr) == (0, "")
    for name in ("agentrun", "cube-castle", "github", "hwlab", "lab", "runner"):
        assert f"{name}: {load(name).profile.description}\n" in done.stdout
        assert f"config/profiles/{name}.yaml" in done.stdout


def test_show_prints_a_profile_that_is_the_same_profile(tmp_path: Path) -> None:
    done = config("show", "github")

    assert (done.returncode, done.stderr) == (0, "")
    again = tmp_path / "again.yaml"
    again.write_text(done.stdout)
    shown, original = load(str(again)).profile, load("github").profile
    assert shown.model_copy(update={"ranges": None}) == original.model_copy(update={"ranges": None})
    assert shown.ranges is not None
    assert original.ranges is not None
    assert shown.ranges.digest == original.ranges.digest


def test_show_says_where_the_profile_and_its_ranges_lie() -> None:
    found = load("lab")

    head = config("show", "lab").stdout.splitlines()[:3]

    assert head[0] == f"# file: {found.source}"
    assert head[1] == f"# digest: {found.digest}"
    assert head[2].startswith(f"# ranges: {ROOT}/config/ranges/lab.yaml, dated 2026-11-21, digest ")


def test_show_masks_secrets() -> None:
    done = config("show", "cube-castle", GITHUB_TOKEN="in-no-sample-of-a-pack")

    assert "# secret GITHUB_TOKEN: $GITHUB_TOKEN, masked\n" in done.stdout
    assert "in-no-sample" not in done.stdout + done.stderr


def test_check_tells_a_good_profile() -> None:
    done = config("check", "lab")

    assert (done.returncode, done.stderr) == (0, "")
    counts = "vantages: 1, endpoints: 4, repositories: 1, lanes: 1, digest: "
    assert f"the profile lab can be used ({counts}" in done.stdout


def test_check_tells_the_mistakes_of_a_bad_one() -> None:
    done = config("check", "wrong_type.yaml", folder=BAD)

    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == (
        "wrong_type.yaml:4:11: endpoints[0].port: the text 'https' stands here;"
        " allowed: a whole number from 1 to 65535\n"
    )


def test_fields_tells_what_may_stand_in_a_part_and_where_to_read_on() -> None:
    lanes, workloads = config("fields", "lanes"), fields_of("lanes.runtime.workloads")

    assert (lanes.returncode, lanes.stderr) == (0, "")
    assert lanes.stdout.startswith("lanes: One way from a source branch to the pods that run it.")
    assert "truth: needed\n    'deploy-json' or 'yaml-lane'\n    What says" in lanes.stdout
    assert "    its fields: python -m config fields lanes.pipeline\n" in lanes.stdout
    assert "    a mapping, or {absent: REASON}\n" in lanes.stdout
    assert 'kind: "Deployment" if left out\n' in workloads
    assert "commit_env: may be left out\n" in workloads


def test_fields_of_several_kinds_are_told_kind_by_kind() -> None:
    told = fields_of("vantages")

    for kind in ("local", "netns", "docker", "ssh", "kubernetes"):
        assert f"vantages of the kind {kind}: " in told
    assert "budget: 120s if left out\n    a duration: 500ms" in fields_of("lanes.pipeline")
    assert "latest_only: false if left out\n    true or false\n" in fields_of("lanes.pipeline")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("lanes.pipline", "lanes has no field 'pipline' (did you mean 'pipeline'?)"),
        ("lanes.name", "lanes has no fields below 'name'; those with fields are source, mirror"),
        ("what", "a profile has no field 'what'"),
    ],
)
def test_fields_of_what_is_not_there_tells_what_is(part: str, words: str) -> None:
    with pytest.raises(ProfileError, match=re.escape(words)):
        fields_of(part)


def test_every_field_of_a_lane_is_told() -> None:
    seen: dict[str, str] = {}
    left = ["lanes"]
    while left:
        part = left.pop()
        seen[part] = fields_of(part)
        left += re.findall(r"its fields: python -m config fields (\S+)", seen[part])

    assert {"lanes.pipeline.reuse", "lanes.secrets.dsn", "lanes.observability.queries"} <= {*seen}
    for model in (Lane, Pipeline, Runner, Query):
        told = "\n".join(seen.values())
        assert [name for name in model.model_fields if f"\n{name}: " not in told] == []


def test_schema_prints_json_schema() -> None:
    done = config("schema")

    assert (done.returncode, done.stderr) == (0, "")
    schema = json.loads(done.stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "endpoints" in schema["properties"]


def test_init_writes_a_profile_that_can_be_used(tmp_path: Path) -> None:
    done = config("init", folder=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert "touchstone.yaml is written" in done.stdout
    checked = config("check", "touchstone.yaml", folder=tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_init_does_not_touch_a_file_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("ours")

    done = config("init", "mine.yaml", folder=tmp_path)

    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == "mine.yaml: this file is there already; --force replaces it\n"
    assert (tmp_path / "mine.yaml").read_text() == "ours"


def test_init_replaces_a_file_when_it_is_told_to(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("ours")

    done = config("init", "--force", "mine.yaml", folder=tmp_path)

    assert done.returncode == 0
    assert yaml.safe_load((tmp_path / "mine.yaml").read_text())["name"] == "mine"


def test_init_tells_a_folder_that_is_not_there(tmp_path: Path) -> None:
    done = config("init", "no-such/mine.yaml", folder=tmp_path)

    assert done.returncode == 4
    assert done.stderr == (
        "no-such/mine.yaml: the file cannot be written: No such file or directory\n"
    )


def test_refresh_ranges_tells_in_one_line_that_nobody_is_there(tmp_path: Path) -> None:
    target = tmp_path / "ranges.yaml"

    done = config(
        "refresh-ranges", "--from", "http://127.0.0.1:1/meta", "--to", str(target), NO_PROXY="*"
    )

    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("http://127.0.0.1:1/meta cannot be read: ")
    assert done.stderr.count("\n") == 1
    assert not target.exists()


@pytest.mark.parametrize("arguments", [(), ("no-such",), ("show",), ("list", "x"), ("init", "-x")])
def test_wrong_use_is_told_with_the_right_one(arguments: tuple[str, ...]) -> None:
    done = config(*arguments)

    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m config")


def test_help_names_every_command() -> None:
    done = config("--help")

    assert done.returncode == 0
    commands = ("list", "show", "check", "fields", "schema", "init", "refresh-ranges")
    assert [
        one for one in commands if f"\n    {one} " not in done.stdout.replace("ranges\n", "ranges ")
    ] == []


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    command = f"{shlex.quote(sys.executable)} -m config schema | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
