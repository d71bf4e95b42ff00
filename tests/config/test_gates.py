"""What may be expected of gates."""

from pathlib import Path

import pytest

from config.loading import load
from config.mistakes import ProfileError

HEAD = """\
name: g
endpoints: {absent: none}
hosts: {absent: none}
repositories:
  - name: r
    path: .
    gates:
"""


def mistakes(tmp_path: Path, gates: str) -> str:
    path = tmp_path / "g.yaml"
    path.write_text(HEAD + "".join(f"      {line}\n" for line in gates.splitlines()))
    with pytest.raises(ProfileError) as raised:
        load(str(path))
    return str(raised.value)


@pytest.mark.parametrize(
    ("gates", "told"),
    [
        ("jobs: [{context: a}, {context: a}]", "a context stands here once: a"),
        ("jobs: [{context: a, since: 2025-11-22T08:00:00}]", "a time without its zone"),
        ("contract: ../x.json", "a path inside the repository"),
        ("plans: [{path: /etc/passwd}]", "a path inside the repository"),
        ("plans: [{path: p.md, zone: CST}]", "an offset from UTC such as +08:00"),
        ("promotion: {greens: 0}", "greens"),
        ("promotion: {demote_within: soon}", "a duration"),
        ("jobs: [{contxt: a}]", "did you mean"),
    ],
)
def test_a_mistake_is_told_with_what_may_stand_there(tmp_path: Path, gates: str, told: str) -> None:
    assert told in mistakes(tmp_path, gates)
