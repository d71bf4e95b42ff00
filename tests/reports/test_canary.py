"""The canary: hidden like any secret, and found where it was not."""

from io import BytesIO

import pytest

from reports.canary import Canary
from reports.redaction import Redactor


def test_the_canary_is_hidden_by_the_filter_and_found_without_it() -> None:
    canary = Canary.made()
    redactor = Redactor({Canary.NAME: canary.value})

    for planted in canary.planted().values():
        assert canary.is_in(BytesIO(f"text {planted} text".encode()))
        assert not canary.is_in(BytesIO(redactor.redact(f"text {planted} text").encode()))


@pytest.mark.parametrize("before", range(-70, 5, 5))
def test_the_canary_is_found_across_the_blocks_of_a_large_file(before: int) -> None:
    canary = Canary.made()
    text = b"." * ((1 << 20) + before) + canary.value.encode() + b"." * 5000

    assert canary.is_in(BytesIO(text))
    assert not canary.is_in(BytesIO(text.replace(b"canary/", b"canard/")))
