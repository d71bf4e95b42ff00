"""WSL writes the hosts file anew: before, after, and mended, each against the same baseline."""

from pathlib import Path

from tests.incidents.worlds import named, run_there, text_of
from tests.program import Ended
from tests.stand_in_sites import ADDRESSES
from tests.stand_ins import Internet, make_identity, with_internet

NAME = "hosts-regenerated"
HIJACKED = "11.2.0.12"
STAMP = "20251120T080000Z"
_RELEASE = "5.15.167.4-microsoft-standard-WSL2"
_WSL = """\
mount --bind /mnt/version /proc/version
mount --bind /mnt/release /proc/sys/kernel/osrelease
"""


def happen(folder: Path) -> dict[str, Ended]:
    """Run the checks with the block, without it, and with it again."""
    host = folder / "host"
    names = ("github.com", "codeload.github.com")
    answers = {**{name: ADDRESSES[name] for name in names}, "github.com": (HIJACKED,)}
    internet = Internet(answers=answers, strangers=[HIJACKED])
    within = with_internet(host, make_identity(), internet)
    (host / "version").write_text(f"Linux version {_RELEASE} (root@wsl) #1 SMP\n")
    (host / "release").write_text(f"{_RELEASE}\n")
    within = named(within, "runner-wsl", _WSL)
    (host / "etc" / f"hosts.plan267.{STAMP}.bak").write_text(text_of(NAME, "hosts.backup"))

    def run(hosts: str, conf: str, *arguments: str) -> Ended:
        (host / "etc" / "hosts").write_text(text_of(NAME, hosts))
        (host / "etc" / "wsl.conf").write_text(text_of(NAME, conf))
        return run_there(host, within, NAME, "-m", "network or hosts", *arguments)

    baseline = run("hosts.baseline", "wsl.conf.baseline")
    assert baseline.folder is not None, baseline.out
    since = f"--baseline=/mnt/evidence/{baseline.folder.name}"
    broken = run("hosts.regenerated", "wsl.conf.reset", since)
    mended = run("hosts.baseline", "wsl.conf.baseline", since)
    return {"baseline": baseline, "broken": broken, "mended": mended}
