"""Whose the objects of a namespace are: what Argo CD wrote on them.

An annotation `APPLICATION:GROUP/KIND:NAMESPACE/NAME`, in which the namespace and `_` stand before
an application of another namespace; or the label `app.kubernetes.io/instance`.
https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
"""

from collections.abc import Iterable

from checks.rollout.runtime.objects import Meta

_OF_THE_CLUSTER = ("kube-root-ca.crt", "openshift-service-ca.crt", "default", "kubernetes")
_OF_ISTIO = "istio-ca-root-cert"


def owner_of(meta: Meta) -> str | None:
    """Return the application that tracks an object; None where none does."""
    if meta.tracking:
        return meta.tracking.partition(":")[0]
    return meta.instance


def strays(
    objects: Iterable[tuple[Meta, str]], application: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the objects of other applications, and those of none, in words.

    What has an owner is its owner's; what every namespace has is the cluster's.
    """
    shared: list[str] = []
    untracked: list[str] = []
    for meta, seen in objects:
        if meta.owners or meta.name in (*_OF_THE_CLUSTER, _OF_ISTIO):
            continue
        many = seen.removesuffix("Seen")
        kind = many.removesuffix("es" if many.endswith("sses") else "s")
        owner = owner_of(meta)
        if owner is None:
            untracked.append(f"{kind} {meta.name} is tracked by no application")
        elif owner != application and not owner.endswith(f"_{application}"):
            shared.append(f"{kind} {meta.name} is tracked by {owner}")
    return tuple(shared), tuple(untracked)
