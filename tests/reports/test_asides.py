"""Bytes that observations rest on, in files of the run."""

import gzip
import json
from pathlib import Path
from typing import Literal

from reports.asides import Aside, has_asides, set_aside
from reports.codec import decode, encode, observation
from reports.redaction import Redactor
from reports.run import Run
from reports.sealing import look_for
from reports.verify import verify

SECRET = "a-value-that-nobody-may-see"
TYPE = "application/json"


@observation
class Pages:
    kind: Literal["test-pages"] = "test-pages"
    asides: tuple[Aside, ...] = ()

    @property
    def headline(self) -> str:
        return "pages"


def begun(folder: Path) -> Run:
    return Run.begin(folder, redact=Redactor({"TOKEN": SECRET}), about={"checks": 0})


def test_bytes_move_into_files_of_the_run(tmp_path: Path) -> None:
    run, plain = begun(tmp_path), b'{"items": []}'
    seen = Pages(asides=(Aside.of("pods-1.json", TYPE, plain), Aside.of("pods-2.json", TYPE, b"2")))
    assert has_asides((seen,))

    (kept,) = set_aside((seen,), run)

    assert not has_asides(kept)
    assert [one.path for one in kept.asides] == [
        "attachments/pods-1.json.gz",
        "attachments/pods-2.json.gz",
    ]
    assert gzip.decompress((run.folder / kept.asides[0].path).read_bytes()) == plain
    assert decode(encode(kept)) == kept
    assert len(encode(kept)) < 400


def test_what_is_packed_is_redacted_all_the_same(tmp_path: Path) -> None:
    run = begun(tmp_path)
    password = {"kind": "Secret", "data": {"password": "aGlkZGVu"}}
    told = json.dumps({"items": [password, {"env": SECRET}]})

    path = run.attach_packed("x.json", gzip.compress(told.encode()), TYPE)

    kept = json.loads(gzip.decompress((run.folder / path).read_bytes()))
    assert "TOKEN" in kept["items"][1]["env"]
    assert SECRET not in kept["items"][1]["env"]
    assert "kubernetes-secret" in kept["items"][0]["data"]["password"]


def test_of_a_long_list_only_what_is_secret_is_changed(tmp_path: Path) -> None:
    run = begun(tmp_path)
    items: list[dict[str, object]] = [{"name": f"a-{at}", "kind": "Pod"} for at in range(2000)]
    items[7] = {"name": "a-7", "env": [{"name": "x", "value": SECRET}]}
    items[8] = {"kind": "Secret", "metadata": {"name": "a-8"}, "data": {"key": "aGlkZGVu"}}
    items[9] = {"name": "a-9", "headers": [["Authorization", "Bearer abcdefgh"]]}

    path = run.attach_packed("x.json", gzip.compress(json.dumps({"items": items}).encode()), TYPE)

    text = gzip.decompress((run.folder / path).read_bytes()).decode()
    kept = json.loads(text)["items"]
    assert [one for at, one in enumerate(kept) if at not in (7, 8, 9)] == items[:7] + items[10:]
    assert not any(one in text for one in (SECRET, "aGlkZGVu", "abcdefgh"))
    assert text.count("#") == 3


def test_a_run_with_packed_files_is_sealed_and_verified(tmp_path: Path) -> None:
    run = begun(tmp_path)
    run.attach_packed("x.json", gzip.compress(b"[]"), TYPE)

    sealed = run.seal({}, exit_status=0, exit_words="", interrupted=False)

    assert sealed.manifest is not None
    assert verify(run.folder).wrong == []


def test_the_canary_is_looked_for_in_what_is_packed(tmp_path: Path) -> None:
    run = begun(tmp_path)
    packed = gzip.compress(run.canary.value.encode())
    (run.folder / "attachments" / "leaked.json.gz").write_bytes(packed)
    (run.folder / "attachments" / "cut.json.gz").write_bytes(packed[:20])

    looked = look_for(run.canary, run.folder)

    assert looked["found"] == ["attachments/leaked.json.gz"]
