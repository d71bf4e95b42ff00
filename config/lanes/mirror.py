"""What is expected of a lane's git mirror."""

from typing import Literal

from pydantic import Field

from config.lanes.words import Glob, Text
from config.model import Model, OrAbsent


class Cache(Model):
    """Where the mirror's repository lies in the cluster."""

    namespace: Text
    claim: Text
    """The PersistentVolumeClaim that holds it."""
    path: Text


class Mirror(Model):
    """A mirror of the source repository, from which pipelines read and to which they push."""

    repository: Text
    """The bare repository's path or URL, as git takes it: what is asked here."""
    read_url: Text
    """The URL that pipelines read from."""
    write_url: Text
    """The URL that promotions push to."""
    cache: OrAbsent[Cache]
    status: Text | None = None
    """The name of the status command that tells of it; the first that tells of a git mirror, if
    left out."""
    key: Text | None = None
    """How its status calls the branch in its fields: `V01` of `localV01`; made of the lane's own
    name, if left out."""
    stage: Text = "refs/mirror-stage"
    """Below which it keeps what it last saw of GitHub: a cache, and no evidence of GitHub."""
    synced_at: Text | None = None
    """The field of its status that tells when the branch came to the commit that it has."""
    drift: tuple[Text, ...] = ("mirror-drift", "mirror drift")
    """Words by which a promotion tells that the mirror's control plane is another one."""
    transport: Literal["ssh", "https"] = "ssh"
    upstream: Text | None = None
    """The URL by which the mirror reaches GitHub."""
    forbidden: tuple[Text, ...] = ("transport=https", "GITHUB_TOKEN", "git-mirror-github-token")
    """Words that tell of a transport which was left."""
    manifests: tuple[Glob, ...] = ()
    """Files of the source tree that define the mirror in the cluster."""
    retired_gate: tuple[Text, ...] = Field(default=("allowlist",))
    """Words of a hook that was removed, and must not come back."""
