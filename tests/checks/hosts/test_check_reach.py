import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from checks.hosts import check_block, check_pins, check_resolver_order
from checks.hosts.pins import Bypass, Pinned, PinServes, examine_pins
from checks.hosts.settings import NsswitchMissing
from checks.wire.identity import StalePin
from checks.wire.names import Answer, NoAnswer
from fixtures.vantages import Source
from fixtures.vantages.local import Local
from reports.verdicts import Inconclusive, NotApplicable
from tests.checks.hosts.files import BLOCK, NOON, PLAIN, WHOLE, hosts, nsswitch
from tests.checks.hosts.judging import Remarks, violated
from tests.checks.wire.far_sides import far_side, over_tls, pem_of, server_context

MARK = "# Plan 267-D GitHub override (2025-11-20T08:00:00Z)"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def here(authority: trustme.CA, tmp_path: Path) -> Local:
    return Local(authorities=(pem_of(authority, tmp_path),))


@pytest.fixture
def port(authority: trustme.CA) -> Iterator[int]:
    with far_side(over_tls(server_context(authority.issue_cert("github.com")))) as port:
        yield port


def pins(text: str, port: int, vantage: Local) -> tuple[PinServes | StalePin, ...]:
    pinned = Pinned("/etc/hosts", BLOCK.marker, port)
    seen = asyncio.run(examine_pins(pinned, vantage, hosts(text), deadline=10))
    return tuple(one for one in seen if isinstance(one, PinServes | StalePin))


def test_pins_that_serve_uphold(port: int, here: Local) -> None:
    text = f"{MARK}\n127.0.0.1 github.com\n"

    check_pins.check_every_pin_serves_its_name(pins(text, port, here), hosts(text))


def test_a_stale_pin_is_named_with_its_line_and_what_answers_there(port: int, here: Local) -> None:
    text = f"{PLAIN}{MARK}\n127.0.0.1 github.com\n127.0.0.3 api.github.com\n"

    with violated("/etc/hosts:5: api.github.com is pinned to 127.0.0.3, which shows:", "refused"):
        check_pins.check_every_pin_serves_its_name(pins(text, port, here), hosts(text))


@pytest.mark.parametrize(
    "order",
    [
        "files dns",
        "files",
        "myhostname files dns",
        "mdns4_minimal [NOTFOUND=return] files dns",
        "files [NOTFOUND=return] dns",
        "mymachines [TRYAGAIN=return] files dns",
    ],
)
def test_files_before_dns_uphold(order: str) -> None:
    remarks = Remarks()

    check_resolver_order.check_files_stand_before_dns(nsswitch(f"hosts: {order}\n"), remarks)

    assert remarks == []


def test_systemd_resolved_before_files_is_remarked() -> None:
    remarks = Remarks()
    order = nsswitch("hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns\n")

    check_resolver_order.check_files_stand_before_dns(order, remarks)

    assert len(remarks) == 1


@pytest.mark.parametrize(
    ("text", "saw"),
    [
        ("hosts: dns files\n", "/etc/nsswitch.conf:1: hosts: dns files"),
        ("hosts: dns\n", "hosts: dns"),
        ("hosts: myhostname [NOTFOUND=return] files\n", "myhostname [NOTFOUND=RETURN] files"),
        ("hosts: myhostname [!UNAVAIL=return] files\n", "[!UNAVAIL=RETURN]"),
        ("hosts: resolve [!UNAVAIL=return] dns\n", "resolve"),
        ("hosts: files dns\nhosts: dns\n", "/etc/nsswitch.conf:2: hosts: dns"),
        ("passwd: files\n", "no such line"),
    ],
)
def test_another_order_is_a_violation(text: str, saw: str) -> None:
    with violated(saw):
        check_resolver_order.check_files_stand_before_dns(nsswitch(text), Remarks())


def test_without_nsswitch_conf_its_order_is_not_judged() -> None:
    missing = NsswitchMissing(path="/etc/nsswitch.conf", at=NOON)

    with pytest.raises(NotApplicable):
        check_resolver_order.check_files_stand_before_dns(missing, Remarks())


def answer(name: str, *addresses: str, source: Source = "hosts-file") -> Answer:
    return Answer(name=name, addresses=addresses, source=source, seconds=0.01, at=NOON)


def judge(answers: tuple[Answer | NoAnswer, ...], *bypasses: Bypass, text: str = WHOLE) -> Remarks:
    remarks = Remarks()
    check_resolver_order.check_pinned_names_are_answered_by_the_file(
        answers, bypasses, hosts(text), BLOCK, remarks
    )
    return remarks


def test_pinned_names_that_the_file_answers_uphold() -> None:
    answers = (
        answer("github.com", "140.82.112.3"),
        answer("api.github.com", "140.82.112.6"),
        answer("elsewhere.com", "1.1.1.1", source="dns"),
    )

    assert judge(answers) == []


def test_a_pinned_name_that_dns_answers_is_a_violation() -> None:
    answers = (answer("github.com", "11.2.0.12", source="dns"),)

    with violated("github.com: 11.2.0.12 from dns, and /etc/hosts gives 140.82.112.3 on line 4"):
        judge(answers, bypass("github.com", "11.2.0.12"))


def test_a_pinned_name_without_an_answer_is_a_violation() -> None:
    silent = NoAnswer(name="github.com", code="EAI_NONAME", text="", seconds=0.01, at=NOON)

    with violated("github.com: EAI_NONAME, and /etc/hosts gives 140.82.112.3 on line 4"):
        judge((silent,))


def test_names_that_are_not_pinned_are_not_judged() -> None:
    with pytest.raises(Inconclusive) as raised:
        judge((answer("github.com", "1.1.1.1", source="dns"),), bypass("github.com"), text=PLAIN)

    holder = check_block.check_block_is_there_once.__name__
    assert raised.value.held_by == (holder,)
    assert raised.value.mend == f"look at {holder} first"


def bypass(host: str, *serving: str) -> Bypass:
    return Bypass(host=host, addresses=("1.1.1.1",), serving=serving, showed=("",), at=NOON)


PINNED = (answer("github.com", "140.82.112.3"), answer("api.github.com", "140.82.112.6"))


def test_an_override_that_is_not_needed_is_remarked() -> None:
    one, other = bypass("github.com", "1.1.1.1"), bypass("api.github.com", "1.1.1.1")

    (remark,) = judge(PINNED, one, other)

    assert remark.startswith("the override may be removed")


def test_an_override_that_is_needed_for_one_name_is_told_apart() -> None:
    (remark,) = judge(PINNED, bypass("github.com", "1.1.1.1"), bypass("api.github.com"))

    assert "serves github.com; the others still need it" in remark


def test_an_override_that_is_needed_is_not_remarked() -> None:
    assert judge(PINNED, bypass("github.com"), bypass("api.github.com")) == []


def test_a_name_that_is_not_pinned_is_not_remarked() -> None:
    text = WHOLE.replace("140.82.112.6 api.github.com\n", "")

    assert judge(PINNED[:1], bypass("api.github.com", "1.1.1.1"), text=text) == []
