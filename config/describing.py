"""What the JSON Schema tells editors of each field: the text that stands below it in our source.

pydantic can read it too, with `use_attribute_docstrings`, and would at every start.
"""

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from config.model import Model
from config.schema import Profile


def described() -> dict[str, Any]:
    """Return the JSON Schema of profiles, each field with what is said of it."""
    models = list(_below(Model))
    for model in models:
        for name, text in _docstrings(model):
            model.model_fields[name].description = text
    for model in models:
        model.model_rebuild(force=True)
    Profile.model_rebuild(force=True)  # after all that it holds
    return Profile.model_json_schema()


def _below(model: type[Model]) -> Iterator[type[Model]]:
    for one in model.__subclasses__():
        yield one
        yield from _below(one)


def _docstrings(model: type[Model]) -> Iterator[tuple[str, str]]:
    """Find each field that a string follows, and the string."""
    (defined,) = ast.parse(inspect.getsource(model)).body
    assert isinstance(defined, ast.ClassDef)
    for field, below in pairwise(defined.body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(name)), ast.Expr(ast.Constant(str(text))):
                yield name, inspect.cleandoc(text)
