"""A lane's Secrets are there, with their keys, and reach its runners as files to be read only."""

from checks.rollout.failures import Failure
from checks.rollout.secrets import rules
from checks.rollout.secrets.seen import RunnerJobs, RunnerOf, SecretCompared, SecretSeen, SyncSeen
from config.lanes import Lane
from config.lanes.secrets import NamedSecret
from config.model import Absent
from reports.verdicts import Inconclusive, Remark, expected, fails_as

_NODE = "secrets"
_LOOK = "kubectl get secret NAME -o jsonpath='{.metadata.managedFields}' tells who wrote which keys"


@fails_as(Failure.SECRET_MISSING)
def check_named_secret_is_there(
    lane: Lane, secret_present: NamedSecret, secret_seen: SecretSeen
) -> None:
    absent = not secret_seen.there or secret_seen.deleting
    what = f"{secret_seen.place} to be there"
    mend = lane.next_for(str(Failure.SECRET_MISSING), _NODE)
    assert not absent, expected(what, _told(secret_seen), mend=mend)
    _ensure_keys_are_known(secret_present, secret_seen)
    missing = rules.missing_keys(secret_present.keys, secret_seen)
    assert not missing, expected(
        f"{what}, with its keys", _without(secret_seen, missing), mend=mend
    )


@fails_as(Failure.OBSOLETE_SECRET)
def check_obsolete_secret_is_gone(
    lane: Lane, secret_obsolete: NamedSecret, secret_seen: SecretSeen
) -> None:
    mend = lane.next_for(str(Failure.OBSOLETE_SECRET), _NODE)
    there = secret_seen.there
    if there and secret_seen.deleting:
        raise Inconclusive(f"pending: {secret_obsolete} is being deleted", "run it again")
    assert not there, expected(f"{secret_seen.place} to be gone", _told(secret_seen), mend=mend)


@fails_as(Failure.SECRETREF_MISSING)
def check_provider_secret_is_there(
    lane: Lane, secret_provider: NamedSecret, secret_seen: SecretSeen
) -> None:
    absent = not secret_seen.there or secret_seen.deleting
    what = f"{secret_seen.place} to be there"
    mend = lane.next_for(str(Failure.SECRETREF_MISSING), _NODE)
    assert not absent, expected(what, _told(secret_seen), mend=mend)
    _ensure_keys_are_known(secret_provider, secret_seen)
    missing = rules.missing_keys(secret_provider.keys, secret_seen)
    assert not missing, expected(
        f"{what}, with its keys", _without(secret_seen, missing), mend=mend
    )


@fails_as(Failure.WRITABLE_SECRET_MOUNT)
def check_provider_secrets_are_projected_read_only(
    lane: Lane, runner_of: RunnerOf, runner_jobs: RunnerJobs, remark: Remark
) -> None:
    runner_jobs.listing.ensure_whole(runner_of.namespace)
    jobs = [
        one
        for one in runner_jobs.jobs
        if rules.fits(one, runner_of.namespace, runner_of.selector)
        and any(rules.uses(one, secret) for secret in runner_of.providers)
    ]
    if not jobs:
        raise Inconclusive(
            f"no Job with {runner_of.selector} in {runner_of.namespace} is given a provider's"
            " Secret now",
            "let a runner be made, and look while its Job is there",
        )
    wrong = [
        line
        for job in jobs
        for secret in runner_of.providers
        for line in rules.not_projected(job, secret)
    ]
    home = None if isinstance(runner_of.home, Absent) else runner_of.home
    if home is not None:
        wrong += [
            line for job in jobs for line in rules.not_writable(job, home, runner_of.providers)
        ]
    mend = lane.next_for(str(Failure.WRITABLE_SECRET_MOUNT), _NODE)
    what = "providers' Secrets as read-only files" + (f", and a writable {home}" if home else "")
    assert not wrong, expected(what, wrong, mend=mend)
    if isinstance(runner_of.home, Absent):
        remark(f"no writable folder was looked for: {runner_of.home.absent}")
    for secret in runner_of.providers:
        if not any(rules.uses(job, secret) for job in jobs):
            remark(f"no Job of now is given {secret}: of it nothing was seen")


@fails_as(Failure.SECRET_OUT_OF_SYNC)
def check_secret_is_in_sync_with_its_source(lane: Lane, secret_compared: SecretCompared) -> None:
    equal = secret_compared.equal
    mend = lane.next_for(str(Failure.SECRET_OUT_OF_SYNC), _NODE)
    what = f"what {secret_compared.source} holds"
    assert equal, expected(what, secret_compared.headline, mend=mend)


@fails_as(Failure.BOOTSTRAP_SECRET_MISSING)
def check_bootstrap_secret_was_there_before_the_sync(
    lane: Lane,
    secret_before_sync: NamedSecret,
    secret_seen: SecretSeen,
    sync_seen: SyncSeen,
) -> None:
    mend = lane.next_for(str(Failure.BOOTSTRAP_SECRET_MISSING), _NODE)
    there = secret_seen.there and not secret_seen.deleting
    what = f"Secret {secret_before_sync} to be there before the application is synced"
    assert there, expected(what, _told(secret_seen), mend=mend)
    if not sync_seen.there:
        raise Inconclusive(
            f"{sync_seen.headline}: there is no sync to compare with", "look at the lane's argo"
        )
    before = rules.is_before(secret_seen.created, sync_seen.started)
    if before is None:
        raise Inconclusive("the Secret does not say when it was made", "look at it by hand")
    saw = f"made at {secret_seen.created}; {sync_seen.headline}"
    assert before, expected(what, saw, mend=mend)


def _told(seen: SecretSeen) -> str:
    gone = ", and is being deleted" if seen.deleting else ""
    return f"{seen.headline}{gone}"


def _without(seen: SecretSeen, missing: tuple[str, ...]) -> str:
    return f"{seen.headline}; missing: {', '.join(missing)}"


def _ensure_keys_are_known(secret: NamedSecret, seen: SecretSeen) -> None:
    if secret.keys and seen.keys is None:
        raise Inconclusive(f"{seen.headline}: the cluster does not say who wrote which", _LOOK)
