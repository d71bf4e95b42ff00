"""What the way to an endpoint carries: bytes in time, a long wait, a clone."""

import pytest

from checks.network.clones import Cloned, CloneRefusal
from checks.network.polls import Poll
from checks.network.transfers import Transfer
from checks.wire.git import Advertisement
from fixtures.subjects import holds
from reports.verdicts import Inconclusive, expected

_EARLY = 0.98
"""Of the time for which a poll is held: whose clock is a bit fast has held it all the same."""


@pytest.mark.slow
def check_download_reaches_the_rate(downloaded: Transfer, downloaded_at_least: float) -> None:
    _judge(downloaded, downloaded_at_least, "name a page of that size in the profile")


@pytest.mark.slow
def check_upload_reaches_the_rate(uploaded: Transfer, uploaded_at_least: float) -> None:
    _judge(uploaded, uploaded_at_least, "name a path that takes a POST in the profile")


@pytest.mark.slow
def check_long_poll_survives(polls: tuple[Poll, ...], lasts: float) -> None:
    lost = [one.headline for one in polls if not one.answered]
    assert not lost, expected(f"an answer that comes after {lasts:g} s", lost)
    early = [one.headline for one in polls if one.seconds < _EARLY * lasts]
    if early:
        raise Inconclusive(
            f"the server did not hold its answer for {lasts:g} s: {'; '.join(early)}",
            "name a path in the profile whose answer is held for so long",
        )


@pytest.mark.slow
@holds(CloneRefusal)
def check_shallow_clone_completes(
    cloned: Cloned | CloneRefusal, offered: tuple[Advertisement, ...]
) -> None:
    reached = f"our own client read {offered[0].refs} refs at {offered[0].address}"
    assert isinstance(cloned, Cloned), expected("a clone of one commit", [cloned.headline, reached])
    assert cloned.files, expected("at least one file", cloned.headline)


def _judge(moved: Transfer, at_least: float, mend: str) -> None:
    wanted = f"at least {at_least / 1000:g} kbit/s"
    assert moved.broken is None, expected(f"{moved.wanted} bytes, {wanted}", moved.headline)
    if not moved.accepted:
        raise Inconclusive(f"nothing to measure: {moved.headline}", mend)
    if moved.whole and moved.size < moved.wanted:
        raise Inconclusive(f"too little to tell, of {moved.wanted} bytes: {moved.headline}", mend)
    fast = moved.whole and moved.bits_per_second >= at_least
    assert fast, expected(wanted, moved.headline)
