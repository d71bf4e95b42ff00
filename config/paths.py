"""Paths at a host, as they stand in a profile."""

from typing import Annotated

from pydantic import Field

from config.model import takes

UrlPath = Annotated[
    str,
    Field(
        pattern=r"^/[\x21-\x7e]*$",
        json_schema_extra=takes("a path that begins with / and is percent-encoded"),
    ),
]
RepositoryPath = Annotated[
    str,
    Field(
        pattern=r"^/?[^\s/?#-][^\s?#]*$",
        json_schema_extra=takes("the repository's path at the host, such as OWNER/NAME.git"),
    ),
]
