"""Repositories that nginx and git's http-backend serve: read as git itself reads them."""

import asyncio
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from checks.wire.git import (
    Advertisement,
    AdvertisementOutcome,
    AdvertisementRefusal,
    RefsListed,
    RefsRefusal,
    Remote,
    list_refs,
    read_advertisement,
)
from fixtures.sightings import Sighting
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.against.chains import INTERMEDIATE, Chain
from tests.against.curl import read_heads
from tests.against.git_backend import BRANCHES, fcgiwrap, ls_remote, make_repositories
from tests.against.issuing import issue
from tests.against.nginx import Place, Site, nginx
from tests.checks.wire.http_sides import address
from tests.stand_in_sites import git_location

NETWORK = "127.44.6"
CHAIN = Chain((issue("git", INTERMEDIATE, names=[f"{NETWORK}.1", f"{NETWORK}.2"]), INTERMEDIATE))
# how many lines `git ls-remote` prints, and what HEAD points to
SERVED: Mapping[str, tuple[int, str | None]] = {
    "whole": (4, "refs/heads/main"),
    "sha256": (4, "refs/heads/main"),
    "many": (BRANCHES + 4, "refs/heads/main"),
    "hidden": (2, "refs/heads/main"),
    "detached": (4, None),
    "unborn": (3, None),
    "empty": (0, None),
    "moved": (4, "refs/heads/main"),
}
# the status, why our client finds no advertisement, and git's layer and words
REFUSED = {
    "absent": (404, "the status is 404", "git", "repository '{url}/' not found"),
    "locked": (401, "the status is 401", "http", "could not read Username"),
    "kept-out": (403, "the status is 403", "http", "The requested URL returned error: 403"),
    "switched-off": (403, "the status is 403", "http", "The requested URL returned error: 403"),
    "broken": (500, "the status is 500", "http", "The requested URL returned error: 500"),
    "page": (200, "the content type is text/html", "git", "not valid: is this a git repository?"),
}
PAGES = """
    location = /moved.git/info/refs { return 301 /whole.git/info/refs?$args; }
    location ^~ /locked.git/ { auth_basic touchstone; auth_basic_user_file /dev/null; }
    location ^~ /kept-out.git/ { return 403; }
    location ^~ /broken.git/ { return 500; }
    location ^~ /page.git/ { default_type text/html; return 200 "<p>\nHello\n"; }
    location ^~ /line.git/ { default_type text/html; return 200 "<p>Hello"; }
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("git")
    (made / "repositories").mkdir()
    make_repositories(made / "repositories")
    return made


@pytest.fixture(scope="module")
def authorities(folder: Path) -> Path:
    return CHAIN.authorities(folder, "root")


@pytest.fixture(scope="module")
def places(folder: Path) -> Iterator[Mapping[str, Place]]:
    smart = git_location(str(folder), "[a-z0-9-]+\\.git")
    plain = f"location ^~ /plain/ {{ alias {folder}/repositories/; }}"
    served = f"{CHAIN.directives(folder, 'chain')}{PAGES}{smart}{plain}"
    sites = {"HTTP/1.1": Site(served), "HTTP/2": Site(served, "ssl http2")}
    with fcgiwrap(folder / "git.socket"), nginx(folder, NETWORK, sites) as serving:
        yield serving


def remote_of(place: Place, name: str) -> Remote:
    return Remote(place.address, place.port, f"{name}.git")


def advertised(place: Place, name: str, authorities: Path) -> AdvertisementOutcome:
    here, remote = Local(authorities=(str(authorities),)), remote_of(place, name)
    looking = read_advertisement(remote, here, (address(place.address),), deadline=20)
    (seen,) = asyncio.run(looking)
    assert decode(encode(seen)) == seen
    return seen


def listed(place: Place, name: str, authorities: Path) -> RefsListed | RefsRefusal:
    here, remote = Local(authorities=(str(authorities),)), remote_of(place, name)
    seen = asyncio.run(list_refs(remote, here, (address(place.address),), deadline=20))
    assert decode(encode(seen)) == seen
    return seen


@pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/2"])
@pytest.mark.parametrize("name", SERVED)
def test_refs_are_those_that_git_lists(
    name: str, version: str, places: Mapping[str, Place], authorities: Path
) -> None:
    place = places[version]
    ours = advertised(place, name, authorities)
    through_git = listed(place, name, authorities)
    older, newer = (
        ls_remote(remote_of(place, name).url(), authorities, protocol) for protocol in (0, 2)
    )

    assert isinstance(ours, Advertisement), ours
    assert isinstance(through_git, RefsListed), through_git
    assert (older.refs, older.symref) == (newer.refs, newer.symref)
    assert ours.refs == through_git.refs == len(newer.refs) == SERVED[name][0]
    assert ours.head == through_git.head == newer.refs.get("HEAD")
    assert ours.capabilities == (older.capabilities or ())
    symrefs = [one for one in ours.capabilities if one.startswith("symref=")]
    assert newer.symref == SERVED[name][1]
    assert symrefs == ([f"symref=HEAD:{newer.symref}"] if newer.symref else [])
    assert ours.address == place.address


@pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/2"])
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_repository_is_none_to_git(
    name: str, version: str, places: Mapping[str, Place], authorities: Path
) -> None:
    place = places[version]
    status, reason, layer, words = REFUSED[name]
    ours = advertised(place, name, authorities)
    through_git = listed(place, name, authorities)
    theirs = ls_remote(remote_of(place, name).url(), authorities, 2)

    assert isinstance(ours, AdvertisementRefusal), ours
    assert isinstance(through_git, RefsRefusal), through_git
    assert (ours.status, ours.reason) == (status, reason)
    assert (through_git.status, theirs.status) == (128, 128)
    assert through_git.layer == layer
    expected = words.format(url=remote_of(place, name).url())
    assert expected in through_git.reason
    assert expected in theirs.error


def test_files_without_git_behind_them_are_no_advertisement_though_git_reads_them(
    places: Mapping[str, Place], authorities: Path
) -> None:
    place = places["HTTP/1.1"]
    ours = advertised(place, "plain/whole", authorities)
    through_git = listed(place, "plain/whole", authorities)
    theirs = ls_remote(remote_of(place, "plain/whole").url(), authorities, 2)

    assert isinstance(ours, AdvertisementRefusal)
    assert (ours.status, ours.reason) == (200, "the content type is text/plain")
    assert isinstance(through_git, RefsListed)
    assert through_git.refs == len(theirs.refs) == 4
    assert through_git.head == theirs.refs["HEAD"]


def test_a_page_of_one_line_is_no_advertisement_though_git_lists_nothing_in_it(
    places: Mapping[str, Place], authorities: Path
) -> None:
    place = places["HTTP/1.1"]
    ours = advertised(place, "line", authorities)
    through_git = listed(place, "line", authorities)
    theirs = ls_remote(remote_of(place, "line").url(), authorities, 2)

    assert isinstance(ours, AdvertisementRefusal)
    assert ours.reason == "the content type is text/html"
    assert isinstance(through_git, RefsListed)
    assert (theirs.status, theirs.refs, through_git.refs) == (0, {}, 0)


@pytest.mark.parametrize("name", ["whole", "moved", "absent", "locked"])
def test_the_commands_by_hand_find_the_same(
    name: str, places: Mapping[str, Place], authorities: Path, tmp_path: Path
) -> None:
    place = places["HTTP/1.1"]
    remote = remote_of(place, name)
    trusting = {"CURL_CA_BUNDLE": str(authorities), "GIT_SSL_CAINFO": str(authorities)}
    heads, refs = (
        subprocess.run(
            ["sh", "-c", Sighting(probe, remote, "here").by_hand],
            env=os.environ | trusting | {"HOME": str(tmp_path), "no_proxy": "*", "LC_ALL": "C"},
            capture_output=True,
            timeout=30,
            check=False,
        )
        for probe in (read_advertisement, list_refs)
    )

    ours = advertised(place, name, authorities)
    last = read_heads(heads.stdout)[-1]
    if isinstance(ours, Advertisement):
        assert (last.status, refs.returncode) == (200, 0)
        assert ours.refs == len(refs.stdout.splitlines())
    else:
        assert isinstance(ours, AdvertisementRefusal)
        assert (last.status, refs.returncode) == (ours.status, 128)
