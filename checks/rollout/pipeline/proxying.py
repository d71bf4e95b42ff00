"""What the steps of a run leave to go past the proxy: their NO_PROXY, however it is set."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checks.rollout.pipeline.objects import Env, Step, TaskRun
from checks.rollout.pipeline.plain import by_name, put_in
from checks.rollout.pipeline.seen import WholeRun

_EXPORTED = re.compile(r"""(?i)\bno_proxy=("[^"]*"|'[^']*'|[^\s;&]*)""")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


@dataclass(frozen=True, slots=True)
class Exemption:
    """What one step has for NO_PROXY; None where that cannot be read from the run."""

    place: str
    """`TASK/STEP`."""
    value: str | None
    proxied: bool
    """Whether the step has a proxy at all."""

    @property
    def items(self) -> frozenset[str]:
        """What it lets go past the proxy."""
        return frozenset(re.split(r"[\s,]+", (self.value or "").strip().lower())) - {""}

    def lacks(self, wanted: Iterable[str]) -> tuple[str, ...]:
        """Return what is missing in it."""
        return tuple(one for one in wanted if one.lower() not in self.items)


def exemptions(run: WholeRun) -> Iterator[Exemption]:
    """Walk what the steps of a run's tasks have for NO_PROXY: those that set it, or have a proxy.

    A pod template's variables stand above those of steps, and a script's own above both.
    """
    for task in run.tasks:
        spec = run.spec_of(task)
        params = by_name(spec.defaults if spec else (), task.params)
        for step in spec.steps if spec else ():
            found = _exemption(task, step, params)
            if found is not None:
                yield found


def _exemption(task: TaskRun, step: Step, params: dict[str, str]) -> Exemption | None:
    told = {one.name.lower(): one for one in (*step.env, *task.network.env)}
    proxied = any(name in told for name in _PROXIES)
    exported = _EXPORTED.findall(step.words)
    if "no_proxy" not in told and not exported:
        if step.sourced:  # it may have a proxy, and exemptions, by variables that are not seen
            return Exemption(f"{task.task}/{step.name}", None, proxied)
        if not proxied:
            return None
    value: str | None = _read(told.get("no_proxy"), params)
    if exported:
        own = put_in(exported[-1].strip("\"'"), params)
        value = _continued(own, value)
    return Exemption(f"{task.task}/{step.name}", value, proxied or bool(exported))


def _read(env: Env | None, params: dict[str, str]) -> str | None:
    if env is None:
        return ""
    if env.value is None:
        return None
    value = put_in(env.value, params)
    return None if "$(" in value else value


def _continued(own: str, before: str | None) -> str | None:
    """Put what was set before in the place where a script refers to it."""
    referred = re.sub(r"(?i)\$\{?no_proxy(?::-[^}]*)?\}?", before or "", own)
    return None if "$" in referred or (before is None and referred != own) else referred
