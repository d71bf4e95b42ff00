"""A random value, planted where secrets could slip through, and looked for before sealing."""

import base64
import json
import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Protocol, Self
from urllib.parse import quote

from reports.forms import ESCAPED, Form, forms

_BLOCK = 1 << 20
_OVERLAP = 1 << 13
"""Bytes of a block that are looked at again with the next: more than any form of the value has."""


class Content(Protocol):
    """A file that is read in blocks."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Canary:
    """The value. Register it like any secret, so that it is hidden if secrets are."""

    NAME: ClassVar[str] = "canary"
    value: str

    @classmethod
    def made(cls) -> Self:
        """Return a new one."""
        return cls(f"canary/{secrets.token_urlsafe(18)}+?\"&'")

    def planted(self) -> dict[str, str]:
        """Return the value in each of the ways in which text carries secrets."""
        raw = self.value.encode()
        return {
            "plain": self.value,
            "base64": base64.b64encode(raw).decode(),
            "base64 after one byte": base64.b64encode(b"1" + raw).decode(),
            "base64 after two bytes": base64.urlsafe_b64encode(b"12" + raw).decode(),
            "percent-encoded": quote(self.value, safe=""),
            "JSON": json.dumps(self.value),
            "header": f"Authorization: Bearer {self.value}",
        }

    def is_in(self, content: Content) -> bool:
        """Tell whether any form of the value is in a file's content, which is read in blocks."""
        before = b""
        while block := content.read(_BLOCK):
            near = before + block
            if self._is_in_text(near.decode(errors="replace")):
                return True
            before = near[-_OVERLAP:]
        return False

    def _is_in_text(self, text: str) -> bool:
        escaped = ESCAPED.search(text) is not None
        return any(True for form in self._forms for _ in form.spans(text, escaped=escaped))

    @cached_property
    def _forms(self) -> tuple[Form, ...]:
        return forms(self.value)
