"""Where a cluster is found: through its API, or in a folder of objects that was taken of it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.model import Model, takes
from config.vantages import Name


class ClusterSpec(Model):
    """A Kubernetes cluster: a context of a kubeconfig, the one that this runs in, or a snapshot."""

    name: Name
    kubeconfig: str | None = Field(default=None, min_length=1)
    """The file; without one, `$KUBECONFIG`, or `~/.kube/config`."""
    context: str | None = Field(default=None, min_length=1)
    """The context of it; without one, its current one."""
    in_cluster: bool = False
    """Whether it is asked as the pod that this runs in."""
    snapshot: Annotated[
        str | None,
        Field(
            min_length=1,
            json_schema_extra=takes("a folder of objects, as kubectl get -o yaml leaves them"),
        ),
    ] = None
    """A folder of objects that was taken of it, relative to the profile: no cluster is asked."""
    namespaces: Annotated[
        tuple[Name, ...] | Literal["all"],
        Field(json_schema_extra=takes("`all`, or the names of those it was taken of")),
    ] = ()
    """Of which namespaces the snapshot was taken, where its files do not show it."""
    page: int = Field(default=500, ge=1, le=5000)
    """How many objects are asked for at once."""
    vantage: Name | None = None
    """Where it is asked from, this host or the lab; the first such vantage, if left out."""

    @model_validator(mode="after")
    def _one_way(self) -> "ClusterSpec":
        ways = (self.kubeconfig or self.context, self.in_cluster, self.snapshot)
        if sum(map(bool, ways)) > 1:
            raise ValueError("a cluster is found in one way: kubeconfig, in_cluster or snapshot")
        if self.namespaces and self.snapshot is None:
            raise ValueError("`namespaces` is said of a snapshot; a cluster is asked for its own")
        return self

    def __str__(self) -> str:
        return self.name
