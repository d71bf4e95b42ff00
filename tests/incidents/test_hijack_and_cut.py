"""The hijack and the cut of 2025-11-20, and their healing by the managed block."""

import pytest

from tests.incidents.hijack_and_cut import CUT, HIJACKED, NAME, UNWATCHED, happen
from tests.incidents.reading import GOOD, Runs, causes, diagnosis, hold, of


@pytest.fixture(scope="module")
def hijack(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    return happen(tmp_path_factory.mktemp("hijack"))


def test_the_hijack_and_the_cut_are_named_with_proof_remedy_and_undo(hijack: Runs) -> None:
    broken = hijack["broken"]

    assert broken.status == 1, broken.out
    assert causes(broken) == {
        "dns-hijack": {
            "check_addresses_belong_to_the_name[github.com@host]",
            "check_no_nameserver_gives_a_forbidden_address[github.com@host]",
        },
        "tls-cut-in-handshake": {"check_handshake_completes[codeload.github.com@host]"},
    }
    lie, cut = diagnosis(broken, "dns-hijack"), diagnosis(broken, "tls-cut-in-handshake")
    assert f"{HIJACKED} for github.com (dns) is forbidden" in lie["facts"]
    assert "connection closed (FIN) after client-hello, 0 bytes received" in lie["facts"]
    assert "192.0.2.53/udp github.com A: NOERROR, 11.2.0.12" in lie["facts"]
    over_tls = "asked again, a trusted resolver: trusted (192.0.2.99)"
    for way in ("dot", "doh"):
        assert f"{over_tls}/{way} github.com A: NOERROR, 140.82.112.3" in lie["facts"]
    assert f"bound to {HIJACKED}: at another address it is not so" in lie["facts"]
    assert "managed block" in lie["remedy"]
    assert "'140.82.112.3 github.com' in /etc/hosts" in lie["remedy"]
    assert f"bound to {CUT}: at another address it is not so" in cut["facts"]
    assert f"'{UNWATCHED} codeload.github.com' in /etc/hosts" in cut["remedy"]
    assert f"{CUT}: connection closed (FIN) after client-hello" in cut["facts"]
    assert "reach the name by another address" in cut["remedy"]
    back = "at that vantage: sudo cp -p /etc/hosts.before /etc/hosts"
    assert lie["undo"] == cut["undo"] == back


def test_the_managed_block_heals_all_that_was_violated(hijack: Runs) -> None:
    broken, healed = hijack["broken"], hijack["healed"]

    assert healed.status == 0, healed.out
    assert set(healed.verdicts().values()) == GOOD
    assert set(broken.verdicts()) < set(healed.verdicts())
    assert "check_block_is_there_once[/etc/hosts@host]" in of(healed, "upheld")
    assert causes(healed) == {}
    reasons = " ".join(line["reason"] for line in healed.journal("verdict"))
    assert "the hosts file answers, and heals: 192.0.2.53/udp A: 11.2.0.12" in reasons
    assert broken.is_sealed()
    assert healed.is_sealed()


def test_the_records_are_as_they_are_kept(hijack: Runs) -> None:
    hold(hijack, NAME)
