"""Kinds that a control plane may be rendered to, besides those that are listed of clusters."""

from fixtures.clusters.kinds import BY_NAME, Kind

_TEKTON = "tekton.dev"
_MORE = {
    one.name: one
    for one in (
        Kind("Pipeline", _TEKTON, "v1", "pipelines"),
        Kind("Task", _TEKTON, "v1", "tasks"),
        Kind("CronJob", "batch", "v1", "cronjobs"),
        Kind("StorageClass", "storage.k8s.io", "v1", "storageclasses", namespaced=False),
        Kind("PriorityClass", "scheduling.k8s.io", "v1", "priorityclasses", namespaced=False),
        Kind("LimitRange", "", "v1", "limitranges"),
        Kind("ResourceQuota", "", "v1", "resourcequotas"),
    )
}
_SIBILANTS = ("s", "x", "ch", "sh")


def kind_of(api_version: str, name: str) -> Kind:
    """Return a kind by its names in an object; of one that is not known the plural is guessed."""
    group, _, version = api_version.rpartition("/")
    known = BY_NAME.get(name) or _MORE.get(name)
    if known is not None and known.group == group:
        return Kind(known.name, group, version, known.plural, known.namespaced)
    return Kind(name, group, version, _plural(name.lower()))


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(_SIBILANTS) else f"{word}s"
