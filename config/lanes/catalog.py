"""What is expected of a lane's artifact catalog, its GitOps branch, and its registry."""

from typing import Annotated, Literal

from pydantic import Field

from config.lanes.words import Argv, Glob, Text, TreePath
from config.model import Absent, Duration, Model, OrAbsent, takes
from config.repositories import Ref
from config.vantages import Name

INSTALLERS = (
    "apt",
    "apt-get",
    "apk",
    "yum",
    "dnf",
    "pip install",
    "bun install",
    "npm install",
    "npm ci",
)
"""Commands that install something, as the documents name them."""
CatalogField = Literal[
    "lane",
    "source branch",
    "GitOps branch",
    "source commit",
    "imageRef",
    "env image tag",
    "digest",
    "repository digest",
    "env identity",
    "bootCommit",
    "toolchain inputs",
    "status",
    "provenance",
]
"""What a catalog names, of itself and of each service."""


ALLOWED = (
    "**/node_modules/**",
    "**/site-packages/**",
    *(f"usr/{one}/**" for one in ("bin", "include", "lib*", "local", "sbin", "share")),
    *("usr/src/*", "usr/src/*/*", "usr/src/linux-*/**"),
    *(f"var/{one}/**" for one in ("cache", "lib")),
)
"""What a system, or a package manager, puts into an image."""


class Layers(Model):
    """What images must not hold: looked for in their histories and layers, which takes time."""

    baked: tuple[Glob, ...] = Field(default=("**/src/**", "**/scripts/**"), min_length=1)
    """Paths in the image that are of the source."""
    allowed: tuple[Glob, ...] = ALLOWED
    """Paths that are not, though they look so. Lanes may run what lies below `usr/src` or `opt`:
    of these only what a system puts there is."""
    largest: int = Field(default=64, ge=1, le=4096)
    """MiB of the largest layer, packed, that is looked into."""


class Catalog(Model):
    """The file in which a promotion says what it published."""

    path: TreePath
    """On the GitOps branch: `deploy/artifact-catalog.v01.json`."""
    services: tuple[Text, ...] = Field(min_length=1)
    """The services that it has to name."""
    without: tuple[CatalogField, ...] = ()
    """What this lane's catalog does not name."""
    env_images: bool = True
    """Whether images hold an environment and no source: tags are identities of environments."""
    identity_inputs: tuple[Glob, ...] = ()
    """Files of the source tree of which an environment's identity is made."""
    identity_parts: tuple[Literal["repoUrl", "commitId", "dockerfilePath"], ...] = (
        "repoUrl",
        "commitId",
        "dockerfilePath",
    )
    """Parts of the imageRef of which it is made, too."""
    imageref_kind: Text = "env-image-dockerfile"
    """What an imageRef has to be of, where it says its kind."""
    specs: tuple[Glob, ...] = ()
    """Files of the source tree in which specs with an imageRef stand."""
    earlier: int = Field(default=10, ge=1, le=100)
    """How many earlier catalogs are looked through for an image that is reused."""
    layers: OrAbsent[Layers] = Absent(absent="the lane does not ask for layers to be looked into")


class Render(Model):
    """How the manifests are rendered, without writing to the sources."""

    argv: Argv
    """Run at the top of a clean clone of the source commit; `{out}` stands for an empty folder,
    `{commit}` for the commit. What it leaves in the folder is compared with the GitOps path."""
    deadline: Duration = 300.0
    ignored: tuple[Glob, ...] = ()
    """Paths, below the folder, that only a promotion writes."""


class GitOps(Model):
    """The branch that Argo CD reads."""

    repository: Text
    """Its URL or path, as git takes it."""
    branch: Ref
    path: TreePath
    """The folder of manifests: `deploy/gitops/g14/runtime-v01`."""
    generated: tuple[Glob, ...] = ()
    """What promotions may write besides the catalog and the folder."""
    render: OrAbsent[Render]
    unpinned: tuple[Text, ...] = ()
    """Images that may stand there without a digest; `*` stands for any text."""
    installers: tuple[Text, ...] = INSTALLERS
    """Commands that install something where a Job should run what its image has."""


class Registry(Model):
    """The registry that images are pushed to."""

    url: Annotated[
        str,
        Field(
            pattern=r"^https?://[A-Za-z0-9._\[\]:-]+/?$",
            json_schema_extra=takes("the registry's URL, such as http://127.0.0.1:5000"),
        ),
    ]
    name: Text | None = None
    """How images name it, if not by its host and port: `127.0.0.1:5000`."""
    secret: Name | None = None
    """The name of a secret of this profile: `USER:PASSWORD`, or a bearer token."""
    tools: tuple[Text, ...] = ()
    """Images that builds stand on, which have to be there: `ci-node-tools:latest`."""
    bases: tuple[Text, ...] = ()
    """Public images that builds may pull, as the lane declares them."""
