"""What nginx answers over HTTP/1.1 and HTTP/2: told as curl tells it."""

import asyncio
import gzip
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from checks.wire.connections import ConnectionRefusal
from checks.wire.handshakes import Distrust, HandshakeRefusal
from checks.wire.http import Ask, HttpOutcome, HttpRefusal, Response, fetch
from fixtures.sightings import Sighting
from reports.codec import decode, encode
from tests.against.chains import CHAINS, HOST, INTERMEDIATE, Chain
from tests.against.curl import Answer, curl, read_heads
from tests.against.issuing import issue
from tests.against.nginx import Place, Site, nginx
from tests.checks.wire.http_sides import Named, address

NETWORK = "127.44.3"
OTHER = "other.example.test"
AGENT = "Mozilla/5.0 (touchstone)"
TEXT = "Forty-two lines of text.\n" * 42
BOTH = Chain((issue(HOST, INTERMEDIATE, names=[HOST, OTHER]), INTERMEDIATE))
SAID = "$request_method $request_uri $http_host $http_user_agent $http_accept $content_type"
HEADERS = 'add_header X-One 1; add_header X-Two é; add_header X-One 2; add_header Set-Cookie "a=b";'

ANSWERED = {
    "said": (f'return 200 "{SAID} $content_length";', 200),
    "empty": ("return 204;", 204),
    "kept-out": ("deny all;", 403),
    "nowhere": ("return 404;", 404),
    "teapot": ('return 418 "short and stout";', 418),
    "too-many": ("add_header Retry-After 60 always; return 429;", 429),
    "broken": ("return 500;", 500),
    "gateway": ("proxy_pass http://127.44.3.250:1;", 502),
    "closed": ("return 503;", 503),
    "locked": ("auth_basic touchstone; auth_basic_user_file /dev/null;", 401),
    "headers": (f"{HEADERS} return 200;", 200),
    "text": ("", 200),
    "chunked": ("ssi on; ssi_types *; alias {folder}/text;", 200),
    "packed": ("add_header Content-Encoding gzip;", 200),
    "large": ("", 200),
}
LED = {
    "moved": ("return 301 /said;", 1),
    "found": ("return 302 /moved;", 2),
    "see-other": ("return 303 /said;", 1),
    "for-now": ("return 307 /said;", 1),
    "for-good": ("return 308 /said;", 1),
    "five-times": ("return 302 /four-times;", 5),
    "four-times": ("return 302 /three-times;", 4),
    "three-times": ("return 302 /found;", 3),
    "elsewhere": (f"return 302 https://{OTHER}:$server_port/said;", 1),
    "in-full": ("return 302 https://$http_host/said;", 1),
    "without-a-scheme": ("return 302 //$http_host/said;", 1),
    "by-dots": ("return 302 /a/./b/../../said;", 1),
    "beside": ("return 302 said?q=%41&r=%2f;", 1),
    "in-utf-8": ("return 302 /said?café;", 1),
}
LOST = {
    "six-times": ("return 302 /five-times;", "too-many", 47),
    "in-a-circle": ("return 302 /in-a-circle;", "loop", 47),
    "in-the-clear": ("return 302 http://$http_host/said;", "not-https", 1),
    "to-a-closed-port": ("return 302 https://127.44.3.250:1/;", "unreachable", 7),
    "to-a-stranger": ("return 302 https://127.44.3.1:$server_port/said;", "unreachable", 60),
}
BY_HAND = {
    "get": ("GET", "/said", None),
    "head": ("HEAD", "/said", None),
    "get-far-away": ("GET", "/five-times", None),
    "post": ("POST", "/said", "a=b"),
    "post-json": ("POST", "/said", '{"a": 1}'),
    "post-nothing": ("POST", "/said", None),
    "post-moved": ("POST", "/moved", "a=b"),
    "post-see-other": ("POST", "/see-other", "a=b"),
    "post-for-now": ("POST", "/for-now", "a=b"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("http")
    (made / "text").write_text(TEXT)
    (made / "packed").write_bytes(gzip.compress(TEXT.encode()))
    (made / "large").write_bytes(b"0123456789abcdef" * 65536)
    return made


@pytest.fixture(scope="module")
def authorities(folder: Path) -> Path:
    return BOTH.authorities(folder, "root")


@pytest.fixture(scope="module")
def places(folder: Path, authorities: Path) -> Iterator[Mapping[str, Place]]:
    locations = "".join(
        f"    location = /{name} {{ {directives.replace('{folder}', str(folder))} }}\n"
        for name, (directives, *_) in (ANSWERED | LED | LOST).items()
    )
    shown = BOTH.directives(folder, "both")
    served = f"{shown} root {folder}; absolute_redirect off;\n{locations}"
    sites = {"HTTP/1.1": Site(served), "HTTP/2": Site(served, "ssl http2")}
    for name in ("expired", "self-signed", "missing-intermediate", "wrong-name"):
        sites[name] = Site(CHAINS[name].directives(folder, name))
    sites["refusing"] = Site("ssl_reject_handshake on;")
    sites["plain"] = Site("", "")
    clients = f"ssl_verify_client on; ssl_client_certificate {authorities};"
    sites["strict"] = Site(f"{shown} {clients} {locations}")
    with nginx(folder, NETWORK, sites) as serving:
        yield serving


def ask_for(place: Place, path: str, method: str = "GET", body: str | None = None) -> Ask:
    return Ask(HOST, place.port, method, path, AGENT, body, redirects=5)


def look(ask: Ask, place: Place, authorities: Path, deadline: float = 10) -> HttpOutcome:
    vantage = Named(authorities=(str(authorities),), names={OTHER: (place.address,)})
    (seen,) = asyncio.run(fetch(ask, vantage, (address(place.address),), deadline=deadline))
    assert decode(encode(seen)) == seen
    return seen


def both(ask: Ask, place: Place, authorities: Path) -> tuple[HttpOutcome, Answer]:
    other = ("--resolve", f"{OTHER}:{place.port}:{place.address}")
    return look(ask, place, authorities), curl(ask, place, authorities, *other)


def undated(headers: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() != "date"]


def same(ours: HttpOutcome, theirs: Answer) -> Response:
    """Compare the answers, field by field."""
    assert isinstance(ours, Response), ours
    assert theirs.exit == 0, theirs
    assert (ours.status, ours.version) == (theirs.status, theirs.version)
    assert ours.address == theirs.address
    assert undated(ours.headers) == undated(theirs.headers)
    assert len(ours.headers) == len(theirs.headers)
    assert ours.hops == theirs.hops
    assert ours.body_bytes == theirs.body_bytes
    return ours


@pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/2"])
@pytest.mark.parametrize("name", ANSWERED)
def test_an_answer_is_what_curl_is_answered(
    name: str, version: str, places: Mapping[str, Place], authorities: Path
) -> None:
    place = places[version]
    ours = same(*both(ask_for(place, f"/{name}"), place, authorities))

    assert (ours.status, ours.version, ours.hops) == (ANSWERED[name][1], version, ())


def test_a_body_is_counted_as_sent_and_shown_as_meant(
    places: Mapping[str, Place], authorities: Path
) -> None:
    place = places["HTTP/1.1"]
    for name, declared in (("text", len(TEXT)), ("chunked", None)):
        ours, theirs = both(ask_for(place, f"/{name}"), place, authorities)
        seen = same(ours, theirs)
        assert (seen.declared_bytes, seen.body_bytes, seen.excerpt) == (
            declared,
            len(TEXT),
            theirs.body.decode(),
        )
    ours, theirs = both(ask_for(place, "/packed"), place, authorities)
    seen = same(ours, theirs)
    assert gzip.decompress(theirs.body).decode() == seen.excerpt == TEXT


@pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/2"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_request_is_heard_as_curls_is(
    method: str, version: str, places: Mapping[str, Place], authorities: Path
) -> None:
    place, body = places[version], "a=b&c=d" if method == "POST" else None
    ours, theirs = both(ask_for(place, "/said?q=%41", method, body), place, authorities)

    seen = same(ours, theirs)
    assert seen.excerpt == theirs.body.decode()
    assert seen.excerpt.startswith(f"{method} /said?q=%41 {HOST}:{place.port} {AGENT} */*") or (
        method == "HEAD" and not seen.excerpt
    )


@pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/2"])
@pytest.mark.parametrize("name", LED)
def test_a_redirect_leads_where_curl_is_led(
    name: str, version: str, places: Mapping[str, Place], authorities: Path
) -> None:
    place = places[version]
    ours, theirs = both(ask_for(place, f"/{name}"), place, authorities)

    seen = same(ours, theirs)
    assert len(seen.hops) == LED[name][1]
    assert seen.url.lower() == theirs.url.lower()  # %C3 is %c3 (RFC 3986, 2.1)
    assert seen.excerpt.lower() == theirs.body.decode().lower()


@pytest.mark.parametrize("name", ["moved", "found", "see-other", "for-now", "for-good"])
def test_a_redirected_post_is_what_curl_makes_of_it(
    name: str, places: Mapping[str, Place], authorities: Path
) -> None:
    place = places["HTTP/1.1"]
    ours, theirs = both(ask_for(place, f"/{name}", "POST", "a=b"), place, authorities)

    kept = name in ("for-now", "for-good")
    assert same(ours, theirs).excerpt == theirs.body.decode()
    assert theirs.body.startswith(b"POST /said" if kept else b"GET /said")


@pytest.mark.parametrize("name", LOST)
def test_a_redirect_that_leads_nowhere_ends_as_curl_ends(
    name: str, places: Mapping[str, Place], authorities: Path
) -> None:
    _, reason, status = LOST[name]
    place = places["HTTP/1.1"]
    ours, theirs = both(ask_for(place, f"/{name}"), place, authorities)

    assert isinstance(ours, HttpRefusal), ours
    assert (ours.phase, ours.reason, theirs.exit) == ("redirect", reason, status)


@pytest.mark.parametrize("name", ["expired", "self-signed", "missing-intermediate", "wrong-name"])
def test_where_curl_does_not_trust_we_do_not_ask(
    name: str, places: Mapping[str, Place], authorities: Path
) -> None:
    ours, theirs = both(ask_for(places[name], "/"), places[name], authorities)

    assert isinstance(ours, Distrust), ours
    assert (theirs.exit, theirs.status) == (60, 0)
    if ours.mismatch is None:
        assert [error.code for error in ours.errors] == [theirs.verify_code]
    else:
        assert "alternative certificate subject name" in (theirs.error or "")
    assert (ours.mismatch is not None) == (name == "wrong-name")


@pytest.mark.parametrize(
    ("name", "reason"), [("refusing", "alert"), ("plain", "not-tls"), ("closed", "refused")]
)
def test_a_refusal_below_http_is_curls(
    name: str, reason: str, places: Mapping[str, Place], authorities: Path
) -> None:
    place = places.get(name, Place(f"{NETWORK}.250", 1))
    ours, theirs = both(ask_for(place, "/"), place, authorities)

    assert isinstance(ours, HandshakeRefusal | ConnectionRefusal), ours
    assert ours.reason == reason
    assert theirs.exit == (7 if name == "closed" else 35)


def test_who_asks_for_a_certificate_answers_both_alike(
    places: Mapping[str, Place], authorities: Path
) -> None:
    ours, theirs = both(ask_for(places["strict"], "/said"), places["strict"], authorities)

    assert same(ours, theirs).status == 400
    assert b"No required SSL certificate was sent" in theirs.body


@pytest.mark.parametrize("name", BY_HAND)
def test_the_command_by_hand_is_answered_the_same(
    name: str, places: Mapping[str, Place], authorities: Path, tmp_path: Path
) -> None:
    place = places["HTTP/1.1"]
    method, path, body = BY_HAND[name]
    ask = ask_for(place, path, method, body)
    (tmp_path / ".curlrc").write_text(f"resolve={HOST}:{place.port}:{place.address}\nnoproxy=*\n")

    ended = subprocess.run(
        ["sh", "-c", Sighting(fetch, ask, "here").by_hand],
        env=os.environ | {"HOME": str(tmp_path), "CURL_CA_BUNDLE": str(authorities)},
        capture_output=True,
        timeout=30,
        check=True,
    )

    heads = read_heads(ended.stdout)
    ours = look(ask, place, authorities)
    assert isinstance(ours, Response), ours
    assert [head.status for head in heads] == [*(hop.status for hop in ours.hops), ours.status]
    assert undated(heads[-1].headers) == undated(ours.headers)
