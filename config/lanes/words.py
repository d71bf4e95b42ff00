"""What the parts of a lane are written in."""

from typing import Annotated

from pydantic import Field

from config.model import takes

Text = Annotated[str, Field(min_length=1)]
Sha = Annotated[
    str,
    Field(pattern=r"^[0-9a-f]{40}$", json_schema_extra=takes("a full commit id of 40 hex digits")),
]
Namespace = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$",
        max_length=63,
        json_schema_extra=takes("the name of a namespace: lower-case letters, digits and dashes"),
    ),
]
ObjectName = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$",
        max_length=253,
        json_schema_extra=takes("the name of an object: lower-case letters, digits, dots, dashes"),
    ),
]
TreePath = Annotated[
    str,
    Field(
        pattern=r"^[^/]",
        json_schema_extra=takes("a path from the top of a branch, without a slash before it"),
    ),
]
Argv = Annotated[tuple[Text, ...], Field(min_length=1)]
"""A command and its arguments; no shell reads it."""
Glob = Text
"""`*` stands for any text without `/`, `**` for any text."""
