"""An earlier run judged again by what is expected now, through the real program on the lab."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.needs import need_namespace
from tests.program import ROOT, Ended, run_checks

SITE = "site.lab.test@lab"
WAY = ("-m", "network or tls or hosts")
"""What looks at the way to the endpoints, of which the changed profiles speak."""
LAB = (ROOT / "config" / "profiles" / "lab.yaml").read_text()


def profile(folder: Path, *changes: tuple[str, str]) -> Path:
    """Write the lab's profile with some of its text changed, beside a copy of its ranges."""
    text = LAB.replace("ranges: lab\n", f"ranges: {ROOT / 'config/ranges/lab.yaml'}\n")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "changed.yaml"
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def then(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """Look at the lab, once for all."""
    ended = run_checks(tmp_path_factory.mktemp("then"), "--profile", "lab", *WAY)
    assert ended.status == 0, ended.out
    return ended


Changed = Callable[..., dict[str, tuple[str, str]]]


@pytest.fixture
def changed(then: Ended, tmp_path: Path) -> Changed:
    """Replay the lab by a changed profile: the checks whose verdict is another, then and now."""

    def replay(*changes: tuple[str, str], status: int) -> dict[str, tuple[str, str]]:
        path = profile(tmp_path, *changes)
        now = run_checks(tmp_path, f"--replay={then.folder}", f"--profile={path}", *WAY)
        assert now.status == status, now.out
        before, after = then.verdicts(), now.verdicts()
        return {
            check: (before.get(check, "not there"), after.get(check, "not there"))
            for check in before.keys() | after.keys()
            if before.get(check) != after.get(check)
        }

    return replay


def test_nothing_changed_changes_nothing(changed: Changed) -> None:
    assert changed(status=0) == {}


def test_a_longer_renewal_window_is_violated(changed: Changed) -> None:
    window = (
        "    function: essential\n",
        "    function: essential\n    tls: {renewal_window: 999999d}\n",
    )

    assert changed(window, status=1) == {
        f"check_certificate_outlives_the_renewal_window[{SITE}]": ("upheld", "violated")
    }


def test_another_expected_status_is_violated(changed: Changed) -> None:
    status = ("      - path: /moved", "      - path: /moved\n        status: [204]\n     ")

    assert changed(status, status=1) == {
        "check_response_has_the_expected_status[site.lab.test/moved@lab]": ("upheld", "violated")
    }


def test_a_header_that_must_be_there_is_missed(changed: Changed) -> None:
    header = ("carries: [Server]", "carries: [Server, X-Request-Id]")

    assert changed(header, status=1) == {
        f"check_response_carries_its_headers[{SITE}]": ("upheld", "violated")
    }


def test_an_address_that_is_forbidden_now_is_a_strangers_and_nothing_stands_on_it(
    then: Ended, tmp_path: Path
) -> None:
    (answer,) = (
        one["observation"]["addresses"]
        for line in then.journal("sighting.end")
        for one in line["seen"]
        if one["observation"]["kind"] == "answer" and one["observation"]["name"] == "site.lab.test"
    )
    forbidden = "".join(f"  - {address}\n" for address in answer)
    path = profile(tmp_path, ("  - 127.11.2.12\n", f"  - 127.11.2.12\n{forbidden}"))

    now = run_checks(tmp_path, f"--replay={then.folder}", f"--profile={path}", *WAY)

    verdicts = now.verdicts()
    violated = {check for check, verdict in verdicts.items() if verdict == "violated"}
    assert violated == {
        f"check_addresses_belong_to_the_name[{SITE}]",
        f"check_no_nameserver_gives_a_forbidden_address[{SITE}]",
    }
    above = {
        line["check"].partition("::")[2]: line["held_by"]
        for line in now.journal("verdict")
        if line["verdict"] == "inconclusive"
    }
    assert f"check_handshake_completes[{SITE}]" in above
    assert f"check_connection_is_made[{SITE}]" in above
    assert {tuple(held) for held in above.values()} == {("check_addresses_belong_to_the_name",)}
    assert verdicts["check_handshake_completes[git.lab.test@lab]"] == "upheld"


def test_ranges_in_which_the_address_does_not_lie_ask_for_what_nobody_looked_at(
    then: Ended, tmp_path: Path
) -> None:
    ranges = tmp_path / "elsewhere.yaml"
    text = (ROOT / "config/ranges/lab.yaml").read_text()
    ranges.write_text(text.replace("127.", "10."))
    path = profile(tmp_path)
    path.write_text(path.read_text().replace(str(ROOT / "config/ranges/lab.yaml"), str(ranges)))

    now = run_checks(tmp_path, f"--replay={then.folder}", f"--profile={path}", "-m", "network")

    judged = {line["check"].partition("::")[2]: line for line in now.journal("verdict")}
    names = judged[f"check_addresses_belong_to_the_name[{SITE}]"]
    assert names["verdict"] == "inconclusive"
    assert "did not look at what 127." in names["reason"]
    assert "shows for site.lab.test" in names["reason"]
    assert judged[f"check_name_resolves[{SITE}]"]["verdict"] == "upheld"


def test_an_endpoint_that_was_added_is_not_known(then: Ended, tmp_path: Path) -> None:
    assert then.folder is not None
    path = profile(tmp_path, ("endpoints:\n", "endpoints:\n  - host: new.lab.test\n"))

    now = run_checks(tmp_path, f"--replay={then.folder}", f"--profile={path}", *WAY)

    assert now.status == 6, now.out
    new = [line for line in now.journal("verdict") if "[new.lab.test@lab]" in line["check"]]
    assert len(new) > 10
    assert {line["verdict"] for line in new} == {"inconclusive"}
    assert {line["reason"] for line in new} == {f"{then.folder.name} did not record it"}
    assert {check: verdict for check, verdict in now.verdicts().items() if "new." not in check} == (
        then.verdicts()
    )


def test_a_request_that_was_added_is_not_known_and_the_others_are(changed: Changed) -> None:
    added = changed(("      - path: /moved", "      - path: /new\n      - path: /moved"), status=6)

    assert added.pop(f"check_endpoint_answers_on_one_address[{SITE}]", None) is None
    new = {check for check in added if "site.lab.test/new@lab" in check}
    assert new
    assert {added[check] for check in new} == {("not there", "inconclusive")}
    for check in added.keys() - new:  # they judge all that is asked of the endpoint
        assert SITE in check
        assert added[check] == ("upheld", "inconclusive")


def test_an_endpoint_that_was_taken_away_is_not_judged(changed: Changed) -> None:
    parts = yaml.safe_load(LAB)["endpoints"]
    assert parts[2]["host"] == "git.lab.test"
    away = "  - host: git.lab.test\n    function: source\n    ranges: [lab]\n"

    gone = changed((f"{away}    git: {{path: demo.git}}\n", ""), status=0)

    assert len(gone) > 10
    assert {check.partition("[")[2] for check in gone} == {"git.lab.test@lab]"}
    assert {now for _, now in gone.values()} == {"not there"}


def test_another_profile_altogether_knows_nothing_of_it(then: Ended, tmp_path: Path) -> None:
    assert then.folder is not None
    within = (*need_namespace(), "--")

    now = run_checks(
        tmp_path, f"--replay={then.folder}", "--profile", "github", "-m", "smoke", within=within
    )

    assert now.status == 6, now.out
    assert set(now.verdicts().values()) == {"inconclusive"}
    assert now.out.count(f"? {then.folder.name} did not record it") == 1
    assert now.folder is not None
    record = (now.folder / "record.md").read_text()
    assert "| Profile | `github`" in record
    assert "| Its profile | `lab`" in record


def test_a_vantage_of_another_name_is_another(then: Ended, tmp_path: Path) -> None:
    named = ("{name: lab, kind: lab}", "{name: elsewhere, kind: lab}")
    path = profile(tmp_path, named, ("vantage: lab", "vantage: elsewhere"))

    now = run_checks(tmp_path, f"--replay={then.folder}", f"--profile={path}", "-m", "smoke")

    assert set(now.verdicts().values()) == {"inconclusive"}


def test_longer_deadlines_change_no_sighting(changed: Changed) -> None:
    assert changed(("  tls: 2s\n", "  tls: 9s\n"), status=0) == {}


def test_a_violation_may_be_waived_afterwards(tmp_path: Path) -> None:
    broken = run_checks(tmp_path, "--profile", "lab", "--lab-fault", "tls-alert", "-m", "tls")
    path = profile(tmp_path)
    waiver = (
        "\nwaivers:\n  - {check: check_handshake_completes, reason: known, approved_by: ops,"
        " until: 9999-12-31}\n"
    )
    path.write_text(path.read_text() + waiver)

    now = run_checks(tmp_path, f"--replay={broken.folder}", f"--profile={path}", "-m", "tls")

    assert broken.status == 1
    assert now.status == 6, now.out
    assert "known (approved by ops, until 9999-12-31)" in "\n".join(
        one.read_text()
        for one in now.folder.glob("record.md")  # type: ignore[union-attr]
    ).replace("&#45;", "-")
