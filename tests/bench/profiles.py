"""Profiles for the farm's endpoints."""

import json
from pathlib import Path

from tests.bench.farm import Farm


def write_profile(path: Path, served: Farm) -> Path:
    """Write a profile that expects one answer of each site, by its address; returns the path."""
    endpoints = [
        {"host": site.address, "port": served.https, "ranges": ["lab"], "http": [{"path": "/"}]}
        for site in served.sites
    ]
    absent = {"absent": "it is not measured"}
    profile = {
        "name": "bench",
        "vantages": [{"name": "here", "kind": "local"}],
        "nameservers": absent,
        "ranges": "lab",
        "hosts": absent,
        "authorities": [str(served.authority)],
        "endpoints": endpoints,
    }
    path.write_text(json.dumps(profile))  # which is YAML too
    return path
