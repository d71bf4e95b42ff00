"""A lying nameserver and a resolver that is trusted, through the whole program."""

import json
from pathlib import Path

import pytest
import trustme

from tests.needs import need
from tests.program import Ended, run_checks
from tests.stand_in_sites import ADDRESSES
from tests.stand_ins import Identity, Internet, with_internet

HUB = "github.com"
LIE, TRUSTED = "203.0.113.9", "192.0.2.99"
CHECK = f"check_addresses_belong_to_the_name[{HUB}@here]"
RESOLVER = f"""\
server:
  username: ""
  chroot: ""
  pidfile: ""
  directory: "/mnt"
  use-syslog: no
  logfile: "/mnt/trusted.log"
  interface: {TRUSTED}@853
  interface: {TRUSTED}@443
  tls-service-key: "/mnt/trusted.pem"
  tls-service-pem: "/mnt/trusted.pem"
  access-control: 0.0.0.0/0 allow
  local-zone: "." static
  local-data: "{HUB}. 60 IN A {ADDRESSES[HUB][0]}"
remote-control:
  control-enable: no
"""
WAYS = {"dot": "resolver.test", "url": "https://resolver.test/dns-query"}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA(organization_name="The stand-ins' authority")


@pytest.fixture
def lied_to(tmp_path: Path, authority: trustme.CA) -> tuple[str, ...]:
    """Return a host whose nameserver lies; another resolver there tells the truth over TLS."""
    identity = Identity(
        authority.cert_pem.bytes(),
        authority.issue_cert(*ADDRESSES).private_key_and_cert_chain_pem.bytes(),
        trustme.CA().issue_cert("else.test").private_key_and_cert_chain_pem.bytes(),
    )
    internet = Internet(
        answers={HUB: (LIE,)},
        refusing=(LIE, TRUSTED),
        besides=f"{need('unbound')} -c /mnt/trusted.conf",
    )
    within = with_internet(tmp_path / "host", identity, internet)
    (tmp_path / "host" / "trusted.conf").write_text(RESOLVER)
    served = authority.issue_cert("resolver.test").private_key_and_cert_chain_pem
    served.write_to_path(str(tmp_path / "host" / "trusted.pem"))
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
