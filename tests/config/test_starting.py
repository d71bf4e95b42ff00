"""A first profile, from what a host shows."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.loading import parse
from config.model import Absent
from config.schema import Profile
from config.starting import (
    Block,
    Findings,
    Remote,
    block_of,
    look_around,
    nameservers_of,
    profile_text,
    remote_of,
)

HOSTS = """\
127.0.0.1 localhost
# Plan 267-D GitHub override (2025-11-02T03:04:05Z)
140.82.112.3 github.com
140.82.112.9 codeload.github.com  # by hand

# something else
192.0.2.1 example.test
"""


def profile_of(findings: Findings, name: str = "mine") -> Profile:
    return parse(profile_text(name, findings), Path("/somewhere/mine.yaml"))


def test_a_host_that_shows_nothing_gets_a_profile_of_github() -> None:
    profile = profile_of(Findings())

    assert isinstance(profile.endpoints, tuple)
    assert [endpoint.host for endpoint in profile.endpoints] == ["github.com"]
    assert profile.nameservers == "configured"
    assert not isinstance(profile.hosts, Absent)
    assert isinstance(profile.hosts.block, Absent)


def test_what_a_host_shows_is_expected_of_it(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/hosts").write_text(HOSTS)
    (tmp_path / "etc/resolv.conf").write_text("# ours\nnameserver 192.0.2.53\noptions edns0\n")
    clone = tmp_path / "clone"
    for command in (
        ["init", "-q", str(clone)],
        ["-C", str(clone), "remote", "add", "origin", "https://u:p@git.example:8443/a/b.git"],
        ["-C", str(clone), "remote", "add", "near", "git@github.com:a/b.git"],
    ):
        subprocess.run(["git", *command], check=True, capture_output=True)

    findings = look_around(tmp_path, clone, {"https_proxy": "http://u:p@proxy.example:3128"})

    assert findings == Findings(
        nameservers=("192.0.2.53",),
        block=Block("Plan 267-D GitHub override ({stamp})", ("github.com", "codeload.github.com")),
        remotes=(Remote("git.example", "a/b.git"), Remote("github.com", "a/b.git")),
        proxies=(("https_proxy", "http://…@proxy.example:3128"),),
    )
    profile = profile_of(findings)
    assert isinstance(profile.endpoints, tuple)
    assert [(one.host, one.ranges) for one in profile.endpoints] == [
        ("git.example", ()),
        ("github.com", ("web", "git")),
    ]
    assert not isinstance(profile.hosts, Absent)
    assert not isinstance(profile.hosts.block, Absent)
    assert profile.hosts.block.names == ("github.com", "codeload.github.com")


def test_a_host_without_files_and_git_shows_nothing(tmp_path: Path) -> None:
    assert look_around(tmp_path / "no-such", tmp_path / "no-such", {}) == Findings()


@pytest.mark.parametrize(
    ("url", "remote"),
    [
        ("https://github.com/a/b.git", Remote("github.com", "a/b.git")),
        ("https://token@github.com/a/b", Remote("github.com", "a/b")),
        ("ssh://git@github.com:22/a/b.git", Remote("github.com", "a/b.git")),
        ("git@github.com:a/b.git", Remote("github.com", "a/b.git")),
        ("/srv/git/b.git", None),
        ("../b.git", None),
        ("file:///srv/git/b.git", None),
        ("https://[::1/b", None),
        ("https://github.com/", None),
        ("https://github.com/a/ghp_0123456789abcdefABCDEF0123456789abcd", None),
        ("", None),
    ],
)
def test_a_remote_is_a_host_and_a_path_and_nothing_else(url: str, remote: Remote | None) -> None:
    assert remote_of(url) == remote


def test_a_block_is_a_stamped_comment_above_names() -> None:
    assert block_of("# a comment\n192.0.2.1 a.test\n") is None
    assert block_of("# written 2025-01-31\n\n") is None
    assert block_of("# written 20250131T101112Z\n192.0.2.1 a.test b.test\n") == Block(
        "written {stamp}", ("a.test", "b.test")
    )


def test_nameservers_are_those_of_resolv_conf() -> None:
    text = "nameserver\nnameserver 192.0.2.1\n#nameserver 192.0.2.2\n nameserver 2001:db8::1 x\n"

    assert nameservers_of(text) == ("192.0.2.1", "2001:db8::1")


@settings(max_examples=150, deadline=None, database=None)
@given(
    name=st.text(max_size=80),
    resolv_conf=st.text(max_size=80),
    hosts=st.text(max_size=200)
    | st.text(max_size=60).map(lambda text: f"# {text} 2025-01-31\n::1 a.b"),
    urls=st.lists(st.text(max_size=60) | st.text(max_size=60).map("https://github.com/{}".format)),
    proxy=st.text(max_size=80),
)
def test_whatever_a_host_shows_the_profile_can_be_used(
    name: str, resolv_conf: str, hosts: str, urls: list[str], proxy: str
) -> None:
    remotes = tuple(remote for url in urls if (remote := remote_of(url)))
    findings = Findings(
        nameservers_of(resolv_conf), block_of(hosts), remotes, (("http_proxy", proxy),)
    )

    assert isinstance(profile_of(findings, name), Profile)
