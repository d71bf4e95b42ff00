"""The machine's own servers, run for as long as a test needs them."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Thread


@contextmanager
def daemon(argv: Sequence[str], until: str, env: Mapping[str, str] | None = None) -> Iterator[None]:
    """Run a server that stays in the foreground, from when its error output says `until`."""
    with subprocess.Popen(
        argv, stderr=subprocess.PIPE, text=True, env=os.environ | dict(env or {})
    ) as process:
        try:
            assert process.stderr is not None
            said = []
            for line in process.stderr:
                said.append(line)
                if until in line:
                    break
            else:
                raise RuntimeError(f"{argv[0]} did not start: {''.join(said)}")
            Thread(target=process.stderr.read, daemon=True).start()  # a full pipe would stop it
            yield
        finally:
            process.terminate()
