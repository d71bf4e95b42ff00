"""An authority that one place alone knows: trusted there, and nowhere else, through the program."""

import json
from contextlib import ExitStack
from pathlib import Path

import trustme
import yaml

from tests.checks.wire.far_sides import far_side, over_tls, pem_of, server_context
from tests.fixtures.vantages.podman import FULL, container, images, network_of
from tests.fixtures.vantages.spaces import inside
from tests.program import run_checks

__all__ = ["images"]
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


def test_a_chain_is_judged_by_each_places_own_store(images: None, tmp_path: Path) -> None:
    authority = trustme.CA()
    pem = pem_of(authority, tmp_path)
    serve = over_tls(server_context(authority.issue_cert("localhost")))
    with ExitStack() as stack:
        knowing = stack.enter_context(container(FULL, "--volume", f"{pem}:{BUNDLE}:ro"))
        storeless = stack.enter_context(container())
        port = stack.enter_context(far_side(serve))
        for name in (knowing, storeless):
            stack.enter_context(inside(network_of(name), far_side(serve, port=port)))
        profile = {
            "name": "authorities",
            "vantages": [
                {"name": "here", "kind": "local"},
                {"name": "knowing", "kind": "podman", "container": knowing},
                {"name": "storeless", "kind": "podman", "container": storeless},
            ],
            "nameservers": {"absent": "none is asked"},
            "hosts": {"absent": "none is looked at"},
            "endpoints": [{"host": "localhost", "port": port}],
        }
        (tmp_path / "authorities.yaml").write_text(yaml.safe_dump(profile))
        chosen = ("-k", "check_certificate_is_trusted or check_handshake_completes")
        ended = run_checks(tmp_path, f"--profile={tmp_path}/authorities.yaml", *chosen)

    trusted, completes = (
        {
            vantage: ended.verdicts()[f"{check}[localhost:{port}@{vantage}]"]
            for vantage in ("here", "knowing", "storeless")
        }
        for check in ("check_certificate_is_trusted", "check_handshake_completes")
    )
    assert set(completes.values()) == {"upheld"}, ended.out
    assert trusted == {"here": "violated", "knowing": "upheld", "storeless": "inconclusive"}
    assert f"the container {storeless} has no trust store" in ended.out
    causes = [
        (line["check"].rpartition("@")[2], [one["cause"] for one in line["diagnoses"]])
        for line in ended.journal("verdict")
        if line.get("diagnoses")
    ]
    assert causes == [("here]", ["mitm-untrusted"])]
    stores = {line["vantage"]: line["store"] for line in ended.journal("vantage")}
    assert stores["knowing"]["path"] == BUNDLE
    assert stores["knowing"]["certificates"] == 1
    assert stores["storeless"]["sha256"] is None
    assert len({json.dumps(store["sha256"]) for store in stores.values()}) == 3
