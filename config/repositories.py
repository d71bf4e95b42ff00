"""What is expected of a repository, and where it is found."""

from typing import Annotated

from pydantic import Field, model_validator

from config.gates import Gates
from config.hardcoded import Hardcoded
from config.labels import Labels
from config.model import Model, OrAbsent, takes
from config.vantages import Name
from config.workflows import Workflows

ApiUrl = Annotated[
    str,
    Field(
        pattern=r"^https?://[A-Za-z0-9._\[\]:-]+(/[A-Za-z0-9._~/-]*)?$",
        json_schema_extra=takes("a URL such as https://api.github.com or https://HOST/api/v3"),
    ),
]
FullName = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$",
        json_schema_extra=takes("a repository on GitHub, such as OWNER/NAME"),
    ),
]
Ref = Annotated[
    str,
    Field(
        pattern=r"^[^\s~^:?*\[\\-][^\s~^:?*\[\\]*$",
        json_schema_extra=takes("a branch, a tag or a commit, such as main or origin/main"),
    ),
]


class OnGitHub(Model):
    """A repository as GitHub's API knows it."""

    repository: FullName
    api: ApiUrl = "https://api.github.com"
    """GitHub's own, or that of a GitHub Enterprise Server."""
    token: Name | None = None
    """The name of a secret of this profile; without one only what is public can be asked."""
    requests: int = Field(default=300, ge=1, le=5000)
    """How many requests a run may make of this API, for this repository."""


class Repository(Model):
    """A repository: a path, a path at a ref, or one on GitHub; and what is expected of it.

    Files are read from the path where there is one, and otherwise through the API. What only
    GitHub knows, such as runners and runs, needs `github`.
    """

    name: Name
    path: str | None = Field(default=None, min_length=1)
    """A checkout or a bare repository; relative to the profile."""
    ref: Ref | None = None
    """What is read of it, without a checkout; without one, the files of the path as they lie."""
    github: OnGitHub | None = None
    branch: Ref = "main"
    """The default branch: where workflows have to stand so that they can be dispatched."""
    vantage: Name | None = None
    """Where it is read from, this host or the lab; the first such vantage, if left out."""
    workflows: OrAbsent[Workflows] = Workflows()
    labels: OrAbsent[Labels] = Labels()
    gates: OrAbsent[Gates] = Gates()
    hardcoded: OrAbsent[Hardcoded] = Hardcoded()

    @model_validator(mode="after")
    def _somewhere(self) -> "Repository":
        if self.path is None and self.github is None:
            raise ValueError("a repository is found at a path, on GitHub, or both: path or github")
        return self

    def __str__(self) -> str:
        return self.name
