"""The `github` profile as it is shipped, against stand-ins that carry GitHub's names."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.program import ROOT, Ended, run_checks
from tests.stand_in_sites import ADDRESSES, PAGES, Page
from tests.stand_ins import Identity, Internet, make_identity, with_internet, without_internet

GITHUB = ("--profile", "github")
PATIENCE = 30
"""Seconds in which a run against a healthy or a dead network has to end."""


@pytest.fixture(scope="module")
def identity() -> Identity:
    return make_identity()


@pytest.fixture
def healthy(tmp_path: Path, identity: Identity) -> tuple[str, ...]:
    return with_internet(tmp_path / "host", identity, Internet())


def of(ended: Ended, verdict: str) -> set[str]:
    return {check for check, found in ended.verdicts().items() if found == verdict}


def layers(ended: Ended, verdict: str) -> set[str]:
    return layer_of(ended.journal("verdict"), verdict)


def layer_of(lines: list[dict[str, Any]], verdict: str) -> set[str]:
    """Return the layers of the checks with the verdict: `tls/handshake` for one."""
    return {
        line["check"].partition(".py::")[0].removeprefix("checks/").replace("/check_", "/")
        for line in lines
        if line["verdict"] == verdict
    }


def test_a_healthy_network_is_upheld_and_sealed(tmp_path: Path, healthy: tuple[str, ...]) -> None:
    began = time.monotonic()
    ended = run_checks(tmp_path, *GITHUB, "-m", "network or hosts", within=healthy)

    assert time.monotonic() - began < PATIENCE
    assert ended.status == 0, ended.out
    assert set(ended.verdicts().values()) == {"upheld", "not-applicable"}
    assert all(
        line["reason"] for line in ended.journal("verdict") if line["verdict"] == "not-applicable"
    )
    assert {f"check_name_resolves[{name}@host]" for name in ADDRESSES} - of(ended, "upheld") == {
        "check_name_resolves[raw.githubusercontent.com@host]"  # only the other profile's
    }
    assert ended.is_sealed()
    made = {line["sighting"]: line["probe"] for line in ended.journal("sighting.begin")}
    connected = {
        (seen["observation"]["family"], seen["observation"]["address"])
        for line in ended.journal("sighting.end")
        if made[line["sighting"]] == "connect"
        for seen in line["seen"]
    }
    assert connected >= {
        ("IPv4", "140.82.112.3"),
        ("IPv4", "185.199.108.133"),
        ("IPv6", "2606:50c0:8000::154"),
    }
    asked = (tmp_path / "host" / "asked.log").read_text()
    assert "pipelines.actions.githubusercontent.com POST /_apis/health 200 touchstone" in asked
    assert "github.com GET / 200 Mozilla/5.0" in asked
    assert "github.com POST /actions/checkout/git-upload-pack 200 git/" in asked


def causes(ended: Ended) -> set[tuple[str, ...]]:
    """Return the causes that are named, of each violation."""
    violated = [line for line in ended.journal("verdict") if line["verdict"] == "violated"]
    return {tuple(one["cause"] for one in line["diagnoses"]) for line in violated}


@pytest.mark.parametrize("silent", [False, True], ids=["unreachable", "silent"])
def test_without_a_network_what_can_be_asked_for_is_violated(
    tmp_path: Path, *, silent: bool
) -> None:
    within = without_internet(tmp_path / "host", silent=silent)
    began = time.monotonic()
    ended = run_checks(tmp_path, *GITHUB, "-m", "network", within=within)

    assert time.monotonic() - began < PATIENCE
    assert ended.status == 1, ended.out
    # A name of which nobody could be asked is not known to be wrong.
    assert layers(ended, "violated") == {"network/nameservers", *(["network/names"] * silent)}
    assert set(ended.verdicts().values()) == {"violated", "inconclusive"}
    for line in ended.journal("verdict"):
        if line["verdict"] == "inconclusive":
            told = "check_name_resolves" in line["held_by"]
            assert told if silent else "there is no way to" in line["reason"], line
    names = {check for check in ended.verdicts() if check.startswith("check_name_resolves[")}
    assert len(names) == 18
    assert names <= of(ended, "violated" if silent else "inconclusive")
    assert causes(ended) == {("dns-timeout" if silent else "no-route",)}
    assert ended.is_sealed()


@pytest.mark.parametrize(
    ("strangers", "words"),
    [(("11.2.0.12",), "something-else.test"), ((), "nothing came until the deadline")],
    ids=["something-else", "nobody"],
)
def test_a_hijacked_name_is_violated_and_nothing_above_it_is_green(
    tmp_path: Path, identity: Identity, strangers: tuple[str, ...], words: str
) -> None:
    internet = Internet(answers={**ADDRESSES, "github.com": ("11.2.0.12",)}, strangers=strangers)
    within = with_internet(tmp_path / "host", identity, internet)

    ended = run_checks(tmp_path, *GITHUB, "-m", "network", within=within)

    hijacked = "check_addresses_belong_to_the_name"
    assert ended.status == 1, ended.out
    nameservers = "check_no_nameserver_gives_a_forbidden_address"
    assert of(ended, "violated") == {f"{name}[github.com@host]" for name in (hijacked, nameservers)}
    said = {
        name: line["saw"]
        for line in ended.journal("verdict")
        for name in (hijacked, nameservers)
        if line["verdict"] == "violated" and name in line["check"]
    }
    assert "11.2.0.12 for github.com (dns) is forbidden" in said[hijacked]
    assert words in said[hijacked]
    assert "192.0.2.53/udp A: 11.2.0.12" in said[nameservers]
    assert causes(ended) == {("dns-hijack",)}
    of_it = [line for line in ended.journal("verdict") if "[github.com@host]" in line["check"]]
    assert layer_of(of_it, "upheld") == {*("network/names", "network/nameservers", "network/ways")}
    assert layer_of(of_it, "inconclusive") == {
        *("network/connections", "network/http", "network/git", "tls/handshake", "tls/certificate")
    }
    assert all(line["held_by"] == [hijacked] for line in of_it if line["held_by"])
    assert {line["verdict"] for line in ended.journal("verdict") if line not in of_it} == {
        *("upheld", "not-applicable")
    }
    assert "Broke at network/names:" in ended.out


def test_a_host_with_ipv4_alone_is_upheld(tmp_path: Path, identity: Identity) -> None:
    served = {
        name: [address for address in addresses if ":" not in address]
        for name, addresses in ADDRESSES.items()
    }
    within = with_internet(tmp_path / "host", identity, Internet(served=served))

    ended = run_checks(tmp_path, *GITHUB, "-m", "network", within=within)

    assert ended.status == 0, ended.out
    assert set(ended.verdicts().values()) == {"upheld", "not-applicable"}
    answers = [
        seen["observation"]["addresses"]
        for line in ended.journal("sighting.end")
        for seen in line["seen"]
        if seen["observation"]["kind"] == "answer"
    ]
    assert [*served["objects.githubusercontent.com"]] in [sorted(one) for one in answers]


def test_an_address_without_a_way_is_a_remark(tmp_path: Path, identity: Identity) -> None:
    astray, nowhere = "2606:50c0:8000::999", "2606:50c0:8001::999"
    answers = {**ADDRESSES, "github.com": (*ADDRESSES["github.com"], astray), "ghcr.io": (nowhere,)}
    within = with_internet(tmp_path / "host", identity, Internet(answers=answers))

    ended = run_checks(tmp_path, *GITHUB, "-m", "network", within=within)

    assert ended.status == 1, ended.out
    assert of(ended, "violated") == {"check_there_is_a_way_to_the_name[ghcr.io@host]"}
    for line in ended.journal("verdict"):
        if line["verdict"] == "inconclusive":
            assert line["check"].endswith(("[ghcr.io@host]", "[ghcr.io/v2/@host]")), line
            assert line["held_by"] == ["check_there_is_a_way_to_the_name"]
    (remark,) = [text for line in ended.journal("verdict") for text in line["remarks"]]
    assert f"no way to {astray} for github.com (dns): " in remark
    assert "check_git_lists_refs[github.com@host]" in of(ended, "upheld")


@pytest.mark.parametrize("status", [403, 500])
def test_an_answer_that_is_no_page_is_violated(
    tmp_path: Path, identity: Identity, status: int
) -> None:
    refused = Page(status, PAGES["github.com"]["/"].headers)
    internet = Internet(pages={**PAGES, "github.com": {"/": refused}})
    within = with_internet(tmp_path / "host", identity, internet)

    ended = run_checks(tmp_path, *GITHUB, "-m", "smoke", within=within)

    assert ended.status == 1, ended.out
    assert of(ended, "violated") == {"check_response_has_the_expected_status[github.com@host]"}
    assert f"HTTP/1.1 {status}" in next(
        line["saw"] for line in ended.journal("verdict") if line["verdict"] == "violated"
    )


def test_a_captive_portal_speaks_no_tls(tmp_path: Path, identity: Identity) -> None:
    within = with_internet(tmp_path / "host", identity, Internet(portal=True))

    ended = run_checks(tmp_path, *GITHUB, "-m", "network", within=within)

    assert ended.status == 1, ended.out
    assert layers(ended, "violated") == {"tls/handshake"}
    violated = [line for line in ended.journal("verdict") if line["verdict"] == "violated"]
    assert len(violated) == 18
    assert all("not TLS" in line["saw"] and "HTTP" in line["saw"] for line in violated)
    assert layers(ended, "inconclusive") >= {"network/http", "network/git", "tls/certificate"}


def test_smoke_is_the_way_to_a_page_and_tells_allure(
    tmp_path: Path, healthy: tuple[str, ...]
) -> None:
    allure = tmp_path / "allure"
    ended = run_checks(
        tmp_path,
        *("-m", "smoke", f"--alluredir={allure}"),
        within=healthy,
        env={"TOUCHSTONE_PROFILE": "github"},
    )

    assert ended.status == 0, ended.out
    assert "Profile github" in ended.out
    assert layers(ended, "upheld") == {
        *("network/names", "network/ways", "network/connections", "network/http"),
        *("tls/handshake", "tls/certificate"),
    }
    labels = [
        {label["name"]: label["value"] for label in json.loads(file.read_text())["labels"]}
        for file in allure.glob("*-result.json")
    ]
    assert len(labels) == len(ended.verdicts())
    assert {(one["epic"], one["feature"]) for one in labels} == {
        ("github", area) for area in ("network", "tls")
    }
    assert {"github.com", "codeload.github.com/_ping"} <= {one["story"] for one in labels}


def test_the_plan_is_the_commands_that_would_be_run(tmp_path: Path) -> None:
    within = without_internet(tmp_path / "host", silent=False)

    ended = run_checks(tmp_path, *GITHUB, "-m", "network", "--plan-only", within=within)

    assert (ended.status, ended.folder) == (0, None), ended.out
    for command in (
        "getent ahosts github.com",
        "-servername codeload.github.com",
        "ls-remote https://github.com/actions/checkout",
        "https://pipelines.actions.githubusercontent.com/_apis/health",
    ):
        assert command in ended.out


def test_a_vantage_is_chosen_by_its_name(tmp_path: Path, healthy: tuple[str, ...]) -> None:
    shipped = (ROOT / "config" / "profiles" / "github.yaml").read_text()
    host = "  - {name: host, kind: local}\n"
    profile = tmp_path / "two.yaml"
    profile.write_text(shipped.replace(host, host + "  - {name: runner, kind: local}\n"))

    chosen = ("--vantage", "runner", "-k", "check_git_lists_refs or check_name_resolves")
    ended = run_checks(tmp_path, f"--profile={profile}", *chosen, within=healthy)

    assert ended.status == 0, ended.out
    assert len(ended.verdicts()) == 19
    assert all(check.endswith("@runner]") for check in ended.verdicts())


def test_the_deadline_is_each_layers(tmp_path: Path) -> None:
    within = without_internet(tmp_path / "host", silent=True)
    one = ("-m", "smoke", "-k", "npm.pkg.github.com")
    ended = run_checks(tmp_path, *GITHUB, "--deadline", "2", *one, within=within)

    assert ended.status == 1, ended.out
    assert layers(ended, "violated") == {"network/names"}
    assert "no answer within 2 s" in ended.out


def test_the_first_violation_ends_the_run_where_asked(tmp_path: Path, identity: Identity) -> None:
    nothing = {host: {"/": Page(503, {})} for host in PAGES}
    within = with_internet(tmp_path / "host", identity, Internet(pages=nothing))

    ended = run_checks(tmp_path, *GITHUB, "-m", "smoke", "-x", within=within)

    assert ended.status == 1, ended.out
    assert len(of(ended, "violated")) == 1
    assert ended.journal("verdict")[-1]["verdict"] == "violated"
    assert len(ended.verdicts()) < len(ended.journal("plan")[0]["checks"])
    assert not ended.is_sealed()  # a part of what was planned is no acceptance
