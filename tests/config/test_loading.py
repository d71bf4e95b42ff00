"""Profiles that can be used, and what becomes of them."""

from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from config.loading import PROFILES, RANGES, known_profiles, load, parse
from config.mistakes import ProfileError
from config.model import Absent
from config.schema import LabVantage, Profile, nameserver_address, networks

SMALL = "name: small\nendpoints: [{host: github.com}]\nhosts: {absent: not looked at}\n"


def loaded(text: str, folder: Path = PROFILES) -> Profile:
    return parse(text, folder / "small.yaml")


def hosts_of(profile: Profile) -> dict[str, tuple[str, ...]]:
    assert isinstance(profile.endpoints, tuple)
    return {endpoint.host: endpoint.ranges for endpoint in profile.endpoints}


@pytest.mark.parametrize("name", known_profiles())
def test_every_profile_that_is_shipped_can_be_used(name: str) -> None:
    found = load(name)

    assert found.profile.name == name
    assert found.profile.description
    assert found.source == PROFILES / f"{name}.yaml"


def test_github_covers_every_function_of_a_runner() -> None:
    profile = load("github").profile

    assert isinstance(profile.endpoints, tuple)
    assert {endpoint.function for endpoint in profile.endpoints} == {
        "essential",
        "download actions",
        "download actions, packages",
        "logs, artifacts, caches",
        "tokens, pipelines",
        "runner updates",
        "packages",
        "LFS",
        "dependabot",
    }
    assert [str(one) for one in profile.forbidden] == ["11.2.0.12/32"]


def test_github_asks_the_pipelines_by_post_too() -> None:
    profile = load("github").profile

    assert isinstance(profile.endpoints, tuple)
    (endpoint,) = (one for one in profile.endpoints if one.host.startswith("pipelines."))
    assert isinstance(endpoint.http, tuple)
    assert [(one.method, one.path, one.body, one.carries) for one in endpoint.http] == [
        ("GET", "/_apis/health", None, ("x-vss-e2eid",)),
        ("POST", "/_apis/health", "{}", ("x-vss-e2eid",)),
    ]


def test_github_pins_no_names_and_says_why() -> None:
    hosts = load("github").profile.hosts

    assert not isinstance(hosts, Absent)
    assert isinstance(hosts.block, Absent)
    assert "cube-castle" in hosts.block.absent


def test_cube_castle_pins_the_names_of_its_plan() -> None:
    profile = load("cube-castle").profile

    assert not isinstance(profile.hosts, Absent)
    block = profile.hosts.block
    assert not isinstance(block, Absent)
    assert block.marker == "Plan 267-D GitHub override ({stamp})"
    assert set(block.names) == set(hosts_of(profile))
    assert profile.log_dir == str(PROFILES.parents[1] / "logs/ci-monitor")


def test_the_lab_is_its_own_vantage() -> None:
    profile = load("lab").profile

    assert profile.vantages == (LabVantage(name="lab", kind="lab"),)
    assert [str(one) for one in profile.forbidden] == ["127.11.2.12/32"]
    assert set(hosts_of(profile)) == {
        "site.lab.test",
        "pinned.lab.test",
        "git.lab.test",
        "plain.lab.test",
    }


def test_a_profile_is_found_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.yaml").write_text(SMALL)
    monkeypatch.chdir(tmp_path)

    by_path = {
        load(path).source for path in ("mine.yaml", "./mine.yaml", str(tmp_path / "mine.yaml"))
    }

    assert by_path == {tmp_path / "mine.yaml"}


def test_paths_begin_at_the_folder_of_the_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    (tmp_path / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")
    extra = "authorities: [ca.pem]\nlog_dir: ../logs\nsecrets: [{name: A, file: ~/token}]\n"

    profile = loaded(SMALL + extra, tmp_path)

    assert profile.authorities == (f"{tmp_path}/ca.pem",)
    assert profile.log_dir == f"{tmp_path.parent}/logs"
    assert profile.secrets[0].file == "/home/somebody/token"


def test_the_digest_is_equal_wherever_the_file_lies(tmp_path: Path) -> None:
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        (folder / "a.yaml").write_text(SMALL + "log_dir: logs\nsecrets: [{name: A, file: a.txt}]\n")

    digests = {load(str(tmp_path / folder / "a.yaml")).digest for folder in ("one", "two")}

    assert len(digests) == 1


def test_the_digest_tells_what_is_expected_and_not_how_it_is_written(tmp_path: Path) -> None:
    texts = {
        "plain": SMALL,
        "commented": "# the same\n" + SMALL + "in_flight: 64\n",
        "other": SMALL + "in_flight: 65\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text)

    digest = {name: load(str(tmp_path / f"{name}.yaml")).digest for name in texts}

    assert digest["plain"] == digest["commented"] != digest["other"]


def test_options_change_the_digest() -> None:
    found = load("lab")
    changed = found.changed(found.profile.model_copy(update={"in_flight": 7}))

    assert (changed.source, changed.profile.in_flight) == (found.source, 7)
    assert changed.digest != found.digest


def test_known_ranges_are_read_with_their_date_and_digest() -> None:
    ranges = load("github").profile.ranges

    assert ranges is not None
    assert (ranges.name, ranges.dated) == ("github", date(2026, 11, 21))
    assert "not fetched" in ranges.source
    assert ranges.digest == sha256((RANGES / "github.yaml").read_bytes()).hexdigest()


def test_an_endpoint_has_the_networks_of_all_its_ranges_once() -> None:
    profile = load("github").profile

    assert isinstance(profile.endpoints, tuple)
    github, *_, dependabot = profile.endpoints
    assert github.ranges == ("web", "git")
    assert networks(profile, github) == (
        "192.30.252.0/22",
        "185.199.108.0/22",
        "140.82.112.0/20",
        "143.55.64.0/20",
        "2a0a:a440::/29",
        "2606:50c0::/32",
    )
    assert networks(profile, dependabot) == ()


def test_ranges_may_lie_beside_the_profile(tmp_path: Path) -> None:
    text = 'source: ours\ndated: "2026-01-31"\nsets: {ours: [192.0.2.7]}\n'
    (tmp_path / "ranges.yaml").write_text(text)

    profile = loaded(SMALL + "ranges: ./ranges.yaml\n", tmp_path)

    assert profile.ranges is not None
    assert (profile.ranges.name, profile.ranges.source) == ("./ranges.yaml", "ours")


def test_a_mistake_in_the_ranges_is_told_with_its_place_there(tmp_path: Path) -> None:
    text = 'source: ours\ndated: "2026-01-31"\nsets: {ours: [192.0.2.7/8]}\n'
    (tmp_path / "ranges.yaml").write_text(text)

    with pytest.raises(ProfileError) as caught:
        loaded(SMALL + "ranges: ranges.yaml\n", tmp_path)

    assert str(caught.value).startswith(f"{tmp_path}/ranges.yaml:3:15: sets.ours[0]: ")


def test_missing_ranges_are_told_with_their_place_in_the_profile(tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as caught:
        loaded(SMALL + "ranges: ./no-such.yaml\n", tmp_path)

    assert str(caught.value) == (
        f"{tmp_path}/small.yaml:4:9: ranges: {tmp_path}/no-such.yaml:"
        " the file cannot be read: No such file or directory"
    )


def test_only_true_and_false_are_booleans_and_on_is_a_name() -> None:
    for word in ("on", "off", "yes", "no", "y", "N"):
        profile = loaded(SMALL.replace("name: small", f"name: {word}"))
        assert profile.name == word


def test_an_aliased_and_a_merged_mapping_are_followed() -> None:
    profile = loaded(
        "name: merged\n"
        "endpoints:\n"
        "  - &first {host: github.com, port: 443, function: essential}\n"
        "  - {<<: *first, port: 8443}\n"
        "hosts: {absent: not looked at}\n"
    )

    assert isinstance(profile.endpoints, tuple)
    assert [(str(one), one.function) for one in profile.endpoints] == [
        ("github.com", "essential"),
        ("github.com:8443", "essential"),
    ]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("500ms", 0.5), ("10s", 10), ("5m", 300), ("2h", 7200), ("14d", 1209600), ("2.5s", 2.5)],
)
def test_durations_are_written_with_their_unit(written: str, seconds: float) -> None:
    assert loaded(SMALL + f"deadlines: {{tls: {written}}}\n").deadlines.tls == seconds


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("9.9.9.9", ("9.9.9.9", 53)),
        ("9.9.9.9:5353", ("9.9.9.9", 5353)),
        ("2620:fe::fe", ("2620:fe::fe", 53)),
        ("[2620:fe::fe]", ("2620:fe::fe", 53)),
        ("[2620:fe::fe]:5353", ("2620:fe::fe", 5353)),
    ],
)
def test_a_nameserver_is_an_address_and_perhaps_a_port(text: str, address: tuple[str, int]) -> None:
    assert nameserver_address(text) == address
    assert loaded(SMALL + f'nameservers: ["{text}"]\n').nameservers == (text,)


@pytest.mark.parametrize("text", ["", ":53", "[::1", "[::1]53", "9.9.9.9:", "9.9.9.9:0", "::1:x"])
def test_what_is_no_nameserver_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        nameserver_address(text)
