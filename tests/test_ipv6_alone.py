"""A host that has IPv6 alone: what is served by it is well, and nothing waits for IPv4."""

import json

import pytest

from tests.needs import need
from tests.program import Ended, run_checks
from tests.stand_in_sites import PAGES
from tests.stand_ins import NAMESERVER, Internet, make_identity, with_internet

BOTH, OLD = "objects.githubusercontent.com", "github.com"
SIX = "2606:50c0:8000::154"
ANSWERS = {BOTH: (SIX, "185.199.108.133"), OLD: ("140.82.112.3",)}
_RESOLVER = "fd00::53"
_ALONE = """\
sed -e s/{old}/{new}/ -e 's/access-control: .*/access-control: ::0\\/0 allow/' /mnt/unbound.conf \
  >/mnt/six.conf
ip address add {new} dev lo
{unbound} -c /mnt/six.conf
echo nameserver {new} >/mnt/etc/resolv.conf
ip -4 route del default
ip -4 address flush dev lo
"""


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    folder = tmp_path_factory.mktemp("six")
    alone = _ALONE.format(old=NAMESERVER, new=_RESOLVER, unbound=need("unbound"))
    served = {BOTH: (SIX,), OLD: ANSWERS[OLD]}
    pages = {BOTH: PAGES[OLD]}
    internet = Internet(ANSWERS, served, pages, besides=alone)
    within = with_internet(folder / "host", make_identity(), internet)
    told = {
        "name": "six",
        "hosts": {"absent": "not looked at"},
        "endpoints": [
            {"host": BOTH, "http": [{"path": "/"}]},
            {"host": OLD, "http": [{"path": "/"}]},
        ],
    }
    (folder / "six.yaml").write_text(json.dumps(told))
    return run_checks(folder, f"--profile={folder}/six.yaml", "-m", "network or tls", within=within)


def verdicts(ended: Ended, host: str) -> dict[str, set[str]]:
    """Return the checks of a host, by their verdicts."""
    found: dict[str, set[str]] = {}
    for check, verdict in ended.verdicts().items():
        name, _, about = check.rpartition("::")[2].partition("[")
        if about.startswith(host):
            found.setdefault(verdict, set()).add(name)
    return found


def test_a_name_that_has_an_address_of_ipv6_is_well(ended: Ended) -> None:
    found = verdicts(ended, BOTH)
    assert ended.folder is not None
    journal = (ended.folder / "journal.jsonl").read_text()

    assert found.keys() == {"upheld", "not-applicable"}, ended.out
    assert {"check_connection_is_made", "check_certificate_is_trusted"} <= found["upheld"]
    assert {"check_response_is_whole", "check_nameservers_reply"} <= found["upheld"]
    assert f"{SIX}: TLSv1.3" in journal


def test_one_that_has_none_is_violated_where_it_resolves_to_nothing(ended: Ended) -> None:
    found = verdicts(ended, OLD)

    assert ended.status == 1
    assert found["violated"] == {"check_name_resolves"}, ended.out
    assert "check_nameservers_reply" in found["upheld"]
    assert {"check_connection_is_made", "check_response_is_whole"} <= found["inconclusive"]
    assert f"not reached: {OLD}: EAI_NODATA" in ended.out


def test_nothing_waits_for_ipv4(ended: Ended) -> None:
    assert ended.journal("sighting.end")
    assert "no answer within" not in ended.out
    assert "timeout" not in ended.out
    assert ended.is_sealed()
