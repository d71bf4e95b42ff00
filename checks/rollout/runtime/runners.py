"""What a lane's manager makes runner Jobs of, and what it made of it."""

from collections.abc import Iterable, Mapping

from checks.rollout.runtime.objects import Job, Pairs


def selected(labels: Pairs, selector: str) -> bool:
    """Tell whether labels fit a selector of the form `key=value,key,key!=value`."""
    have = dict(labels)
    return all(_fits(have, one.strip()) for one in selector.split(",") if one.strip())


def _fits(have: Mapping[str, str], term: str) -> bool:
    if "!=" in term:
        key, _, value = term.partition("!=")
        return have.get(key.strip()) != value.strip()
    key, equal, value = term.replace("==", "=").partition("=")
    if not equal:
        return (key.strip().lstrip("!") in have) is not key.startswith("!")
    return have.get(key.strip()) == value.strip()


def runners_in(jobs: Iterable[Job], selector: str) -> tuple[Job, ...]:
    """Return the runner Jobs, the newest first."""
    own = [one for one in jobs if selected(one.meta.labels, selector)]
    return tuple(sorted(own, key=_made, reverse=True))


def _made(job: Job) -> str:
    return job.meta.created.isoformat() if job.meta.created else ""


def differing(env: Mapping[str, str], wanted: Mapping[str, str], where: str) -> tuple[str, ...]:
    """Return the variables that have not the values that they should have, in words."""
    return tuple(
        f"{where}: {name} is {f'{env[name]!r}' if name in env else 'not set'}, not {value!r}"
        for name, value in sorted(wanted.items())
        if env.get(name) != value
    )


def environment_of(job: Job) -> Mapping[str, str]:
    """Return the plain variables of a Job's containers together."""
    return {name: value for one in job.template.containers for name, value in one.env}


def keeps_session(job: Job, claim: str) -> bool:
    """Tell whether a Job's pods have the claim that keeps a session, and a container mounts it."""
    volumes = {volume for volume, held in job.template.claims_by_volume if held == claim}
    return any(volumes & set(one.mounts) for one in job.template.containers)
