"""How Argo CD's revisions stand to the head of the GitOps branch, by what differs below a path.

A commit beside the path moves the head and no manifest: the revision may stay behind it then.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from checks.rollout.argo.objects import Application, Source

Standing = Literal["same", "path-equal", "unread", "lags", "ahead", "diverged", "none", "unknown"]
What = Literal["compared", "applied"]
GOOD: frozenset[Standing] = frozenset({"same", "path-equal", "unread"})
"""Nothing of the path that Argo CD reads differs."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A revision beside the head.

    `path-equal`: the head contains it, and nothing differs below the path. `unread`: something
    does, but nothing below the paths of which manifests are made (manifest-generate-paths).
    `lags`: the head contains it, and something differs. `ahead`: it contains the head, which
    moved. `diverged`: neither has the other. `none`: there is no revision. `unknown`: git does
    not tell, `why` says why.
    """

    of: What
    """`status.sync.revision`, or `syncResult.revision`."""
    revision: str
    standing: Standing
    why: str = ""

    def __str__(self) -> str:
        words = "was compared to" if self.of == "compared" else "applied"
        told = f": {self.why}" if self.why else ""
        return f"Argo CD {words} {self.revision or 'no revision'} ({self.standing}){told}"


def own_sources(app: Application, urls: Collection[str], branch: str | None) -> tuple[int, ...]:
    """Return the places of the sources that read the lane's GitOps branch; charts are others.

    Of several, those are meant that read one of the URLs, or else the branch, where one is given.
    One that only lends its values (`ref`) has no manifests, and its revision counts all the same.
    """
    return tuple(
        number
        for number, one in enumerate(app.sources)
        if not one.chart and (not app.several or _reads(one, urls, branch))
    )


def _reads(source: Source, urls: Collection[str], branch: str | None) -> bool:
    by_branch = branch is not None and source.target_revision == branch
    return by_branch or same_repository(source.repo_url, urls)


def same_repository(url: str, others: Collection[str]) -> bool:
    """Tell whether a URL is one of the others; `.git` and a slash at its end do not count."""
    return _bare(url) in {_bare(one) for one in others}


def _bare(url: str) -> str:
    return url.rstrip("/").removesuffix(".git").lower()


def generate_paths(annotation: str, path: str) -> tuple[str, ...]:
    """Return the paths of which manifests are made: absolute from the root, or below the path."""
    found = []
    for one in annotation.split(";"):
        if not one.strip():
            continue
        word = one.strip()
        whole = word.lstrip("/") if word.startswith("/") else f"{path}/{word}"
        found.append(_normal(whole))
    return tuple(dict.fromkeys(found))


def _normal(path: str) -> str:
    parts: list[str] = []
    for one in path.split("/"):
        if one == "..":
            parts = parts[:-1]
        elif one not in ("", "."):
            parts.append(one)
    return "/".join(parts)
