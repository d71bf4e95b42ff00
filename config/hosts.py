"""What is expected of a hosts file."""

from typing import Annotated

from pydantic import Field

from config.endpoints import Host, Port
from config.model import Model, OrAbsent, takes

AbsolutePath = Annotated[
    str, Field(pattern="^/", json_schema_extra=takes("an absolute path at the vantage"))
]


class Block(Model):
    """The managed block of a hosts file: a marked comment, and the lines that pin names.

    The block ends where a line is blank, a comment, or the last one.
    """

    marker: str = Field(
        pattern=r"^[^\s#][^\r\n]*$",
        json_schema_extra=takes("one line of text without the leading #; {stamp} is its UTC time"),
    )
    """The comment that opens the block, without `#`; `{stamp}` stands for its UTC time."""
    names: tuple[Host, ...] = Field(min_length=1)
    """The names that the block pins."""
    port: Port = 443
    """Where a pinned address must show the name's TLS identity."""
    backup: OrAbsent[AbsolutePath] = "/etc/hosts.plan267.{stamp}.bak"
    """The copy that was made before the block was written; `{stamp}` is the block's."""


class HostsFile(Model):
    """A hosts file and the files that decide whether it is used."""

    path: AbsolutePath = "/etc/hosts"
    block: OrAbsent[Block]
    wsl_conf: AbsolutePath = "/etc/wsl.conf"
    nsswitch: AbsolutePath = "/etc/nsswitch.conf"
    owner: OrAbsent[Annotated[str, Field(min_length=1)]] = "root"
    """Who owns the file."""
    loopback: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """Public names that may point at this host itself; `*` stands for any text."""
    vantages: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.path
