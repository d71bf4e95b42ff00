"""What a lane's metrics have to say."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.lanes.words import Text
from config.model import Model, OrAbsent, takes
from config.vantages import Name

Outcome = Literal["fail", "pass", "inconclusive"]


class Query(Model):
    """An instant query of Prometheus, and what it has to answer."""

    name: Name
    promql: Text
    """`{lane}`, `{namespace}` and `{commit}` stand for the lane's own."""
    count: int | None = Field(default=None, ge=0)
    """How many series it has to answer with."""
    value: float | None = None
    """The value of each of them."""
    tolerance: float = Field(default=0.0, ge=0)
    on_empty: Outcome
    on_nan: Outcome

    @model_validator(mode="after")
    def _expects_something(self) -> "Query":
        if self.count is None and self.value is None:
            raise ValueError("a query expects something: count, value, or both")
        return self


class Observability(Model):
    """Where a lane's metrics are asked for."""

    prometheus: Annotated[
        str,
        Field(
            pattern=r"^https?://[A-Za-z0-9._\[\]:-]+(/[A-Za-z0-9._~/-]*)?$",
            json_schema_extra=takes("a URL such as http://127.0.0.1:9090"),
        ),
    ]
    secret: Name | None = None
    """The name of a secret of this profile: a bearer token."""
    queries: tuple[Query, ...] = ()
    jobs: OrAbsent[tuple[Text, ...]]
    """Scrape jobs whose targets have to be up."""
