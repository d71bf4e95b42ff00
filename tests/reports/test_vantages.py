"""The record's tables of what each vantage is."""

from typing import Any

import pytest
from markdown_it import MarkdownIt

from reports.projections.vantages import vantages
from tests.reports.lines import HOSTILE, vantage

CONTAINER: dict[str, Any] = {
    "vantage": "runner",
    "vantage_kind": "docker",
    "place": {"engine": "docker 24.0", "container": "web", "image": "a:1", "image_id": "sha256:ab"},
    "system": {"kernel": "6.1", "name": "Alpine", "container": "docker", "wsl": "no"},
    "interfaces": {"eth0": 1400},
    "routes": ["0.0.0.0/0 via 10.0.0.1 dev eth0 metric 0", "10.0.0.0/8 dev eth0 metric 0"],
    "variables": {"https_proxy": "http://(not shown)@p:3128", "SSL_CERT_FILE": "/ca.pem"},
    "store": {"path": "/ca.pem", "sha256": "cd", "certificates": 1},
    "clock": {"ahead_ms": -1200, "within_ms": 40},
    "tools": {"openssl": None, "curl": "curl 8.1 (x86) libcurl", "git": None},
    "files": {
        "/etc/resolv.conf": "# made\nnameserver 127.0.0.11\noptions ndots:0\n",
        "/etc/nsswitch.conf": "passwd: files\nhosts:  files dns\n",
    },
    "authorities": {"/lab.pem": "ef"},
}


def rows(line: dict[str, Any]) -> dict[str, str]:
    lines = vantages([line]).splitlines()
    cells = [one.removeprefix("| ").removesuffix(" |").split(" | ") for one in lines[6:]]
    return dict(cells)


def test_each_fact_of_a_container_has_a_line() -> None:
    assert rows(CONTAINER) == {
        "Kind": "docker",
        "Place": "engine `docker 24.0`, container `web`, image `a:1`, image id `sha256:ab`",
        "System": "Alpine, kernel `6.1`, in a container (docker)",
        "Resolver": "`nameserver 127.0.0.11`, `options ndots:0`, `hosts: files dns`",
        "Interfaces": "`eth0` MTU 1400",
        "Default routes": "`0.0.0.0/0 via 10.0.0.1 dev eth0 metric 0`",
        "Proxies": "`https_proxy=http://(not shown)@p:3128`",
        "Variables": "`SSL_CERT_FILE=/ca.pem`",
        "Trust store": "`/ca.pem`, sha256 `cd`, 1 certificate",
        "Clock": "1200 ms behind this host's, within 40 ms",
        "Tools": "curl 8.1, no openssl and no git",
    }


def test_vantages_stand_in_the_order_in_which_they_were_recorded() -> None:
    told = vantages([CONTAINER | {"vantage": name} for name in ("z", "a", "m")])

    assert [line for line in told.splitlines() if line[:3] == "###"] == [
        "### `z`",
        "### `a`",
        "### `m`",
    ]
    assert vantages([]) == ""


def test_a_lab_says_little() -> None:
    told = rows(CONTAINER | {"vantage_kind": "lab"})

    assert told["Kind"] == "lab: its servers are on this host"
    assert not {"Interfaces", "Default routes", "Proxies", "Variables", "Clock"} & told.keys()


def test_what_is_not_known_is_told_with_its_reason() -> None:
    reason = {"unknown": "no such container"}
    gone = CONTAINER | {"place": reason, "system": reason, "store": reason, "clock": reason}
    gone |= {"interfaces": {}, "routes": [], "variables": {}, "authorities": {}}
    gone |= {"tools": dict.fromkeys(("openssl", "curl", "git"))}
    gone |= {"files": {"/etc/resolv.conf": "(no such container)", "/etc/nsswitch.conf": None}}

    assert rows(gone) == {"Kind": "docker", "System": "not known: no such container"}
    slow = {"unknown": "it hangs"}
    other = rows(gone | {"store": slow, "clock": slow, "files": {"/etc/resolv.conf": "(no)"}})
    assert (other["Trust store"], other["Clock"]) == ("not known: it hangs",) * 2
    assert other["Resolver"] == "(no)"


def test_a_vantages_own_clock_stands_beside_the_date_that_was_heard_there() -> None:
    late = {"vantage": "late", "clock": {"ahead_ms": -1200, "within_ms": 40}}
    own = {"vantage": "own", "clock": {"ahead_ms": 0, "within_ms": 0}}
    mute = {"vantage": "mute", "clock": {"unknown": "no date there"}}
    heard = dict.fromkeys(("late", "own", "mute"), ("api.test", 2.0, 1.1))
    told = vantages([CONTAINER | one for one in (late, own, mute)], heard)

    assert [line for line in told.splitlines() if line.startswith("| Clock")] == [
        (
            "| Clock | 1200 ms behind this host's, within 40 ms;"
            " 3.2 s behind the Date of `api.test`, within 1.1 s |"
        ),
        "| Clock | this host's own; 2.0 s behind the Date of `api.test`, within 1.1 s |",
        "| Clock | not known: no date there |",
    ]


def test_what_testinfra_told_stands_beside_the_rest() -> None:
    system = {"name": "Alpine", "kernel": "6.1", "arch": "aarch64", "wsl": "yes"}
    links = {"/etc/resolv.conf": "/mnt/wsl/resolv.conf", "/etc/hosts": "/etc/hosts", "/x": None}
    told = rows(CONTAINER | {"system": system, "links": links})

    assert told["System"] == "Alpine, kernel `6.1`, aarch64, WSL"
    assert told["Links"] == "`/etc/resolv.conf` leads to `/mnt/wsl/resolv.conf`"
    untold = rows(CONTAINER | {"system": {"name": "Alpine", "untold": "uname ended with 127"}})
    assert untold["System"] == "Alpine, uname ended with 127"


def test_nothing_leads_away_where_no_route_is_the_default() -> None:
    told = rows(CONTAINER | {"routes": ["10.0.0.0/8 dev eth0 metric 0"], "variables": {}})

    assert (told["Default routes"], told["Proxies"]) == ("none", "none")


@pytest.mark.parametrize("odd", [None, 7, "text", ["x"], {"a": {"b": []}}, {"unknown": HOSTILE}])
def test_what_another_version_wrote_breaks_nothing(odd: Any) -> None:
    line = {"kind": "vantage", "vantage": "here"} | dict.fromkeys([*CONTAINER][2:], odd)

    assert vantages([line]).startswith("## Vantages\n\n### `here`\n\n| | |\n|---|---|\n")


def test_hostile_and_long_facts_stay_in_their_lines() -> None:
    text = f"{HOSTILE} | " * 100
    many = {f"e{number}{text}": text for number in range(30)}
    line = vantage() | dict.fromkeys(("place", "variables", "tools", "interfaces"), many)
    line |= {"vantage": text, "routes": [f"0.0.0.0/0 {text}"] * 30, "system": {"name": text}}
    told = vantages([line])
    tokens = MarkdownIt().enable("table").parse(told)
    cells = [one for one in tokens if one.type == "inline" and one.level > 2]

    assert len(told) < 60_000
    assert " and 18 more" in told
    assert "<b>" not in told
    assert "\x1b" not in told
    assert len(cells) == 2 * (len(told.splitlines()) - 5)
    assert [token.type for token in tokens].count("table_open") == 1
