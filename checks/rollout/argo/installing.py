"""As what Argo CD itself is installed: the images of its workloads, and the version they are of."""

from collections.abc import Iterable, Mapping

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


def _is_argos(image: str) -> bool:
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0] == _ARGO


def _tag(image: str) -> str:
    return image.partition("@")[0].rpartition("/")[2].partition(":")[2]
