"""Journal lines of a made-up run, each time the same: what projections are tested with."""

from datetime import UTC, datetime, timedelta
from typing import Any

BEGAN = datetime(2026, 10, 25, 1, 2, 3, 456789, tzinfo=UTC)
HOSTILE = "a|b `c` <b>&amp; @you\n\x1b[31m\u202e[x](http://y)"


def sealed_run() -> list[dict[str, Any]]:
    """Return a whole run in which every verdict is given."""
    checks = [
        check("network", "name_resolves", "github.com", "The name resolves"),
        check("network", "every_address_connects", "github.com", "Every address connects"),
        check("tls", "certificate_is_trusted", "github.com", "The certificate is trusted"),
        check("tls", "protocol_is_recent", "github.com", "The protocol is recent enough"),
        check("tls", "certificate_is_trusted", "codeload.github.com", "The certificate is trusted"),
        check("tls", "protocol_is_recent", "codeload.github.com", "The protocol is recent enough"),
        check("hosts", "file_is_used", "/etc/hosts", f"Hostile: {HOSTILE}"),
    ]
    told = verdicts(checks)
    plan = {"kind": "plan", "checks": checks}
    return numbered([begin(), plan, vantage(), *sightings(), *told, *end()])


def killed_run() -> list[dict[str, Any]]:
    """Return the same run, killed while it looked and before anything was violated."""
    return [line for line in sealed_run() if line["seq"] <= 8]


def check(area: str, name: str, target: str, sentence: str) -> dict[str, Any]:
    return {
        "id": f"checks/{area}/check_x.py::check_{name}[{target}@here]",
        "area": area,
        "layer": area,
        "target": target,
        "vantage": "here",
        "sentence": sentence,
    }


def begin() -> dict[str, Any]:
    return {
        "kind": "run.begin",
        "run": "a1b2c3",
        "attempt": 1,
        "profile": {
            "name": "github",
            "digest": "0f" * 32,
            "path": "config/profiles/github.yaml",
            "ranges": {"name": "github", "dated": "2026-10-01", "digest": "ee" * 32},
        },
        "suite": {"commit": "c0ffee" * 6 + "c0ff", "dirty": True},
        "argv": ["pytest", "-m", "network or hosts"],
        "host": "runner-1",
        "system": "Linux-6.1-x86_64",
        "boot_id": "b",
        "versions": {"python": "3.11.7", "openssl": "3.0.2"},
        "variables": {"HTTPS_PROXY": "http://proxy:3128"},
        "ci": {"run": "42", "attempt": "1"},
        "zone": {"name": "CST", "offset": "+08:00"},
        "secrets": {"registered": ["GITHUB_TOKEN"], "absent": ["REGISTRY_TOKEN"]},
        "previous": {"run": "20261024T010203Z-ffffff", "head": "ab" * 32},
    }


def vantage() -> dict[str, Any]:
    return {
        "kind": "vantage",
        "vantage": "here",
        "vantage_kind": "local",
        "place": {},
        "system": {"kernel": "6.1.0-microsoft", "name": HOSTILE, "wsl": "yes"},
        "files": {"/etc/resolv.conf": "search a.test\nnameserver 192.0.2.53\n"},
        "interfaces": {"lo": 65536, "eth0": 1420},
        "routes": ["0.0.0.0/0 via 192.0.2.1 dev eth0 metric 0", "192.0.2.0/24 dev eth0 metric 0"],
        "variables": {"HTTPS_PROXY": "http://proxy:3128"},
        "store": {"path": "/etc/ssl/cert.pem", "sha256": "5e" * 32, "certificates": 140},
        "clock": {"ahead_ms": 0, "within_ms": 0},
        "tools": {"openssl": "OpenSSL 3.0.2 15 Mar 2022 (Library: x)", "git": None},
        "authorities": {},
    }


def sightings() -> list[dict[str, Any]]:
    return [
        sighting("s1", "ask_system", "github.com", "getent ahosts github.com"),
        seen("s1", "140.82.112.3 and 2 more from dns"),
        sighting("s2", "shake_hands", "github.com", "openssl s_client -connect github.com:443"),
        seen("s2", "untrusted: self-signed certificate", HOSTILE),
        sighting("s3", "shake_hands", "codeload.github.com", ""),
        {
            "kind": "sighting.end",
            "sighting": "s3",
            "seconds": 0.0,
            "unreached": {"needed": "s1", "saw": ["connection refused (ECONNREFUSED)"]},
        },
        sighting("s4", "read_file", "/etc/hosts", "cat /etc/hosts"),
        {
            "kind": "sighting.end",
            "sighting": "s4",
            "seconds": 0.5,
            "error": {"reason": HOSTILE, "mend": "run it as somebody who may read it"},
        },
    ]


def sighting(name: str, probe: str, target: str, by_hand: str) -> dict[str, Any]:
    return {
        "kind": "sighting.begin",
        "sighting": name,
        "probe": probe,
        "target": target,
        "vantage": "here",
        "by_hand": by_hand,
        "needs": [],
    }


def seen(name: str, headline: str, transcript: str | None = None) -> dict[str, Any]:
    observation = {"kind": "x"} | ({"transcript": transcript} if transcript else {})
    return {
        "kind": "sighting.end",
        "sighting": name,
        "seconds": 0.25,
        "seen": [
            {"headline": headline, "phases": [["tls", 0.1, 0.15]], "observation": observation}
        ],
    }


def verdicts(checks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    held_by = ["check_every_address_connects"]
    refused = "not reached: connection refused (ECONNREFUSED)"
    waiver = {"reason": "plan 266", "approved_by": "ops", "until": "2026-12-31"}
    return [
        verdict(checks[0], "upheld", ["s1"], remarks=["one address is outside the known ranges"]),
        verdict(checks[1], "violated", ["s1"], expected="a connection", saw="none", waiver=waiver),
        verdict(
            checks[2],
            "violated",
            ["s1", "s2"],
            expected="a chain that ends in a trusted authority",
            saw=f"self-signed certificate\n{HOSTILE}",
            place="checks/tls/check_x.py:23",
            diagnoses=[diagnosis("mitm-untrusted", "issued by nobody", HOSTILE), diagnosis("x")],
        ),
        verdict(checks[3], "not-applicable", [], reason="the plan declares it absent"),
        verdict(checks[4], "inconclusive", ["s3"], reason=refused, mend="m", held_by=held_by),
        verdict(checks[5], "inconclusive", ["s3"], reason=refused, mend="m", held_by=held_by),
        verdict(checks[6], "inconclusive", ["s4"], reason=HOSTILE, mend="look | elsewhere"),
    ]


def diagnosis(cause: str, *facts: str) -> dict[str, Any]:
    return {
        "cause": cause,
        "facts": list(facts),
        "contrast": "not an expired one",
        "remedy": f"trust it: {HOSTILE}",
        "undo": "trust it no more",
    }


def verdict(
    judged: dict[str, Any], word: str, looked_at: list[str], **fields: Any
) -> dict[str, Any]:
    return {
        "kind": "verdict",
        "check": judged["id"],
        "verdict": word,
        "sightings": looked_at,
        "waiver": None,
        "seconds": 0.5,
        **fields,
    }


def end() -> list[dict[str, Any]]:
    words = {"status": 1, "words": "something was violated"}
    return [
        {
            "kind": "attachment",
            "path": "attachments/canary.txt",
            "media_type": "text/plain",
            "bytes": 1234,
            "sha256": "cd" * 32,
        },
        {"kind": "canary.looked-for", "files": 2, "found": []},
        {"kind": "run.end", "counts": {}, "exit": words, "interrupted": False},
    ]


def numbered(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each line its place and its time, a second after the one before."""
    return [
        {
            "seq": at,
            "at": (BEGAN + timedelta(seconds=at - 1)).isoformat().replace("+00:00", "Z"),
            "mono": at,
            "prev": "",
            **line,
        }
        for at, line in enumerate(lines, start=1)
    ]
