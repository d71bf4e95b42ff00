"""The folder of Allure's results: files for their owner only, whole or not there."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def as_json(value: Any) -> bytes:
    """Encode JSON; what UTF-8 cannot hold is escaped."""
    try:
        return _encode(value).encode()
    except UnicodeEncodeError:  # a lone surrogate, of text that was never characters
        return json.dumps(value).encode()


_PART = re.compile(r"\..+\.(\d+)\.part")
"""The name of a file that a process has not put into place yet."""


class ResultsFolder:
    """Where results are put, beside those of other runs."""

    def __init__(self, path: Path) -> None:
        """Take a folder that exists."""
        self.path = path

    def put(self, name: str, content: bytes) -> None:
        """Write a file beside, and put it into place in one step; raises `OSError`.

        It is not synced: what a machine that dies takes with it can be completed again.
        """
        beside = f"{self.path}/.{name}.{os.getpid()}.part"
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            left = memoryview(content)
            while left:
                left = left[os.write(descriptor, left) :]
        except BaseException:  # a signal too: only what dead processes leave is swept
            os.unlink(beside)  # noqa: PTH108 - a Path for each file is half of what this takes
            raise
        finally:
            os.close(descriptor)
        os.replace(beside, f"{self.path}/{name}")  # noqa: PTH105

    def put_new(self, name: str, content: bytes) -> None:
        """Write a file unless it is there with the same content; raises `OSError`."""
        try:
            if (self.path / name).read_bytes() == content:
                return
        except FileNotFoundError:
            pass
        self.put(name, content)

    def put_result(self, stem: str, result: Mapping[str, Any], texts: Mapping[str, str]) -> None:
        """Write a result after what is attached to it; raises `OSError`."""
        for name, text in texts.items():
            self.put(name, text.encode(errors="backslashreplace"))
        self.put(result_name(stem), as_json(result))

    def names(self) -> frozenset[str]:
        """Return the names of what is there; raises `OSError`."""
        return frozenset(os.listdir(self.path))  # noqa: PTH208

    def sweep(self) -> None:
        """Remove what processes had begun to write when they died; raises `OSError`."""
        for name in self.names():
            part = _PART.fullmatch(name)
            if part is not None and not Path("/proc", part[1]).exists():
                (self.path / name).unlink(missing_ok=True)


def result_name(stem: str) -> str:
    """Return the name of a result's file."""
    return f"{stem}-result.json"
