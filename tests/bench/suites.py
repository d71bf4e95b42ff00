"""Ten checks of each endpoint: of the suite's own areas, or of an area with one sighting."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.farm import Farm
from tests.bench.machine import ROOT, BrokenError, Ended, pytest_here, timed
from tests.bench.plain import write_plain
from tests.bench.profiles import write_profile
from tests.program import suite_with_area

_TEN = {
    "network/check_names.py": ("check_name_resolves", "check_addresses_belong_to_the_name"),
    "network/check_ways.py": ("check_there_is_a_way_to_the_name",),
    "network/check_connections.py": ("check_connection_is_made",),
    "network/check_http.py": ("check_response_is_whole",),
    "tls/check_certificate.py": (
        "check_certificate_is_trusted",
        "check_certificate_names_the_host",
        "check_certificate_outlives_the_renewal_window",
    ),
    "tls/check_handshake.py": ("check_handshake_completes", "check_protocol_is_recent_enough"),
}
"""Checks that hold of every endpoint of the farm; they judge five sightings of it."""
_CASES = '''\
"""One handshake with each endpoint, at its address."""

from datetime import UTC, datetime

from checks.wire.connections import Peer
from checks.wire.names import Address
from checks.wire.tls import shake_hands
from fixtures.sightings import Case, Sighting

AT = datetime(2026, 1, 1, tzinfo=UTC)


def cases(profile):
    for endpoint in profile.endpoints:
        host = endpoint.host
        at = Address(host=host, address=host, source="dns", known=True, at=AT)
        peer = Peer(host, endpoint.port)
        yield Case(
            str(endpoint),
            "here",
            {"handshakes": Sighting(shake_hands, peer, "here", ((at,),)), "tls": endpoint.tls},
        )
'''
_CHECKS = '''\
"""Ten sentences of a handshake."""

from datetime import timedelta

import pytest

from checks.wire.tls import Handshake, HandshakeRefusal
from config.endpoints import Tls
from fixtures.subjects import holds
from reports.verdicts import Remark, expected


@pytest.mark.smoke
@holds(HandshakeRefusal)
def check_handshake_completes(handshakes: tuple[Handshake | HandshakeRefusal, ...]) -> None:
    refused = [one.headline for one in handshakes if isinstance(one, HandshakeRefusal)]
    assert not refused, expected("a handshake", refused)


@pytest.mark.smoke
def check_chain_is_trusted(handshakes: tuple[Handshake, ...]) -> None:
    errors = [error.text for one in handshakes for error in one.distrust]
    assert not errors, expected("a chain that is trusted", errors)


@pytest.mark.smoke
def check_certificate_names_the_host(handshakes: tuple[Handshake, ...]) -> None:
    others = [one.mismatch for one in handshakes if one.mismatch is not None]
    assert not others, expected("a certificate for the name", others)


def check_certificate_outlives_the_window(
    handshakes: tuple[Handshake, ...], tls: Tls, remark: Remark
) -> None:
    window = timedelta(seconds=tls.renewal_window)
    ending = [one.headline for one in handshakes if one.chain[0].not_after < one.at + window]
    assert not ending, expected("a certificate that is valid for longer", ending)


def check_protocol_is_recent_enough(handshakes: tuple[Handshake, ...], tls: Tls) -> None:
    older = [one.headline for one in handshakes if one.protocol < tls.minimum]
    assert not older, expected(tls.minimum, older)


def check_intermediate_is_sent(handshakes: tuple[Handshake, ...]) -> None:
    alone = [one.headline for one in handshakes if len(one.chain) < 2]
    assert not alone, expected("an intermediate", alone)


def check_key_is_elliptic(handshakes: tuple[Handshake, ...]) -> None:
    others = [one.chain[0].key for one in handshakes if not one.chain[0].key.startswith("EC ")]
    assert not others, expected("a key of an elliptic curve", others)


def check_certificate_is_valid_by_now(handshakes: tuple[Handshake, ...]) -> None:
    early = [one.headline for one in handshakes if one.chain[0].not_before > one.at]
    assert not early, expected("a certificate that is valid", early)


def check_group_is_named(handshakes: tuple[Handshake, ...]) -> None:
    unnamed = [one.headline for one in handshakes if not one.group]
    assert not unnamed, expected("a group", unnamed)


def check_cipher_authenticates(handshakes: tuple[Handshake, ...]) -> None:
    others = [one.cipher for one in handshakes if "GCM" not in one.cipher]
    assert not others, expected("a cipher that authenticates", others)
'''


@dataclass(frozen=True, slots=True)
class Suite:
    """Where ten checks stand, and what each of them asks for, by file and name."""

    folder: Path
    checks: Mapping[str, Mapping[str, Sequence[str]]]

    @property
    def node_ids(self) -> list[str]:
        """The node ids of the ten, without a case."""
        return [f"checks/{file}::{name}" for file, names in self.checks.items() for name in names]

    def record(self, folder: Path, served: Farm) -> Path:
        """Look at the farm's endpoints once; returns the run."""
        folder.mkdir()
        profile = write_profile(folder / "profile.yaml", served)
        given = (f"--profile={profile}", f"--evidence-dir={folder / 'evidence'}")
        judge([*pytest_here(*given), *self.node_ids], len(served.sites), self.folder)
        (run,) = (folder / "evidence").glob("2*")
        return run

    def replay(self, run: Path, again: Path) -> list[str]:
        """Return the command that judges a run of this suite again."""
        return [*pytest_here(f"--replay={run}", f"--evidence-dir={again}"), *self.node_ids]

    def emptied(self, folder: Path, served: Farm) -> Path:
        """Write plain pytest's suite of the same items with nothing in them; returns it."""
        ids = [f"{site.address}:{served.https}@here" for site in served.sites]
        files = {file.replace("/", "_"): names for file, names in self.checks.items()}
        return write_plain(folder, files, ids)


def own_areas() -> Suite:
    """Return ten checks of the suite's own areas."""
    checks = {
        file: {name: arguments[name] for name in names}
        for file, names in _TEN.items()
        if (arguments := _arguments((ROOT / "checks" / file).read_text()))
    }
    return Suite(ROOT, checks)


def one_sighting(folder: Path) -> Suite:
    """Copy the suite, with one area: it looks at an endpoint once, and has ten checks."""
    files = {"cases.py": _CASES, "check_handshake.py": _CHECKS}
    suite = suite_with_area(folder, "judged", files)
    return Suite(suite, {"judged/check_handshake.py": _arguments(_CHECKS)})


def judge(command: Sequence[str], endpoints: int, folder: Path) -> Ended:
    """Run the ten checks of so many endpoints, or what stands for them."""
    ended = timed(command, folder=folder)
    if f"{10 * endpoints} passed" not in ended.out:
        raise BrokenError(f"not all passed:\n{ended.out[-2000:]}")
    return ended


def _arguments(source: str) -> dict[str, tuple[str, ...]]:
    """Return the names of what each function of a file asks for."""
    return {
        one.name: tuple(argument.arg for argument in one.args.args)
        for one in ast.parse(source).body
        if isinstance(one, ast.FunctionDef)
    }
