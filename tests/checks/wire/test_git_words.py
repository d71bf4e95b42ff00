"""In git's, libcurl's and GnuTLS's own words, with git's own trace before them."""

import pytest

from checks.wire.git_words import Layer, layer_of, said_by_git

AT = "10:12:53.845495 http.c:"
BEGUN = "10:12:53.840001 git.c:465               trace: built-in: git ls-remote https://a/b.git"
TRYING = f"{AT}820              == Info:   Trying 127.77.0.1:443..."
CONNECTED = f"{AT}820              == Info: Connected to a (127.77.0.1) port 443 (#0)"
SENT = f"{AT}737              => Send header: GET /b.git/info/refs?service=git-upload-pack HTTP/1.1"
UNABLE = "fatal: unable to access 'https://a/b.git/': "


@pytest.mark.parametrize(
    ("said", "layer"),
    [
        (f"{UNABLE}Could not resolve host: a", "names"),
        (f"{UNABLE}Could not resolve proxy: proxy.a", "names"),
        (f"{UNABLE}Failed to connect to a port 443 after 1 ms: Connection refused", "connection"),
        (f"{UNABLE}GnuTLS, handshake failed: gnutls_handshake() failed: Handshake failed", "tls"),
        (f"{UNABLE}server certificate verification failed. CAfile: none CRLfile: none", "trust"),
        (f"{UNABLE}SSL: no alternative certificate subject name matches target", "trust"),
        (f"{UNABLE}The requested URL returned error: 503", "http"),
        ("fatal: could not read Username for 'https://a': terminal prompts disabled", "http"),
        ("fatal: repository 'https://a/b.git/' not found", "git"),
        ("fatal: protocol error: bad line length character: <htm", "git"),
        ("fatal: something that nobody ever said", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_layer_is_known_by_its_words(said: str, layer: Layer) -> None:
    assert layer_of(f"{said}\n") == layer


@pytest.mark.parametrize(
    ("trace", "layer"),
    [
        ((BEGUN,), "names"),
        ((BEGUN, TRYING), "connection"),
        ((BEGUN, TRYING, CONNECTED), "tls"),
        ((BEGUN, TRYING, CONNECTED, SENT), "http"),
    ],
)
def test_a_git_that_said_nothing_stopped_where_its_trace_ends(
    trace: tuple[str, ...], layer: Layer
) -> None:
    assert said_by_git("\n".join(trace)) == ""
    assert layer_of("\n".join(trace)) == layer


def test_what_ssh_says_does_not_begin_a_terminals_line_anew() -> None:
    said = "ssh: no route to a.test\r\nfatal: Could not read from remote repository.\n"

    told = "ssh: no route to a.test; fatal: Could not read from remote repository."
    assert said_by_git(said) == told


@pytest.mark.parametrize(
    ("trace", "said", "layer"),
    [
        ((BEGUN,), "Connection reset by peer", "unknown"),
        ((TRYING,), "Recv failure: Connection reset by peer", "connection"),
        ((TRYING, CONNECTED), "Recv failure: Connection reset by peer", "tls"),
        ((TRYING, CONNECTED), "Send failure: Broken pipe", "connection"),
        ((TRYING, CONNECTED, SENT), "Recv failure: Connection reset by peer", "http"),
    ],
)
def test_words_that_fit_every_layer_leave_it_to_the_trace(
    trace: tuple[str, ...], said: str, layer: Layer
) -> None:
    assert layer_of("\n".join((*trace, f"{UNABLE}{said}"))) == layer
