"""Nothing that a lane prints or publishes holds a secret; where one does, it is said where."""

import pytest

from checks.rollout.failures import Failure
from checks.rollout.secrets.leaks import leaks_in_print
from checks.rollout.secrets.seen import Searched
from checks.rollout.told.seen import Told
from config.lanes import Lane
from reports.verdicts import Inconclusive, expected, fails_as

_NODE = "secrets"
_MEND = "take the secret back and make a new one; then mend what printed it"
_CRITICAL = pytest.mark.allure_label("critical", label_type="severity")


@_CRITICAL
@fails_as(Failure.SECRET_LEAK_IN_OUTPUT)
def check_status_command_prints_no_secret(lane: Lane, told_printed: Told) -> None:
    leaks = [
        *leaks_in_print(f"{told_printed.name}, its JSON", told_printed.document),
        *leaks_in_print(f"{told_printed.name}, what it wrote", told_printed.transcript),
    ]
    mend = lane.next_for(str(Failure.SECRET_LEAK_IN_OUTPUT), _NODE) or _MEND
    what = f"`{told_printed.command}` to print fingerprints of secrets, and no secret"
    assert not leaks, expected(what, [str(one) for one in leaks], mend=mend)


@_CRITICAL
@fails_as(Failure.SECRET_LEAK_IN_REPORT)
def check_what_is_published_holds_no_secret(lane: Lane, published_searched: Searched) -> None:
    leaks = [str(one) for one in published_searched.leaks]
    mend = lane.next_for(str(Failure.SECRET_LEAK_IN_REPORT), _NODE) or _MEND
    assert not leaks, expected("names and keys of Secrets alone", leaks, mend=mend)
    if published_searched.unread:
        raise Inconclusive(
            f"not all was searched: {'; '.join(published_searched.unread)}",
            "let it be read, or name less in `published`",
        )
