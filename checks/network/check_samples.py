"""The endpoint can be reached as often as the profile asks, with every attempt kept."""

from checks.network.probe import Attempt
from config.endpoints import Samples
from reports.verdicts import Remark, expected


def check_enough_attempts_succeed(
    attempts: tuple[Attempt, ...], samples: Samples, remark: Remark
) -> None:
    failed = [one.headline for one in attempts if not one.succeeded]
    succeeded = len(attempts) - len(failed)
    assert succeeded >= samples.at_least, expected(
        f"at least {samples.at_least} of {samples.count} attempts to succeed",
        [f"{succeeded} of {len(attempts)}", *failed],
    )
    for text in failed:
        remark(text)
