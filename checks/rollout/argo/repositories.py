"""Which repositories an AppProject lets applications read: globs, and `!` that denies.

`IsSourcePermitted` and `NormalizeGitURL`:
https://github.com/argoproj/argo-cd/blob/master/pkg/apis/application/v1alpha1/types.go
https://github.com/argoproj/argo-cd/blob/master/util/git/git.go
"""

import re
from collections.abc import Iterable, Sequence

from checks.rollout.argo.globbing import fits

_DENY, _ANY = "!", "*"
_SSH = re.compile(r"[^/:]*@[^@]+")
_ANYWHERE = ("https://anybody.com", "http://anybody.com", "ssh://git@anybody.com")
_ANYTHING = ("repository", "owner/repository", "owner/group/repository")
_FOREIGN = tuple(f"{host}/{path}" for host in _ANYWHERE for path in _ANYTHING)
"""Repositories that no lane reads, of each form: who may read one may read whatever there is."""


def may_read(repositories: Iterable[str], url: str) -> bool:
    """Tell whether a project's `sourceRepos` let an application read a repository.

    One has to fit, and none to deny it. One that denies fits all that it does not name, so that
    beside it no other is needed.
    """
    known, allowed = _plain(url), False
    for one in repositories:
        if one.startswith(_DENY):
            if _fits(_plain(one.removeprefix(_DENY)), known):
                return False
            allowed = True
        else:
            allowed |= one == _ANY or _fits(_plain(one), known)
    return allowed


def boundless(repositories: Sequence[str]) -> tuple[str, ...]:
    """Return those of `sourceRepos` by which applications may read anybody's repositories."""
    foreign = [url for url in _FOREIGN if may_read(repositories, url)]
    return tuple(one for one in repositories if any(may_read((one,), url) for url in foreign))


def _fits(pattern: str, url: str) -> bool:
    return fits(pattern, url, separator="/")


def _plain(url: str) -> str:
    """Return a URL as Argo CD compares it: without case, without `.git` at its end."""
    plain = url.strip().lower()
    if _SSH.fullmatch(plain):
        plain = plain.replace(":", "/", 1)
    return plain.removesuffix(".git").removeprefix("ssh://")
