"""What a lane's metrics have to say."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from config.lanes.words import Text
from config.model import Model, OrAbsent, takes
from config.vantages import Name

Outcome = Literal["fail", "pass", "inconclusive"]
PLACES = ("lane", "namespace", "node", "commit")
"""What may stand in a query between two pairs of braces."""
_PLACE = re.compile(r"\{\{([^{}]*)\}\}")


class Query(Model):
    """An instant query of Prometheus, and what it has to answer."""

    name: Name
    promql: Text
    """`{{lane}}`, `{{namespace}}`, `{{node}}` and `{{commit}}` stand for the lane's own: PromQL
    itself has single braces and dollars, and never two braces in a row."""
    count: int | None = Field(default=None, ge=0)
    """How many series it has to answer with."""
    value: float | None = None
    """The value of each of them."""
    tolerance: float = Field(default=0.0, ge=0)
    """How far from it a value may be."""
    on_empty: Outcome
    """What it means that no series came, where a count or a value is asked for."""
    on_nan: Outcome
    """What it means that a value is no number."""

    @field_validator("promql")
    @classmethod
    def _known_places(cls, promql: str) -> str:
        for place in _PLACE.findall(promql):
            if place not in PLACES:
                known = ", ".join(f"{{{{{one}}}}}" for one in PLACES)
                raise ValueError(f"{{{{{place}}}}} stands for nothing; there are {known}")
        return promql

    @model_validator(mode="after")
    def _expects_something(self) -> "Query":
        if self.count is None and self.value is None:
            raise ValueError("a query expects something: count, value, or both")
        return self

    def asks_for(self, place: str) -> bool:
        """Tell whether it has that place."""
        return place in _PLACE.findall(self.promql)

    def resolved(self, told: Mapping[str, str]) -> str:
        """Return the query with the lane's own in its places; what is not told stays."""
        return _PLACE.sub(lambda found: told.get(found[1], found[0]), self.promql)


class Observability(Model):
    """Where a lane's metrics are asked for."""

    prometheus: Annotated[
        str,
        Field(
            pattern=r"^https?://[A-Za-z0-9._\[\]:-]+(/[A-Za-z0-9._~/-]*)?$",
            json_schema_extra=takes("a URL such as http://127.0.0.1:9090"),
        ),
    ]
    vantage: Name | None = None
    """Where it is asked from, this host or the lab; the lane's own vantage, if left out."""
    secret: Name | None = None
    """The name of a secret of this profile: a bearer token."""
    queries: OrAbsent[Annotated[tuple[Query, ...], Field(min_length=1)]]
    jobs: OrAbsent[Annotated[tuple[Text, ...], Field(min_length=1)]]
    """Scrape jobs whose targets have to be up, each of which has one at least."""
    labels: Mapping[str, Text] = {}
    """Labels by which the lane's targets are told from others of the same job."""
