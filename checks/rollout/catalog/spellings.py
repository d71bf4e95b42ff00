"""How catalogs spell what they name: the documents name the contents, and not the layout.

Dots lead into what is nested; capitals, dashes and underscores do not matter. What a service
does not say of itself is looked for in the catalog around it. Fields that nothing here names
are let alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Spellings = Sequence[str]

SERVICES: Spellings = ("services", "artifacts", "images", "entries", "items")
"""A list of services, or a mapping of them by name."""
SERVICE_ID: Spellings = ("serviceId", "service.id", "service", "id", "name")
OF_CATALOG: Mapping[str, Spellings] = {
    "lane": ("lane", "laneId", "laneName", "lane.id", "lane.name", "metadata.lane"),
    "source branch": ("sourceBranch", "source.branch", "source.ref", "metadata.sourceBranch"),
    "GitOps branch": ("gitopsBranch", "gitops.branch", "gitops.ref", "metadata.gitopsBranch"),
    "source commit": (
        "sourceCommit",
        "sourceCommitId",
        "sourceCommitSha",
        "source.commit",
        "source.commitId",
        "source.sha",
        "commitId",
        "commit",
        "metadata.sourceCommit",
    ),
}
_OF_IMAGE = ("", "image.", "envImage.", "env.", "artifact.")
"""Under which names a service may nest what it says of its image."""
IMAGE_REF: Spellings = ("imageRef", "imageRefSummary", "image.ref", "imageReference")
IMAGE_REF_PARTS: Mapping[str, Spellings] = {
    "repo_url": ("repoUrl", "repositoryUrl", "repo", "url"),
    "commit": ("commitId", "commit", "sha", "revision"),
    "dockerfile": ("dockerfilePath", "dockerfile", "path"),
    "kind": ("kind", "type"),
}


def _nested(*names: str) -> tuple[str, ...]:
    return tuple(f"{before}{name}" for name in names for before in _OF_IMAGE)


TAG: Spellings = ("envImageTag", *_nested("imageTag", "tag"), "envImage", "image")
"""A tag, or a whole name of an image."""
REPOSITORY: Spellings = _nested("envImageRepository", "imageRepository", "repository")
DIGEST: Spellings = ("envImageDigest", *_nested("imageDigest", "digest"))
REPOSITORY_DIGEST: Spellings = (
    "imageRepositoryDigest",
    *_nested("repositoryDigest", "repoDigest", "digestRef", "pinned"),
)
ENV_IDENTITY: Spellings = ("envIdentity", "environmentIdentity", "env.identity", "env.id")
BOOT_COMMIT: Spellings = ("bootCommit", "bootCommitId", "boot.commit", "boot.commitId")
TOOLCHAIN: Spellings = (
    "toolchainInputs",
    "toolchain.inputs",
    "toolchain",
    "identityInputs",
    "envInputs",
    "env.inputs",
    "inputs",
)
STATUS: Spellings = (
    "buildReuseStatus",
    "buildStatus",
    "reuseStatus",
    "status",
    "build.status",
    "reuse.status",
)
REUSED: Spellings = ("reused", "build.reused", "reuse.reused")
"""A yes or a no."""
PROVENANCE: Spellings = ("provenance", "build.provenance", "buildProvenance")
DECIDED_BY: Spellings = (
    "decidedBy",
    "reuseSource",
    "reuse.source",
    "reuse.from",
    "decision.source",
    "decisionSource",
    "provenance.reuseSource",
    "provenance.decisionSource",
)


def find(fields: Mapping[str, Any], spellings: Spellings) -> Any:
    """Return what stands under the first spelling that has something; None where none has."""
    for spelling in spellings:
        found = _at(fields, spelling.split("."))
        if found not in (None, "", [], {}):
            return found
    return None


def find_text(fields: Mapping[str, Any], spellings: Spellings) -> str | None:
    """Return the text, or the number, under the first spelling that has one."""
    for spelling in spellings:
        found = _at(fields, spelling.split("."))
        if isinstance(found, str) and found.strip():
            return found.strip()
        if isinstance(found, int | float) and not isinstance(found, bool):
            return str(found)
    return None


def _at(fields: Any, path: Sequence[str]) -> Any:
    for name in path:
        if not isinstance(fields, Mapping):
            return None
        plain = _plain(name)
        fields = next((value for key, value in fields.items() if _plain(key) == plain), None)
    return fields


def _plain(name: object) -> str:
    return str(name).replace("-", "").replace("_", "").casefold()
