"""The application of a lane among all that were listed."""

from collections.abc import Iterator, Sequence

from checks.rollout.argo.objects import Application
from checks.rollout.argo.seen import ApplicationsSeen, SettledApplication
from config.lanes.argo import Argo
from reports.verdicts import Inconclusive

_HOLDER = "check_application_is_there_in_its_project"


def application_of(applications: ApplicationsSeen, argo: Argo) -> Application:
    """Return a lane's application; raises `Inconclusive` where there is none."""
    found = applications.named(argo.namespace, argo.application)
    if found is None:
        raise Inconclusive(
            f"there is no Application {argo.namespace}/{argo.application}", held_by=(_HOLDER,)
        )
    return found


def looks_of(
    app: Application, settled: Sequence[SettledApplication]
) -> Iterator[tuple[Application, str]]:
    """Walk an application as it was seen first, and a moment later; the words tell which it is.

    Raises `Inconclusive` where it is gone by then.
    """
    yield app, ""
    for again in settled:
        if again.looked:
            later = next((one for one in again.items if one.uid == app.uid), None)
            if later is None:
                raise Inconclusive(
                    f"pending: {app} was there, and {again.after:g} s later it is not",
                    held_by=(_HOLDER,),
                )
            yield later, f"{again.after:g} s later "
