"""What may be done to a sealed run: each returns the words with which that is found."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from reports.chain import digest


def lines_of(folder: Path) -> list[bytes]:
    return (folder / "journal.jsonl").read_bytes().splitlines(keepends=True)


def write_lines(folder: Path, lines: list[bytes]) -> None:
    (folder / "journal.jsonl").write_bytes(b"".join(lines))


def an_edited_byte(folder: Path) -> str:
    lines = lines_of(folder)
    lines[4] = lines[4].replace(b"shake_hands", b"shake_handz")
    write_lines(folder, lines)
    return "line 5: its bytes"


def an_edited_byte_in_the_last_line(folder: Path) -> str:
    lines = lines_of(folder)
    lines[-1] = lines[-1].replace(b"all is well", b"all is bell")
    write_lines(folder, lines)
    return f"line {len(lines)}: its bytes are not those that were sealed"


def an_edited_byte_in_the_last_line_but_one(folder: Path) -> str:
    lines = lines_of(folder)
    lines[-2] = lines[-2].replace(b'"files":2', b'"files":3')
    write_lines(folder, lines)
    return f"line {len(lines) - 1}: its bytes"


def a_deleted_line(folder: Path) -> str:
    lines = lines_of(folder)
    del lines[3]
    write_lines(folder, lines)
    return "line 4: line 4 is missing"


def two_swapped_lines(folder: Path) -> str:
    lines = lines_of(folder)
    lines[3], lines[4] = lines[4], lines[3]
    write_lines(folder, lines)
    return "line 4: line 4 is missing here, or moved"


def a_cut_tail(folder: Path) -> str:
    lines = lines_of(folder)
    write_lines(folder, lines[:-2])
    return f"line {len(lines) - 1}: it and what follows was cut off"


def half_a_last_line(folder: Path) -> str:
    lines = lines_of(folder)
    write_lines(folder, [*lines[:-1], lines[-1][:40]])
    return f"line {len(lines)}: it and what follows was cut off"


def a_line_more(folder: Path) -> str:
    lines = lines_of(folder)
    last = json.loads(lines[-1])
    more = last | {"seq": last["seq"] + 1, "prev": digest(lines[-1])}
    write_lines(folder, [*lines, json.dumps(more).encode() + b"\n"])
    return f"line {len(lines) + 1}: it was added"


def an_emptied_journal(folder: Path) -> str:
    write_lines(folder, [])
    return "line 1: it and what follows was cut off"


def an_edited_record(folder: Path) -> str:
    record = folder / "record.md"
    record.write_text(record.read_text().replace("UPHELD", "UPHELT"))
    return "record.md was changed"


def an_edited_record_and_manifest(folder: Path) -> str:
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"lines"', '"linez"').replace('"head"', '"h"'))
    return "manifest.json does not hold the head"


def an_edited_attachment_and_manifest(folder: Path) -> str:
    (folder / "attachments/canary.txt").write_text("")
    manifest = folder / "manifest.json"
    held = json.loads(manifest.read_text())
    held["files"]["attachments/canary.txt"] = (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
    manifest.write_text(json.dumps(held))
    return "attachments/canary.txt is not what line 3 of the journal vouches for"


def a_file_more(folder: Path) -> str:
    (folder / "attachments" / "more").write_text("")
    return "attachments/more was added"


def an_empty_folder(folder: Path) -> str:
    (folder / "more").mkdir()
    return "more/ was added after the run was sealed: it is an empty folder"


def an_empty_folder_below_a_sealed_one(folder: Path) -> str:
    (folder / "attachments" / "more" / "still").mkdir(parents=True)
    return "attachments/more/still/ was added"


def a_file_less(folder: Path) -> str:
    (folder / "record.md").unlink()
    return "record.md is missing"


def a_link(folder: Path) -> str:
    (folder / "record.md").rename(folder.parent / "record.md")
    (folder / "record.md").symlink_to(folder.parent / "record.md")
    return "record.md is a symbolic link"


def a_linked_folder(folder: Path) -> str:
    (folder / "more").symlink_to("/")
    return "more is a symbolic link"


def a_pipe(folder: Path) -> str:
    os.mkfifo(folder / "pipe")
    return "pipe is no regular file"


def a_ruined_manifest(folder: Path) -> str:
    (folder / "manifest.json").write_text("{")
    return "manifest.json is not JSON"


def a_manifest_of_nothing(folder: Path) -> str:
    (folder / "manifest.json").write_text("[]")
    return "manifest.json holds no files"


CHANGES: list[Callable[[Path], str]] = [
    an_edited_byte,
    an_edited_byte_in_the_last_line,
    an_edited_byte_in_the_last_line_but_one,
    a_deleted_line,
    two_swapped_lines,
    a_cut_tail,
    half_a_last_line,
    a_line_more,
    an_emptied_journal,
    an_edited_record,
    an_edited_record_and_manifest,
    an_edited_attachment_and_manifest,
    a_file_more,
    an_empty_folder,
    an_empty_folder_below_a_sealed_one,
    a_file_less,
    a_link,
    a_linked_folder,
    a_pipe,
    a_ruined_manifest,
    a_manifest_of_nothing,
]
