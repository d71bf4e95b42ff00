"""What is expected of the endpoints that say whether a lane's services are well."""

import re
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, field_validator, model_validator

from config.model import Model, takes
from config.vantages import Name

_HTTPS, _HTTP = 443, 80
_PLACES = ("commit", "short12")
_PLACE = re.compile(r"\{(\w+)\}")
_STATUSES = (100, 599)
Url = Annotated[
    str,
    Field(
        pattern=r"^https?://[A-Za-z0-9._\[\]:-]+(/[^\s#]*)?$",
        max_length=2048,
        json_schema_extra=takes("a URL such as https://hwlab.example/health"),
    ),
]
Path = Annotated[
    str,
    Field(
        pattern=r"^[^.\s]+(\.[^.\s]+)*$",
        json_schema_extra=takes("names of an answer's fields, joined by dots: build.commit"),
    ),
]


class Health(Model):
    """An endpoint that says whether a service is well."""

    name: Name
    url: Url
    formal: Url | None = None
    """The lane's one public URL as its own declaration has it: `https://hwlab.example`. With it,
    this is the probe from outside, which is admissible at that scheme, host and port alone."""
    inadmissible_ports: tuple[Annotated[int, Field(ge=1, le=65535)], ...] = ()
    """Ports that are no public entry: those of FRP, for one."""
    status: tuple[int, int] = (200, 299)
    """The first and the last status that mean that it is well."""
    identity: Mapping[Path, str] = {}
    """Fields of the JSON answer, as dotted paths, with their values; `{commit}` is the target's,
    `{short12}` its first twelve digits."""
    vantages: tuple[Name, ...] = ()
    """Where it is asked from; the lane's own vantage, if left out."""

    @field_validator("url", "formal")
    @classmethod
    def _has_a_place(cls, url: str | None) -> str | None:
        if url is not None:
            _ = place_of(url)
        return url

    @field_validator("identity")
    @classmethod
    def _known_places(cls, identity: Mapping[str, str]) -> Mapping[str, str]:
        for value in identity.values():
            for place in _PLACE.findall(value):
                if place not in _PLACES:
                    known = " and ".join(f"{{{one}}}" for one in _PLACES)
                    raise ValueError(f"{{{place}}} stands for nothing; there are {known}")
        return identity

    @model_validator(mode="after")
    def _statuses(self) -> "Health":
        first, last = self.status
        if not _STATUSES[0] <= first <= last <= _STATUSES[1]:
            raise ValueError(f"status is {first} to {last}: the first and the last of 100 to 599")
        return self

    @property
    def is_identified(self) -> bool:
        """Whether its answer has to say which commit it runs, or anything else of itself."""
        return bool(self.identity)

    def __str__(self) -> str:
        return self.name


def place_of(url: str) -> tuple[str, str, int]:
    """Return scheme, host (lower-case) and port of a URL; raises `ValueError`."""
    parts: SplitResult = urlsplit(url)
    if not parts.hostname or re.search(r"[^0-9a-z._:-]", parts.hostname):
        raise ValueError("the URL has no host")
    own = _HTTPS if parts.scheme == "https" else _HTTP
    return parts.scheme, parts.hostname, parts.port or own
