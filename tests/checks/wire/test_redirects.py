import ssl
from pathlib import Path

import pytest
import trustme

from checks.wire.http import Hop, HttpRefusal, Response
from fixtures.vantages.local import Local
from tests.checks.wire.far_sides import far_side, pem_of, reset_at_hello
from tests.checks.wire.http_sides import Answer, Named, get, https, saying

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def moved(location: str, status: int = 302) -> bytes:
    head = f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 4\r\n\r\n"
    return head.encode() + b"away"


def by_path(**answers: bytes) -> Answer:
    """Answer by the first part of the path; `index` is the root."""

    def answer(session: ssl.SSLSocket, head: bytes) -> None:
        path = head.split(b" ", 2)[1].decode().split("?")[0].strip("/")
        saying(answers[path or "index"])(session, head)

    return answer


def test_redirects_are_followed_and_kept(authority: trustme.CA, here: Local) -> None:
    answer = by_path(index=moved("/b?x=1", 301), b=moved("../c", 307), c=OK)
    with https(authority, answer) as port:
        seen = get(port, here)

    assert isinstance(seen, Response)
    assert seen.url == f"https://localhost:{port}/c"
    assert seen.hops == (Hop(301, "/b?x=1"), Hop(307, "../c"))
    assert (seen.status, seen.excerpt, seen.body_bytes) == (200, "ok", 2)
    assert [phase.name for phase in seen.phases] == 3 * ["connect", "tls", "first-byte", "transfer"]


def test_a_redirect_is_the_answer_where_none_is_to_be_followed(
    authority: trustme.CA, here: Local
) -> None:
    with https(authority, saying(moved("/elsewhere"))) as port:
        seen = get(port, here, redirects=0)

    assert isinstance(seen, Response)
    assert (seen.status, seen.hops, seen.excerpt) == (302, (), "away")


@pytest.mark.parametrize(("status", "method"), [(302, b"GET"), (303, b"GET"), (307, b"POST")])
def test_a_post_becomes_a_get_unless_the_status_forbids_it(
    authority: trustme.CA, here: Local, status: int, method: bytes
) -> None:
    heads: list[bytes] = []

    def answer(session: ssl.SSLSocket, head: bytes) -> None:
        heads.append(head)
        saying(OK if b"/new" in head else moved("/new", status))(session, head)

    with https(authority, answer) as port:
        get(port, here, method="POST", body="{}")

    assert heads[1].startswith(method + b" /new ")
    assert (b"Content-Length: 2" in heads[1]) == (method == b"POST")


@pytest.mark.parametrize(
    ("answers", "reason", "hops"),
    [
        ({"index": moved("/")}, "loop", 1),
        ({"index": moved("/b"), "b": moved("/")}, "loop", 2),
        (
            {"index": moved("/1"), **{str(n): moved(f"/{n + 1}") for n in range(1, 9)}},
            "too-many",
            6,
        ),
        ({"index": moved("http://login.portal.example/")}, "not-https", 1),
        ({"index": moved("ftp://localhost/")}, "not-https", 1),
        ({"index": moved("https://localhost:99999/")}, "malformed", 1),
        ({"index": moved("https://[::1/")}, "malformed", 1),
        ({"index": moved("https://:443/")}, "malformed", 1),
        ({"index": moved("https://caf\u00e9.example/")}, "malformed", 1),
        ({"index": moved("https://nowhere.example/")}, "unresolved", 1),
    ],
)
def test_a_redirect_that_leads_nowhere_is_a_refusal(
    authority: trustme.CA, tmp_path: Path, answers: dict[str, bytes], reason: str, hops: int
) -> None:
    vantage = Named(authorities=(pem_of(authority, tmp_path),))
    with https(authority, by_path(**answers)) as port:
        seen = get(port, vantage)

    assert isinstance(seen, HttpRefusal), seen
    assert (seen.phase, seen.reason, seen.status) == ("redirect", reason, 302)
    assert len(seen.hops) == hops


def test_another_host_is_resolved_by_the_vantage_and_tried_at_each_address(
    authority: trustme.CA, tmp_path: Path
) -> None:
    vantage = Named(
        authorities=(pem_of(authority, tmp_path),),
        names={"other.example": ("127.0.0.9", "::1", "127.0.0.2")},
    )
    with (
        https(authority, saying(OK), address="127.0.0.2") as other,
        https(authority, saying(moved(f"https://other.example:{other}/x"))) as port,
    ):
        seen = get(port, vantage)

    assert isinstance(seen, Response)
    assert (seen.url, seen.address) == (f"https://other.example:{other}/x", "127.0.0.2")


def test_the_way_back_home_leads_to_the_address_that_is_looked_at(
    authority: trustme.CA, tmp_path: Path
) -> None:
    vantage = Named(authorities=(pem_of(authority, tmp_path),))
    home = 0

    def away(session: ssl.SSLSocket, head: bytes) -> None:
        saying(moved(f"https://localhost:{home}/c"))(session, head)

    with https(authority, away) as other:
        answer = by_path(index=moved(f"https://127.0.0.1:{other}/b"), c=OK)
        with https(authority, answer) as home:
            seen = get(home, vantage)

    assert isinstance(seen, Response)
    assert (seen.url, len(seen.hops)) == (f"https://localhost:{home}/c", 2)


def test_a_fault_behind_a_redirect_is_http_s_own(authority: trustme.CA, here: Local) -> None:
    with (
        far_side(reset_at_hello) as other,
        https(authority, saying(moved(f"https://127.0.0.1:{other}/"))) as port,
    ):
        cut = get(port, here)
    with (
        https(trustme.CA(), saying(OK)) as other,
        https(authority, saying(moved(f"https://127.0.0.1:{other}/"))) as port,
    ):
        distrusted = get(port, here)

    for seen, words in ((cut, "connection reset"), (distrusted, "not trusted")):
        assert isinstance(seen, HttpRefusal)
        assert (seen.phase, seen.reason) == ("redirect", "unreachable")
        assert words in seen.errors[0]
