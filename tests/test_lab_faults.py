"""Each fault of the lab, through the real program: the layer that broke, and its one cause."""

from pathlib import Path

import pytest

from fixtures.lab.faults import FROM_TWO, GATES, GITHUB, HARDCODED, LANE, SHOP, Fault
from tests.program import Ended, run_checks

SITE = "site.lab.test@lab"
REQUESTS = (SITE, "site.lab.test/moved@lab", "POST:site.lab.test/echo@lab")
CONNECTION = {f"check_connection_is_made[{SITE}]"}
HANDSHAKE = {f"check_handshake_completes[{SITE}]"}
TRUSTED = {f"check_certificate_is_trusted[{SITE}]"}
BODY = {f"check_response_is_whole[{request}]" for request in REQUESTS}
STATUS = "check_response_has_the_expected_status"
STATUSES = {f"{STATUS}[{request}]" for request in REQUESTS}
CLOCK = {
    f"check_clock_agrees_with_the_date_header[{request}]"
    for request in (*REQUESTS, "pinned.lab.test@lab")
}
REFS = {"check_git_lists_refs[git.lab.test@lab]"}
NAME = {f"check_name_resolves[{SITE}]"}

BROKEN = {
    Fault.TCP_REFUSED: ("network/connections", CONNECTION, "ECONNREFUSED"),
    Fault.TCP_TIMEOUT: ("network/connections", CONNECTION, "nothing came"),
    Fault.TCP_RESET: ("network/connections", CONNECTION, "ECONNRESET"),
    Fault.TLS_RESET_ON_SNI: ("tls/handshake", HANDSHAKE, "RST"),
    Fault.TLS_CUT_IN_HANDSHAKE: ("tls/handshake", HANDSHAKE, "FIN"),
    Fault.TLS_SILENT: ("tls/handshake", HANDSHAKE, "silent"),
    Fault.NOT_TLS: ("tls/handshake", HANDSHAKE, "HTTP"),
    Fault.TLS_ALERT: ("tls/handshake", HANDSHAKE, "alert 40"),
    Fault.MITM_UNTRUSTED: ("tls/certificate", TRUSTED, "issuer"),
    Fault.MITM_TRUSTED: (
        "tls/issuer",
        {"check_certificate_is_issued_by_a_named_authority[plain.lab.test@lab]"},
        "The company's inspection",
    ),
    Fault.HOSTNAME_MISMATCH: (
        "tls/certificate",
        {f"check_certificate_names_the_host[{SITE}]"},
        "it is for other.lab.test",
    ),
    Fault.CERTIFICATE_EXPIRED: (
        "tls/certificate",
        {*TRUSTED, f"check_certificate_outlives_the_renewal_window[{SITE}]"},
        "certificate has expired",
    ),
    Fault.CERTIFICATE_NOT_YET_VALID: ("tls/certificate", TRUSTED, "not yet valid"),
    Fault.CHAIN_INCOMPLETE: ("tls/certificate", TRUSTED, "unable to get local issuer"),
    Fault.CLOCK_SKEW: ("network/http", CLOCK, "s ahead of this clock"),
    Fault.MTU_BLACK_HOLE: ("tls/handshake", HANDSHAKE, "silent"),
    Fault.STALLED: ("network/http", BODY, "stalled"),
    Fault.PROXY_AUTH: ("network/git", REFS, "407"),
    Fault.PROXY_REFUSED: ("network/git", REFS, "403"),
    Fault.METHOD_BLOCKED: ("network/http", {f"{STATUS}[{REQUESTS[2]}]"}, "403"),
    Fault.USER_AGENT_BLOCKED: ("network/http", {f"{STATUS}[{SITE}]"}, "403"),
    Fault.RATE_LIMITED: ("network/http", STATUSES, "429"),
    Fault.AUTHENTICATION_REQUIRED: ("network/http", STATUSES, "401"),
    Fault.BODY_RESET: ("network/http", BODY, "reset"),
    Fault.BODY_TRUNCATED: ("network/http", BODY, "truncated"),
    Fault.DNS_HIJACK: (
        "network/names",
        {
            f"check_addresses_belong_to_the_name[{SITE}]",
            f"check_no_nameserver_gives_a_forbidden_address[{SITE}]",
        },
        "127.11.2.12",
    ),
    Fault.DNS_NXDOMAIN: ("network/names", NAME, "EAI_NONAME"),
    Fault.DNS_SERVFAIL: ("network/names", NAME, "SERVFAIL"),
    Fault.DNS_REFUSED: ("network/names", NAME, "REFUSED"),
    Fault.DNS_TIMEOUT: (
        "network/names",
        {*NAME, f"check_nameservers_reply[{SITE}]"},
        "timeout",
    ),
    Fault.HOSTS_OVERRIDE_STALE: (
        "hosts/pins",
        {
            "check_every_pin_serves_its_name[/etc/hosts@lab]",
            "check_hosts_file_gives_current_addresses[pinned.lab.test@lab]",
        },
        "127.77.1.99",
    ),
    Fault.HOSTS_REGENERATED: (
        "hosts/block",
        {
            "check_block_is_there_once[/etc/hosts@lab]",
            "check_wsl_has_not_written_the_file_anew[/etc/hosts@lab]",
            "check_wsl_does_not_generate_the_file[/etc/hosts@lab]",
        },
        "generateHosts",
    ),
}


LAYERS = "network or tls or hosts"
"""What looks at the way to the endpoints, on which these faults lie."""
OF_EVERY_PLACE = (
    (Fault.HOSTS_REGENERATED, Fault.DNS_TIMEOUT, Fault.TCP_TIMEOUT, Fault.PROXY_REFUSED),
    (
        *(Fault.HOSTS_OVERRIDE_STALE, Fault.DNS_HIJACK, Fault.MITM_TRUSTED, Fault.MITM_UNTRUSTED),
        *(Fault.CERTIFICATE_EXPIRED, Fault.HOSTNAME_MISMATCH, Fault.STALLED, Fault.PROXY_AUTH),
    ),
    (Fault.CLOCK_SKEW, Fault.RATE_LIMITED),
)
"""Faults that are possible together, at every place of the way."""


def causes(ended: Ended) -> dict[str, list[str]]:
    """Return the causes that the run names, by the last part of the check's id."""
    return {
        line["check"].partition("::")[2]: [one["cause"] for one in line["diagnoses"]]
        for line in ended.journal("verdict")
        if "diagnoses" in line
    }


def of(ended: Ended, verdict: str) -> set[str]:
    return {check for check, found in ended.verdicts().items() if found == verdict}


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    return run_checks(tmp_path_factory.mktemp("healthy"), "--profile", "lab", "-m", LAYERS)


def test_the_healthy_lab_is_upheld(healthy: Ended) -> None:
    assert healthy.status == 0, healthy.out
    assert set(healthy.verdicts().values()) == {"upheld", "not-applicable"}
    assert len(of(healthy, "upheld")) > 70
    assert causes(healthy) == {}


@pytest.mark.parametrize("faults", [(), *OF_EVERY_PLACE], ids="+".join)
def test_what_looks_elsewhere_is_upheld_whatever_broke_on_the_way(
    faults: tuple[Fault, ...], tmp_path: Path
) -> None:
    broken = [f"--lab-fault={fault}" for fault in faults]

    ended = run_checks(tmp_path, "--profile", "lab", *broken, "-m", f"not ({LAYERS})")

    assert ended.status == 0, ended.out
    assert set(ended.verdicts().values()) <= {"upheld", "not-applicable"}
    assert len(of(ended, "upheld")) > 60


@pytest.mark.parametrize("fault", BROKEN, ids=str)
def test_a_fault_violates_the_layer_that_broke_and_is_named_as_the_cause(
    fault: Fault, healthy: Ended, tmp_path: Path
) -> None:
    layer, violated, words = BROKEN[fault]

    ended = run_checks(tmp_path, "--profile", "lab", "--lab-fault", fault, "-m", LAYERS)

    assert ended.status == 1, ended.out
    assert of(ended, "violated") == violated, ended.out
    assert f"Broke at {layer}:" in ended.out
    said = " ".join(line["saw"] for line in ended.journal("verdict"))
    assert words in said
    assert causes(ended) == {check: [str(fault)] for check in violated}
    assert f"cause: {fault}" in ended.out
    held = {name for check in violated for name in [check.partition("[")[0]]}
    for line in ended.journal("verdict"):
        if line["verdict"] == "inconclusive":
            assert held & set(line["held_by"]), line
    untouched = of(healthy, "upheld") - violated - of(ended, "inconclusive")
    assert untouched - of(ended, "not-applicable") <= of(ended, "upheld")
    assert len(of(ended, "upheld")) > 50


def test_every_fault_is_held_to_its_layer() -> None:
    assert set(BROKEN) | FROM_TWO | GATES | GITHUB | HARDCODED | LANE | SHOP == set(Fault)


def in_container(checks: set[str]) -> set[str]:
    return {check.replace("@lab]", "@container]") for check in checks}


FROM_CONTAINER = {
    Fault.SERVICE_DOWN: STATUSES | in_container(STATUSES),
    Fault.HOSTS_NOT_IN_CONTAINER: {"check_vantages_agree_on_the_name[pinned.lab.test@container]"},
}


@pytest.mark.parametrize("fault", FROM_CONTAINER, ids=str)
def test_a_fault_that_shows_from_two_brings_the_labs_container(
    fault: Fault, tmp_path: Path
) -> None:
    ended = run_checks(tmp_path, "--profile", "lab", "--lab-fault", fault)

    assert ended.status == 1, ended.out
    assert of(ended, "violated") == FROM_CONTAINER[fault]
    assert causes(ended) == {check: [str(fault)] for check in of(ended, "violated")}
    assert of(ended, "inconclusive") == set()
    again = run_checks(tmp_path, f"--replay={ended.folder}")
    assert again.verdicts() == ended.verdicts()
    assert causes(again) == causes(ended)


GONE = ("--profile", "lab", "--lab-fault", "vantage-unavailable", "-m", "tls")


@pytest.fixture(scope="module")
def gone(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    return run_checks(tmp_path_factory.mktemp("gone"), *GONE)


def test_from_a_container_that_is_gone_nothing_is_judged(gone: Ended) -> None:
    assert gone.status == 6, gone.out
    judged = {check for check, verdict in gone.verdicts().items() if verdict != "not-applicable"}
    there = {check for check in judged if "@container]" in check}
    assert of(gone, "inconclusive") == there
    assert of(gone, "upheld") == judged - there != set()
    assert "the lab's container behind the vantage container is gone" in gone.out
    assert "start it again" in gone.out


def test_workers_find_it_gone_too(gone: Ended, tmp_path: Path) -> None:
    shared = run_checks(tmp_path, *GONE, "-n", "2")

    (told,) = [line for line in gone.out.splitlines() if line.startswith("Profile lab, from")]
    assert told in shared.out
    assert "the lab's container behind the vantage container is gone" in shared.out


def test_the_container_can_be_asked_alone(tmp_path: Path) -> None:
    fault = ("--profile", "lab", "--lab-fault", "service-down", "--vantage", "container")

    ended = run_checks(tmp_path, *fault, "-k", "status")

    assert of(ended, "violated") == in_container(STATUSES)


def test_two_faults_break_two_layers(tmp_path: Path) -> None:
    faults = ("--lab-fault", "tls-alert", "--lab-fault", "hosts-regenerated")

    ended = run_checks(tmp_path, "--profile", "lab", *faults, "-m", LAYERS)

    assert ended.status == 1
    assert HANDSHAKE | BROKEN[Fault.HOSTS_REGENERATED][1] == of(ended, "violated")
    assert {tuple(named) for named in causes(ended).values()} == {
        (str(Fault.TLS_ALERT),),
        (str(Fault.HOSTS_REGENERATED),),
    }


def test_the_faults_are_listed(tmp_path: Path) -> None:
    ended = run_checks(tmp_path, "--lab-fault", "help")

    assert ended.status == 0
    assert [line.split()[0] for line in ended.out.splitlines()] == [str(fault) for fault in Fault]
    assert all(len(line.split(maxsplit=1)[1]) > 20 for line in ended.out.splitlines())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--profile", "lab", "--lab-fault", "tls-alrt"], "did you mean tls-alert"),
        (["--lab-fault", "tls-alert"], "add --profile lab"),
        (["--profile", "lab", "--vantage", "container"], "has no such vantage"),
        (
            ["--profile", "lab", "--lab-fault", "tls-alert", "--lab-fault", "tls-silent"],
            "contradict each other",
        ),
    ],
)
def test_a_wrong_fault_is_refused(tmp_path: Path, arguments: list[str], words: str) -> None:
    ended = run_checks(tmp_path, *arguments)

    assert ended.status == 4
    assert words in ended.out
    assert "Traceback" not in ended.out
    assert ended.folder is None
