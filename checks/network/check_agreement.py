"""The vantages agree on what the name is, or the difference is named."""

from checks.wire.names import Answer
from fixtures.vantages import Source
from reports.verdicts import Remark, expected

_PINNED: Source = "hosts-file"


def check_vantages_agree_on_the_name(
    answer: Answer, control: Answer, beside: str, remark: Remark
) -> None:
    if {*answer.addresses} == {*control.addresses}:
        return
    told = f"{answer.headline}; from {beside}: {control.headline}"
    pinned = _PINNED in {answer.source, control.source}
    assert not pinned, expected(f"the answer that is given from {beside}", told)
    remark(f"nameservers gave other addresses here than from {beside}: {told}")
