"""What a process of ours imports from that has nothing but the standard library: `-I -S`."""

import importlib.util
from pathlib import Path


def import_places() -> list[str]:
    """Return where it finds what it needs: ours, and what reads YAML, if that is there."""
    own = str(Path(__file__).resolve().parents[1])
    yaml = importlib.util.find_spec("yaml")
    return [own, str(Path(yaml.origin).parents[1])] if yaml and yaml.origin else [own]
