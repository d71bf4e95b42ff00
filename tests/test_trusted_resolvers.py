"""A lying nameserver and a resolver that is trusted, through the whole program."""

import json
from pathlib import Path

import pytest

from tests.program import Ended, run_checks
from tests.stand_in_resolvers import ADDRESS as TRUSTED
from tests.stand_in_resolvers import DOH, NAME, start_trusted, write_trusted
from tests.stand_in_sites import ADDRESSES
from tests.stand_ins import Internet, make_identity, with_internet

HUB = "github.com"
LIE = "203.0.113.9"
CHECK = f"check_addresses_belong_to_the_name[{HUB}@here]"
WAYS = {"dot": NAME, "url": DOH}


@pytest.fixture
def lied_to(tmp_path: Path) -> tuple[str, ...]:
    """Return a host whose nameserver lies; another resolver there tells the truth over TLS."""
    internet = Internet(answers={HUB: (LIE,)}, refusing=(LIE, TRUSTED), besides=start_trusted())
    within = with_internet(tmp_path / "host", make_identity(), internet)
    write_trusted(tmp_path / "host", {HUB: ADDRESSES[HUB]})
    return within


def profile(folder: Path, **more: object) -> str:
    told = {
        "name": "lied-to",
        "ranges": "github",
        "endpoints": [{"host": HUB, "ranges": ["web"]}],
        "hosts": {"absent": "not looked at"},
    }
    path = folder / "lied-to.yaml"
    path.write_text(json.dumps(told | more))
    return f"--profile={path}"


def named(ended: Ended) -> dict[str, list[str]]:
    return {
        line["check"].rpartition("::")[2]: [one["cause"] for one in line["diagnoses"]]
        for line in ended.journal("verdict")
        if line["verdict"] == "violated"
    }


def probes(ended: Ended) -> list[str]:
    return [line["probe"] for line in ended.journal("sighting.begin")]


@pytest.mark.parametrize("way", WAYS)
def test_a_lie_is_proved_by_what_is_given_over_tls(
    tmp_path: Path, lied_to: tuple[str, ...], way: str
) -> None:
    resolver = {"name": "ours", "address": TRUSTED, way: WAYS[way]}
    told = profile(tmp_path, trusted_resolvers=[resolver])

    ended = run_checks(tmp_path, told, "-m", "network", within=lied_to)

    assert named(ended) == {CHECK: ["dns-hijack"]}, ended.out
    assert f"the line '{ADDRESSES[HUB][0]} {HUB}' in /etc/hosts" in ended.out
    transport = "dot" if way == "dot" else "doh"
    said = f"ours ({TRUSTED})/{transport} {HUB} A: NOERROR, {ADDRESSES[HUB][0]}"
    assert f"asked again, a trusted resolver: {said}" in ended.out
    assert (
        f"asked again, a trusted resolver: ours ({TRUSTED})/{transport} {HUB} AAAA"
        not in (ended.out.partition("FAILURES")[2].partition("remedy")[0])
    )
    again = run_checks(tmp_path, f"--replay={ended.folder}")
    assert named(again) == named(ended)
    assert sorted(probes(again)) == sorted(probes(ended))


def test_nobody_is_asked_whom_the_profile_does_not_name(
    tmp_path: Path, lied_to: tuple[str, ...]
) -> None:
    ended = run_checks(tmp_path, profile(tmp_path), "-m", "network", within=lied_to)

    assert named(ended) == {CHECK: ["unknown"]}, ended.out
    assert "ask_trusted" not in probes(ended)
    assert "ask_again" in probes(ended)
