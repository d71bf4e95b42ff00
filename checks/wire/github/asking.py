"""Commands that repeat by hand what is asked of GitHub."""

import shlex
from urllib.parse import urlsplit

from fixtures.repositories import Source

_PUBLIC = "api.github.com"


def gh(source: Source, path: str, *arguments: str) -> str:
    """Write the `gh api` command that asks of a repository what lies at a path below it."""
    host = urlsplit(source.api or "").hostname or _PUBLIC
    beside = () if host == _PUBLIC else ("--hostname", host)
    asked = f"repos/{source.repository}{path}"
    return shlex.join(("gh", "api", *beside, *arguments, asked))


def show(source: Source, path: str) -> str:
    """Write the command that shows a file of a repository as it is read."""
    if source.path is None:
        return gh(source, f"/contents/{path}?ref={source.ref or source.branch}")
    if source.ref is None:
        return shlex.join(("cat", f"{source.path}/{path}"))
    return shlex.join(("git", "-C", source.path, "show", f"{source.ref}:{path}"))
