"""What a probe saw until its deadline is told, whatever the hard end of a sighting is."""

from pathlib import Path

import pytest

from tests.program import run_checks


@pytest.mark.parametrize("sighting", ["2s", "1s"])
def test_a_longer_deadline_still_lets_a_silent_handshake_be_told(
    tmp_path: Path, sighting: str
) -> None:
    profile = tmp_path / "short.yaml"
    profile.write_text(
        "name: short\nvantages: [{name: lab, kind: lab}]\nhosts: {absent: none}\n"
        f"endpoints: [{{host: site.lab.test}}]\ndeadlines: {{sighting: {sighting}}}\n"
    )
    silent = ("--lab-fault", "tls-silent", "-k", "check_handshake_completes", "--deadline", "2")

    ended = run_checks(tmp_path, f"--profile={profile}", *silent)

    assert ended.status == 1, ended.out
    (line,) = [line for line in ended.journal("verdict") if line["verdict"] == "violated"]
    assert line["check"].endswith("check_handshake_completes[site.lab.test@lab]")
    assert " after client-hello, 0 bytes received" in line["saw"]
