"""The process that scans: it is asked on its input, in JSON, and answers on its output."""

import gc
import json
import os
import sys

from checks.hardcoded.git import GitError, list_files


def main() -> int:
    """Answer one question; 1 with a line that says why not."""
    parent = os.getppid()
    gc.disable()  # it lives for a moment, and makes no cycles
    told = json.load(sys.stdin)
    try:
        # Git lists while what reads and searches is imported.
        begun = list_files(told["git"]) if told["git"] and not told["ref"] else None
        from checks.hardcoded.asked import read_asked  # noqa: PLC0415
        from checks.hardcoded.scanning import scan  # noqa: PLC0415
        from reports.dying import die_with_parent  # noqa: PLC0415

        die_with_parent(parent)  # a run that is killed leaves no scan behind
        found = scan(read_asked(told), begun)
    except (GitError, OSError, ImportError) as error:
        print(" ".join(str(error).split()) or type(error).__name__, file=sys.stderr)  # noqa: T201
        return 1
    sys.stdout.write(json.dumps({**found._asdict(), "searched": found.searched.told()}))
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    os._exit(status)  # nothing is left to tidy up, and tidying takes longer than a small scan
