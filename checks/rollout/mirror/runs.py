"""How a lane's run reached git: by its mirror, and by nothing else. All pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from checks.rollout.pipeline.logs import FailedLogs
from checks.rollout.pipeline.objects import TaskRun
from config.lanes.mirror import Mirror

_URL = re.compile(r"(?:https?|ssh|git)://[^\s\"'`<>|;,)\]}]+|[\w.-]+@[\w.-]+:[\w./~-]+")
_GITHUB = (
    *("github.com", "www.github.com", "ssh.github.com", "api.github.com"),
    *("codeload.github.com", "raw.githubusercontent.com"),
)


def urls_in(texts: Iterable[str]) -> list[str]:
    """Return the URLs of git that stand in texts, each once: `user@host:path` among them."""
    found = (one.rstrip(".:/") for text in texts for one in _URL.findall(text))
    return list(dict.fromkeys(found))


def direct_in(texts: Iterable[str], mirror: Mirror) -> list[str]:
    """Return the URLs by which a run reaches the mirror's repository elsewhere than at the mirror.

    GitHub knows a repository in any case of its letters, and by more than its clone URL: its
    archives and its API have the repository's name in their paths.
    """
    own = {_bare(mirror.read_url), _bare(mirror.write_url)}
    repository = _path(mirror.read_url)
    return [
        one
        for one in urls_in(texts)
        if _bare(one) not in own and _is_git(one) and _is_of(one, repository)
    ]


def uses(texts: Iterable[str], url: str) -> bool:
    """Tell whether a URL stands in the texts, with `.git` and a slash at its end or without."""
    return _bare(url) in {_bare(one) for one in urls_in(texts)}


def drift_in(tasks: Sequence[TaskRun], logs: FailedLogs, words: Sequence[str]) -> list[str]:
    """Return what TaskRuns that did not succeed say of a mirror whose control plane drifted."""
    found = []
    for task in tasks:
        condition = task.condition
        said = [f"{condition.reason}: {condition.message}"] if condition else []
        said += [f"{step.name}: {step.reason} {step.message}" for step in task.steps]
        said += logs.lines_of(task)
        failed = condition is not None and condition.status == "False"
        found += [
            f"TaskRun {task.name}: {line.strip()}"
            for line in said
            if failed and any(word.lower() in line.lower() for word in words)
        ]
    return list(dict.fromkeys(found))


def read_time(text: str) -> datetime | None:
    """Return a time of RFC 3339 in UTC; None for what is none, or has no offset."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def _is_git(url: str) -> bool:
    """Tell whether a URL is of GitHub, or of a git repository by its ending."""
    return _host(url) in _GITHUB or url.endswith(".git")


def _is_of(url: str, repository: str) -> bool:
    if _host(url) not in _GITHUB:
        return _path(url) == repository
    return f"/{repository.lower()}/" in f"/{_path(url).lower()}/".replace(".git/", "/")


def _host(url: str) -> str:
    return urlsplit(url).hostname or url.partition("@")[2].partition(":")[0].lower()


def _bare(url: str) -> str:
    return url.rstrip("/").removesuffix(".git")


def _path(url: str) -> str:
    """Return the repository's path at its server, without `.git`."""
    path = urlsplit(url).path if "://" in url else url.partition(":")[2]
    return _bare(path).strip("/")
