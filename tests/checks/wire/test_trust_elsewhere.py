"""What is trusted is what the place trusts from which it is seen."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from checks.network.probe import Sampling, sample
from checks.wire.connections import Peer
from checks.wire.handshakes import Distrust, Handshake, Unjudged, is_accepted
from checks.wire.http import Ask, fetch
from checks.wire.identity import Named, identify
from checks.wire.names import Address, Answer
from checks.wire.tls import shake_hands
from checks.wire.tls_engine import trust
from fixtures.vantages import Store, Vantage, VantageError
from fixtures.vantages.containers import ContainerVantage, EnteredContainer
from fixtures.vantages.local import Local
from fixtures.vantages.netns import Netns
from fixtures.vantages.ssh import Destination, SshVantage
from reports.codec import decode, encode
from tests.checks.wire.far_sides import far_side, over_tls, pem_of, server_context
from tests.fixtures.vantages.podman import BARE, container, images, network_of
from tests.fixtures.vantages.spaces import etc_of, inside, namespace
from tests.fixtures.vantages.sshds import sshd

__all__ = ["images"]
UNKNOWN = ["unable to get local issuer certificate"]
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HERE = (Address(host="localhost", address="127.0.0.1", source="dns", known=None, at=NOON),)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def pem(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    return pem_of(authority, tmp_path_factory.mktemp("authority"))


@contextmanager
def site(authority: trustme.CA, network: Path | str | None = None) -> Iterator[int]:
    """Serve with the authority's certificate, on this host's loopback or another network's."""
    serve = over_tls(server_context(authority.issue_cert("localhost")))
    with inside(network, far_side(serve)) if network else far_side(serve) as port:
        yield port


def seen_from(vantage: Vantage, port: int) -> Handshake:
    """Return one handshake, as it is read back from a journal."""
    made = asyncio.run(shake_hands(Peer("localhost", port), vantage, HERE, deadline=20))
    assert decode(encode(made)) == made
    (shown,) = made
    assert isinstance(shown, Handshake), shown
    return shown


def errors(shown: Handshake) -> list[str]:
    return [error.text for error in shown.distrust]


def test_an_authority_of_a_containers_store_is_trusted_there_alone(
    images: None, authority: trustme.CA, pem: str
) -> None:
    with container("localhost/touchstone-full:1", "--volume", f"{pem}:{BUNDLE}:ro") as name:
        relayed = ContainerVantage("podman", name, "runner")
        with site(authority, network_of(name)) as port:
            inner = [seen_from(one, port) for one in (relayed, EnteredContainer(relayed))]
    with site(authority) as port:
        outer = seen_from(Local(), port)

    assert [(errors(one), one.unjudged, one.accepted) for one in inner] == [([], None, True)] * 2
    assert (errors(outer), outer.accepted) == (UNKNOWN, False)


def test_a_host_behind_ssh_trusts_by_its_own_environment(
    authority: trustme.CA, pem: str, tmp_path: Path
) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "s").mkdir(mode=0o700)
    with sshd(tmp_path / "d", f"SetEnv SSL_CERT_FILE={pem}") as server:
        far = SshVantage(Destination("far", str(server.config)), "far", tmp_path / "s")
        with site(authority) as port:
            there, here = seen_from(far, port), seen_from(Local(), port)
        far.close()

    assert (errors(there), errors(here)) == ([], UNKNOWN)


@pytest.mark.parametrize("own", [True, False])
def test_a_namespace_trusts_as_this_host_unless_it_has_a_store(
    authority: trustme.CA, pem: str, *, own: bool
) -> None:
    with namespace() as name, etc_of(name) if own else nullcontext(), site(authority, name) as port:
        if own:
            store = Path(f"/etc/netns/{name}/ssl/certs/ca-certificates.crt")
            store.parent.mkdir(parents=True)
            store.write_bytes(Path(pem).read_bytes())
        shown = seen_from(Netns(name, "blue"), port)

    assert errors(shown) == ([] if own else UNKNOWN)


def test_the_profiles_authorities_are_trusted_beside_the_store(
    authority: trustme.CA, pem: str
) -> None:
    with namespace() as name, site(authority, name) as port:
        assert seen_from(Netns(name, "blue", (pem,)), port).accepted


def test_where_no_store_is_nobody_can_tell(images: None, authority: trustme.CA, pem: str) -> None:
    with container() as name, site(authority, network_of(name)) as port:
        runner = EnteredContainer(ContainerVantage("podman", name, "runner"))
        shown = seen_from(runner, port)
        told = seen_from(EnteredContainer(ContainerVantage("podman", name, "r", (pem,))), port)
        asked = Ask("localhost", port, "GET", "/", "test", None, 0)
        (answered,) = asyncio.run(fetch(asked, runner, HERE, deadline=20))

    reason = f"the container {name} has no trust store: no certificate is read from /etc/ssl/certs"
    assert shown.unjudged is not None
    assert shown.unjudged.reason == reason
    assert (errors(shown), shown.mismatch, shown.accepted) == ([], None, False)
    assert "not known to be trusted: " + reason in shown.headline
    with pytest.raises(VantageError, match="has no trust store") as raised:
        is_accepted(shown)
    assert "install the system's authorities there" in raised.value.mend
    assert isinstance(answered, Distrust)  # nothing was asked
    assert answered.unjudged == shown.unjudged
    assert told.accepted  # by the profile's authorities alone


def test_where_no_store_is_what_is_wrong_anyway_is_said(
    images: None, authority: trustme.CA
) -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    expired = authority.issue_cert("elsewhere.test", not_before=long_ago, not_after=long_ago)
    with container() as name:
        serving = far_side(over_tls(server_context(expired)))
        with inside(network_of(name), serving) as port:
            shown = seen_from(EnteredContainer(ContainerVantage("podman", name, "runner")), port)

    assert errors(shown) == ["certificate has expired"]
    assert shown.unjudged is not None
    assert shown.mismatch == "it is for elsewhere.test"
    assert shown.rejected
    assert not is_accepted(shown)


def test_where_nothing_can_be_run_the_store_is_not_known(
    images: None, authority: trustme.CA
) -> None:
    with container(BARE) as name, site(authority, network_of(name)) as port:
        shown = seen_from(EnteredContainer(ContainerVantage("podman", name, "bare")), port)

    assert isinstance(shown.unjudged, Unjudged)
    assert "its image has no shell" in shown.unjudged.reason


def test_no_address_is_condemned_where_nobody_can_tell(images: None, authority: trustme.CA) -> None:
    with container() as name, site(authority, network_of(name)) as port:
        runner = EnteredContainer(ContainerVantage("podman", name, "runner"))
        named = Named("localhost", port, known=("192.0.2.0/24",), forbidden=())
        answer = Answer(
            name="localhost", addresses=("127.0.0.1",), source="dns", seconds=0.0, at=NOON
        )
        with pytest.raises(VantageError, match="has no trust store"):
            asyncio.run(identify(named, runner, answer, deadline=20))
        with pytest.raises(VantageError, match="has no trust store"):
            asyncio.run(
                sample(Peer("localhost", port), runner, Sampling(2, 0.0, 20), HERE, deadline=30)
            )


def test_one_context_serves_all_that_trust_the_same(pem: str) -> None:
    one, two = (
        Store(path, (Path(pem).read_bytes(),), "the same digest") for path in ("/one", "/two")
    )
    other = Store("/one", (Path(pem).read_bytes(),), "another digest")

    assert trust((), store=one) is trust((), store=two)
    assert trust((), store=one) is not trust((), store=other)
    assert trust((), store=one) is not trust(())


def test_a_certificate_that_openssl_does_not_take_does_not_hide_the_others(
    authority: trustme.CA, pem: str, tmp_path: Path
) -> None:
    broken = b"-----BEGIN CERTIFICATE-----\nxxxx\n-----END CERTIFICATE-----\n"
    (tmp_path / "store.pem").write_bytes(broken + Path(pem).read_bytes())
    (tmp_path / "d").mkdir()
    (tmp_path / "s").mkdir(mode=0o700)
    with sshd(tmp_path / "d", f"SetEnv SSL_CERT_FILE={tmp_path}/store.pem") as server:
        far = SshVantage(Destination("far", str(server.config)), "far", tmp_path / "s")
        with site(authority) as port:
            shown = seen_from(far, port)
        far.close()

    assert shown.accepted
