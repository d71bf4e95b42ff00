"""Where a profile lets its targets be looked at from: one model for each kind of vantage."""

from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from config.model import Model, takes

Name = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        max_length=64,
        json_schema_extra=takes("a name of letters, digits, dots, dashes and underscores"),
    ),
]
_Word = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        max_length=255,
        json_schema_extra=takes("a name of letters, digits, dots, dashes and underscores"),
    ),
]

# What clusters call their things: RFC 1123, in lower case.
_Label = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$",
        max_length=63,
        json_schema_extra=takes("a name of lower-case letters, digits and dashes"),
    ),
]
_Subdomain = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$",
        max_length=253,
        json_schema_extra=takes("a name of lower-case letters, digits, dashes and dots"),
    ),
]
_Selector = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9!][A-Za-z0-9._/=!, ()-]*$",
        max_length=1024,
        json_schema_extra=takes("labels as kubectl's --selector takes them, such as app=runner"),
    ),
]


class LocalVantage(Model):
    """This host."""

    name: Name
    kind: Literal["local"] = "local"


class LabVantage(Model):
    """The embedded lab: its resolver, its hosts file, its authority."""

    name: Name
    kind: Literal["lab"]


class NetnsVantage(Model):
    """A named network namespace of this host (`ip netns`)."""

    name: Name
    kind: Literal["netns"]
    namespace: _Word


class Compose(Model):
    """A service of a compose project, which has one container."""

    project: _Word
    service: _Word

    def __str__(self) -> str:
        return f"{self.project}/{self.service}"


class _Container(Model):
    """What finds a container: its name, or its place in a compose project."""

    name: Name
    container: _Word | None = None
    """The container's name, or its id."""
    compose: Compose | None = None

    @model_validator(mode="after")
    def _one(self) -> "_Container":
        if (self.container is None) == (self.compose is None):
            raise ValueError("a container is found in exactly one way: container or compose")
        return self


class DockerVantage(_Container):
    """A container that runs under Docker."""

    kind: Literal["docker"]


class PodmanVantage(_Container):
    """A container that runs under Podman."""

    kind: Literal["podman"]


class SshVantage(Model):
    """Another host, by OpenSSH's client as its configuration says."""

    name: Name
    kind: Literal["ssh"]
    host: Annotated[
        str,
        Field(
            pattern=r"^(?:[A-Za-z0-9._~][A-Za-z0-9._~+-]*@)?[A-Za-z0-9:][A-Za-z0-9._:%-]*$",
            max_length=255,
            json_schema_extra=takes(
                "a host as ssh takes it: an alias of its configuration, or [USER@]HOST"
            ),
        ),
    ]
    config: str | None = Field(default=None, min_length=1)
    """The client's configuration file; the user's own where it is not given."""


class KubernetesVantage(Model):
    """A container of a pod, by kubectl and a kubeconfig, in which alone credentials stand."""

    name: Name
    kind: Literal["kubernetes"]
    pod: _Subdomain | None = None
    selector: _Selector | None = None
    """Labels that exactly one running pod has."""
    namespace: _Label | None = None
    """The context's own where it is not given."""
    container: _Label | None = None
    """The pod's default container where it is not given."""
    context: str | None = Field(default=None, min_length=1)
    """The kubeconfig's current one where it is not given."""
    kubeconfig: str | None = Field(default=None, min_length=1)
    """The kubeconfig file; the user's own where it is not given."""

    @model_validator(mode="after")
    def _one(self) -> "KubernetesVantage":
        if (self.pod is None) == (self.selector is None):
            raise ValueError("a pod is found in exactly one way: pod or selector")
        return self


KINDS: dict[str, type[Model]] = {
    "local": LocalVantage,
    "lab": LabVantage,
    "netns": NetnsVantage,
    "docker": DockerVantage,
    "podman": PodmanVantage,
    "ssh": SshVantage,
    "kubernetes": KubernetesVantage,
}
PATHS = frozenset({"config", "kubeconfig"})
"""Fields of them that are paths, which begin where the profile lies."""
TAGS = {f"<{kind}>": model for kind, model in KINDS.items()}


def _kind(value: Any) -> str:
    """Tell which kind is meant: mistakes are then told of that one alone."""
    plain = value if isinstance(value, dict) else vars(value) if isinstance(value, Model) else {}
    kind = plain.get("kind", "local")
    near = get_close_matches(kind[:64], KINDS, n=1) if isinstance(kind, str) else []
    return f"<{near[0] if near else 'local'}>"


VantageSpec = Annotated[
    Annotated[LocalVantage, Tag("<local>")]
    | Annotated[LabVantage, Tag("<lab>")]
    | Annotated[NetnsVantage, Tag("<netns>")]
    | Annotated[DockerVantage, Tag("<docker>")]
    | Annotated[PodmanVantage, Tag("<podman>")]
    | Annotated[SshVantage, Tag("<ssh>")]
    | Annotated[KubernetesVantage, Tag("<kubernetes>")],
    Discriminator(_kind),
]
