"""The process that scans: it is asked on its input, in JSON, and answers on its output."""

import json
import os
import sys
from dataclasses import asdict

from checks.hardcoded.asked import read_asked
from checks.hardcoded.git import GitError
from checks.hardcoded.scanning import scan


def main() -> int:
    """Answer one question; 1 with a line that says why not."""
    try:
        found = scan(read_asked(json.load(sys.stdin)))
    except (GitError, OSError, ImportError) as error:
        print(" ".join(str(error).split()) or type(error).__name__, file=sys.stderr)  # noqa: T201
        return 1
    sys.stdout.write(json.dumps(asdict(found)))
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # nothing is left to tidy up, and tidying takes longer than a small scan
