"""What a host's resolver says to us and to getent; run there as a program of its own."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checks.wire.names import Answer, NoAnswer, ask_system
from fixtures.vantages.local import Local
from reports.codec import decode, encode
from tests.program import ROOT

_DEADLINE = 8.0


@dataclass(frozen=True)
class Resolved:
    """One name: as our probe resolves it, and as getent does, in its order."""

    ours: Answer | NoAnswer
    getent: tuple[str, ...]
    by_files: tuple[str, ...]
    """What the hosts file alone says."""


def resolve_within(within: Sequence[str], names: Sequence[str]) -> dict[str, Resolved]:
    """Resolve the names on the host that the command leads to."""
    argv = [*within, sys.executable, "-m", __name__, *names]
    ended = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    told: list[dict[str, Any]] = json.loads(ended.stdout)
    found = {}
    for one in told:
        ours = decode(one["ours"])
        assert isinstance(ours, Answer | NoAnswer), ours
        found[ours.name] = Resolved(ours, tuple(one["getent"]), tuple(one["by_files"]))
    return found


async def _resolve(name: str) -> dict[str, Any]:
    ours, getent, by_files = await asyncio.gather(
        ask_system(name, Local(), deadline=_DEADLINE),
        _getent("ahosts", name),
        _getent("-s", "hosts:files", "ahosts", name),
    )
    return {"ours": encode(ours), "getent": getent, "by_files": by_files}


async def _getent(*arguments: str) -> list[str]:
    process = await asyncio.create_subprocess_exec(
        "getent", *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    output, error = await process.communicate()
    assert process.returncode in (0, 2), error  # 2: not found
    lines = (line.split() for line in output.decode().splitlines())
    return [words[0] for words in lines if words[1] == "STREAM"]


async def _main(names: Sequence[str]) -> None:
    json.dump(await asyncio.gather(*(_resolve(name) for name in names)), sys.stdout)


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1:]))
