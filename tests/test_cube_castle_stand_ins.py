"""The `cube-castle` profile as it is shipped, through its incident: hijacked, healed, stale.

The resolver answers 11.2.0.12 for github.com all the time; what differs is the hosts file,
and whether the address that it pins still serves.
"""

from pathlib import Path

from tests.program import ROOT, Ended, run_checks
from tests.stand_in_sites import ADDRESSES
from tests.stand_ins import LOCALHOST, Internet, make_identity, with_internet

HIJACKED = "11.2.0.12"
ELSEWHERE = "198.51.100.7"
"""Outside GitHub's known ranges."""
STAMP = "20251120T080000Z"
PINNED = (
    "github.com",
    "codeload.github.com",
    "api.github.com",
    "raw.githubusercontent.com",
    "github-releases.githubusercontent.com",
    "objects.githubusercontent.com",
    "objects-origin.githubusercontent.com",
    "release-assets.githubusercontent.com",
)
BLOCK = f"# Plan 267-D GitHub override ({STAMP})\n" + "".join(
    f"{ADDRESSES[name][0]} {name}\n" for name in PINNED
)
LEFT = BLOCK.replace(f"{ADDRESSES['github.com'][0]} github.com", f"{ELSEWHERE} github.com")
ANSWERS = {**ADDRESSES, "github.com": (HIJACKED,)}
HEALED = Internet(answers=ANSWERS, strangers=[HIJACKED])
ABOVE = {
    f"{check}[github.com@host]"
    for check in (
        "check_connection_is_made",
        "check_handshake_completes",
        "check_certificate_is_trusted",
        "check_certificate_names_the_host",
        "check_response_is_whole",
        "check_response_has_the_expected_status",
        "check_git_advertises_refs",
        "check_git_lists_refs",
        "check_enough_attempts_succeed",
    )
}
SERVING = "check_every_pin_serves_its_name[/etc/hosts@host]"
CURRENT = "check_hosts_file_gives_current_addresses[github.com@host]"
PINS = {SERVING, CURRENT}
STALE = Internet(
    answers=ANSWERS,
    served={**ADDRESSES, "github.com": ("140.82.114.4",)},
    strangers=[HIJACKED],
    refusing=ADDRESSES["github.com"],
)


def through(folder: Path, internet: Internet, *, hosts: str) -> Ended:
    """Run the shipped profile, from a folder to which its log may be copied."""
    profile = folder / "config" / "profiles" / "cube-castle.yaml"
    profile.parent.mkdir(parents=True)
    profile.write_bytes((ROOT / "config" / "profiles" / "cube-castle.yaml").read_bytes())
    within = with_internet(folder / "host", make_identity(), internet, hosts=hosts)
    backup = folder / "host" / "etc" / f"hosts.plan267.{STAMP}.bak"
    backup.write_text(LOCALHOST)
    return run_checks(folder, f"--profile={profile}", "-m", "network or hosts", within=within)


def of(ended: Ended, verdict: str) -> set[str]:
    return {check for check, found in ended.verdicts().items() if found == verdict}


def holders(ended: Ended) -> set[tuple[str, ...]]:
    """Return which checks hold what could not be judged."""
    lines = ended.journal("verdict")
    return {tuple(line["held_by"]) for line in lines if line["verdict"] == "inconclusive"}


def test_without_the_override_the_name_and_the_block_are_what_broke(tmp_path: Path) -> None:
    ended = through(tmp_path, HEALED, hosts="")

    assert ended.status == 1, ended.out
    assert of(ended, "violated") == {
        "check_addresses_belong_to_the_name[github.com@host]",
        "check_no_nameserver_gives_a_forbidden_address[github.com@host]",
        "check_block_is_there_once[/etc/hosts@host]",
    }
    assert holders(ended) == {
        ("check_addresses_belong_to_the_name",),
        ("check_block_is_there_once",),
    }
    assert of(ended, "inconclusive") >= ABOVE
    assert f"{HIJACKED} for github.com (dns) is forbidden" in ended.out


def test_the_override_heals_it_and_the_hijack_stays_in_sight(tmp_path: Path) -> None:
    ended = through(tmp_path, HEALED, hosts=BLOCK)

    assert ended.status == 0, ended.out
    assert set(ended.verdicts().values()) == {"upheld", "not-applicable"}
    assert of(ended, "upheld") >= ABOVE | PINS
    (answer,) = [
        seen["observation"]
        for line in ended.journal("sighting.end")
        for seen in line["seen"]
        if seen["observation"]["kind"] == "answer" and seen["observation"]["name"] == "github.com"
    ]
    assert (answer["source"], answer["addresses"]) == ("hosts-file", [*ADDRESSES["github.com"]])
    remarks = " ".join(text for line in ended.journal("verdict") for text in line["remarks"])
    reasons = " ".join(line["reason"] for line in ended.journal("verdict"))
    told = f"192.0.2.53/udp A: {HIJACKED}"
    assert f"the hosts file answers, and nameservers may differ: {told}" in reasons
    assert f"the hosts file answers, and heals: {told}" in reasons
    assert "the others still need it" in remarks
    assert f"/etc/hosts.plan267.{STAMP}.bak /etc/hosts" in remarks
    (attempts,) = [
        line["seen"]
        for line in ended.journal("sighting.end")
        if line["seen"] and line["seen"][0]["observation"]["kind"] == "attempt"
    ]
    assert len(attempts) == 5
    assert ended.is_sealed()
    (log,) = (tmp_path / "logs" / "ci-monitor").iterdir()
    assert "getent ahosts github.com" in log.read_text()


def test_a_pin_of_known_ranges_that_is_refused_breaks_the_connection(tmp_path: Path) -> None:
    ended = through(tmp_path, STALE, hosts=BLOCK)

    assert ended.status == 1, ended.out
    broken = {
        f"{check}[github.com@host]"
        for check in ("check_connection_is_made", "check_enough_attempts_succeed")
    }
    assert of(ended, "violated") == {SERVING, *broken}
    assert CURRENT in of(ended, "upheld")
    assert of(ended, "inconclusive") >= ABOVE - broken
    assert "Broke at hosts/pins:" in ended.out
    assert "Broke at network/connections:" in ended.out
    assert f"/etc/hosts:4: github.com is pinned to {ADDRESSES['github.com'][0]}" in ended.out


def test_a_pin_that_leads_elsewhere_is_violated_where_it_is_pinned(tmp_path: Path) -> None:
    internet = Internet(answers=ANSWERS, strangers=[HIJACKED], refusing=[ELSEWHERE])

    ended = through(tmp_path, internet, hosts=LEFT)

    assert ended.status == 1, ended.out
    assert of(ended, "violated") == PINS
    (held,) = holders(ended)
    assert set(held) == {check.partition("[")[0] for check in PINS}
    assert of(ended, "inconclusive") >= ABOVE
    assert "Broke at hosts/pins:" in ended.out
    assert "Broke at network/overrides:" in ended.out
    assert f"/etc/hosts:4: github.com is pinned to {ELSEWHERE}" in ended.out
