"""As what Argo CD itself is installed: the images of its workloads, and the version they are of."""

from collections.abc import Iterable, Mapping

from checks.rollout.argo.seen import DefinitionSeen
from checks.rollout.runtime.objects import Workload
from config.lanes.argo import Install

_ARGO = "argocd"


def images_of(workloads: Iterable[Workload]) -> Mapping[str, tuple[str, ...]]:
    """Return the images of each workload, of init containers too, by its kind and name."""
    return {
        f"{type(one).__name__} {one.meta.name}": tuple(
            container.image for container in one.template.containers
        )
        for one in workloads
    }


def unlike(images: Mapping[str, tuple[str, ...]], install: Install) -> tuple[str, ...]:
    """Return in what an installation is another than is declared, in words.

    A declared version is the tag of every image of Argo CD's own, but for one that is declared by
    its digest; a declared image has to run, and where images are declared, no other may.
    """
    every = {image for those in images.values() for image in those}
    found = [
        f"{where} has {image}, and not the version {install.version}"
        for where, those in images.items()
        for image in those
        if _is_argos(image) and _tag(image) not in ("", install.version)
    ]
    tagged = [image for image in every if _is_argos(image) and _tag(image)]
    by_digest = not tagged and any(image in install.images for image in every if _is_argos(image))
    if not by_digest and not any(_tag(image) == install.version for image in tagged):
        found.append(f"no image is argocd:{install.version}")
    if install.images:
        found += [f"{image} runs nowhere" for image in install.images if image not in every]
        found += [
            f"{where} has {image}, which is not declared"
            for where, those in images.items()
            for image in those
            if image not in install.images
        ]
    return tuple(dict.fromkeys(found))


def other_workloads(workloads: Iterable[Workload], install: Install) -> tuple[str, ...]:
    """Return the declared workloads that are not there, and those that are not declared."""
    if not install.workloads:
        return ()
    there = {one.meta.name: type(one).__name__ for one in workloads}
    found = [f"there is no workload {name}" for name in install.workloads if name not in there]
    found += [
        f"{kind} {name} is not declared"
        for name, kind in there.items()
        if name not in install.workloads
    ]
    return tuple(found)


def undefined(definitions: Iterable[DefinitionSeen]) -> tuple[str, ...]:
    """Return the definitions that are not there, or that the API server does not serve."""
    return tuple(
        one.headline
        for one in definitions
        if not any(each.established and each.served for each in one.items)
    )


def _is_argos(image: str) -> bool:
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0] == _ARGO


def _tag(image: str) -> str:
    return image.partition("@")[0].rpartition("/")[2].partition(":")[2]
