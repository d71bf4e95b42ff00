"""The labels of GitHub's own runners, as a dated file lists them."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import Field

from config.model import Model

FOLDER = Path(__file__).parent / "hosted"


class HostedLabels(Model):
    """A dated list: what it does not know may be new, or a mistake in writing."""

    source: str = Field(min_length=1)
    dated: date
    labels: tuple[str, ...] = Field(min_length=1)
    retired: Mapping[str, date]
    """Labels that GitHub no longer gives a runner to, and since when."""


def ensure_known(name: str) -> str:
    """Return the name of a list that is there; raises `ValueError`."""
    known = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    if name not in known:
        raise ValueError(f"there is no such list below config/hosted: {', '.join(known)}")
    return name


@cache
def hosted_labels(name: str) -> HostedLabels:
    """Read a list by its name below config/hosted."""
    from config.document import read_document  # noqa: PLC0415 - the models do not need it

    path = FOLDER / f"{name}.yaml"
    return HostedLabels.model_validate(read_document(path.read_text("utf-8"), str(path)).value)
