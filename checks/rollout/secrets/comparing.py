"""Whether a cluster's Secret holds what its source does: told as equal or not."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

from checks.rollout.secrets.seen import SecretCompared
from checks.wire.clusters import kubectl
from config.clusters import ClusterSpec
from fixtures.clusters.asking import import_client
from fixtures.clusters.comparing import compare_value
from fixtures.clusters.kinds import SECRET
from fixtures.github.tokens import fingerprint, value_of
from fixtures.sightings import by_hand, prepared_by
from fixtures.vantages import SourceError, Vantage


@dataclass(frozen=True, slots=True)
class Compare:
    """What is compared with what; `allowed` is whether the cluster may be asked for the value."""

    namespace: str
    name: str
    key: str
    source: str
    allowed: bool


def _command(cluster: ClusterSpec, pair: Compare) -> str:
    about = ("get", SECRET.resource, pair.name, "-n", pair.namespace)
    return kubectl(cluster, *about) + "  # the values are compared in memory, and not printed"


@prepared_by(import_client)
@by_hand(_command, here=True)
async def compare_secret(
    cluster: ClusterSpec, vantage: Vantage, pair: Compare, *, deadline: float
) -> SecretCompared:
    """Compare a key of a Secret with a secret of the profile, without the white space around both.

    Raises `VantageError` where the value may not be read, or either of the two is not there.
    """
    ours = value_of(pair.source)
    place = f"Secret {pair.namespace}/{pair.name}"
    if not pair.allowed:
        raise SourceError(
            f"whether {place} is in sync with {pair.source} is not known: its value is not read",
            "set `compare_values: true` in the lane's secrets, and give whoever asks a role that"
            " may get that Secret",
        )

    def compare(value: bytes) -> tuple[bool, str]:
        theirs = value.decode("utf-8", "surrogateescape").strip()
        same = hmac.compare_digest(
            theirs.encode("utf-8", "surrogateescape"), ours.encode("utf-8", "surrogateescape")
        )
        return same, fingerprint(pair.source, theirs)

    named = (pair.namespace, pair.name)
    equal, theirs = await compare_value(
        cluster, vantage, named, pair.key, compare, deadline=deadline
    )
    return SecretCompared(
        namespace=pair.namespace,
        name=pair.name,
        key=pair.key,
        source=pair.source,
        equal=equal,
        fingerprints=(fingerprint(pair.source, ours), theirs),
        at=datetime.now(UTC),
    )
