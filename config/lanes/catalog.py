"""What is expected of a lane's artifact catalog, its GitOps branch, and its registry."""

from typing import Annotated

from pydantic import Field

from config.lanes.words import Glob, Text
from config.model import Model, OrAbsent, takes
from config.repositories import Ref
from config.vantages import Name


class Catalog(Model):
    """The file in which a promotion says what it published."""

    path: Text
    """On the GitOps branch: `deploy/artifact-catalog.v01.json`."""
    services: tuple[Text, ...] = Field(min_length=1)
    """The services that it has to name."""
    env_images: bool = True
    """Whether images hold an environment and no source: tags are identities of environments."""
    identity_inputs: tuple[Glob, ...] = ()
    """Files of the source tree of which an environment's identity is made."""


class GitOps(Model):
    """The branch that Argo CD reads."""

    repository: Text
    """Its URL or path, as git takes it."""
    branch: Ref
    path: Text
    """The folder of manifests: `deploy/gitops/g14/runtime-v01`."""
    generated: tuple[Glob, ...] = ()
    """What promotions may write besides the catalog and the folder."""
    render: OrAbsent[tuple[Text, ...]]
    """The command that renders the manifests of a clean clone without writing: its output folder
    is given as `{out}`."""


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
