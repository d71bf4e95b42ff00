"""Several attempts at GitHub's endpoints, some of which are reset on the way."""

import sys
from pathlib import Path

from tests.program import ROOT, run_checks
from tests.stand_in_sites import ADDRESSES
from tests.stand_ins import Internet, make_identity, with_internet

SAMPLED = """
name: sampled
ranges: github
vantages: [{name: host, kind: local}]
endpoints:
  - {host: github.com, ranges: [web], samples: {count: 6, at_least: 4, interval: 50ms}}
  - {host: api.github.com, ranges: [api], samples: {count: 6, at_least: 5, interval: 50ms}}
hosts: {absent: it is not looked at}
"""


def test_every_attempt_is_kept_and_at_least_so_many_must_succeed(
    tmp_path: Path,
) -> None:
    profile = tmp_path / "sampled.yaml"
    profile.write_text(SAMPLED)
    flaky = [ADDRESSES[name][0] for name in ("github.com", "api.github.com")]
    served = {name: at for name, at in ADDRESSES.items() if at[0] not in flaky}
    script = ROOT / "tests" / "far_side_that_resets.py"
    commands = [f"{sys.executable} {script} {address} /mnt/names.pem" for address in flaky]
    internet = Internet(served=served, refusing=flaky, besides="\n".join(commands))
    within = with_internet(tmp_path / "host", make_identity(), internet)

    sampled = ("-k", "check_enough_attempts_succeed")
    ended = run_checks(tmp_path, f"--profile={profile}", *sampled, within=within)

    assert ended.status == 1, ended.out
    assert ended.verdicts() == {
        "check_enough_attempts_succeed[github.com@host]": "upheld",
        "check_enough_attempts_succeed[api.github.com@host]": "violated",
    }
    made = {line["sighting"]: line["probe"] for line in ended.journal("sighting.begin")}
    kept = [
        [
            (one["observation"]["number"], one["observation"]["outcomes"][0]["kind"])
            for one in line["seen"]
        ]
        for line in ended.journal("sighting.end")
        if made[line["sighting"]] == "sample"
    ]
    each = [(n, "handshake-refusal" if n % 3 == 0 else "handshake") for n in range(1, 7)]
    assert kept == [each, each]
    upheld, violated = ended.journal("verdict")
    assert len(upheld["remarks"]) == 2
    assert violated["saw"].startswith("4 of 6")
