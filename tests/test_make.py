"""The newcomer's commands, and the environment that they make."""

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
PIN = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9._-]*)(\[[a-z0-9,-]+\])?==(?P<version>[^ ;]+)"
    r"(?: ; (?P<marker>[^\\]+))? \\\n(?P<hashes>(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
    re.MULTILINE,
)


def run(*command: str, folder: Path = HERE, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def pinned(text: str) -> set[str]:
    return {pin["name"] for pin in PIN.finditer(text)}


def declared(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w.-]", requirement)[0] for requirement in requirements}


def test_make_alone_lists_every_command() -> None:
    targets = re.findall(r"^([a-z]+):", (HERE / "Makefile").read_text(), re.MULTILINE)

    listed = run("make").stdout

    assert {"verify", "test", "check", "wheelhouse", "constraints"} <= set(targets)
    assert re.findall(r"^  make ([a-z]+) +\S", listed, re.MULTILINE) == targets


def test_every_dependency_is_pinned_in_its_part() -> None:
    project = tomllib.loads((HERE / "pyproject.toml").read_text())
    for_runs, for_development = (HERE / "constraints.txt").read_text().split("\n# dev\n")

    assert declared(project["project"]["dependencies"]) <= pinned(for_runs)
    assert declared(project["dependency-groups"]["dev"]) <= pinned(for_runs) | pinned(
        for_development
    )


def test_constraints_are_pins_with_hashes_and_nothing_else() -> None:
    text = (HERE / "constraints.txt").read_text()

    rest = [line for line in PIN.sub("", text).splitlines() if line and line.lstrip()[0] != "#"]

    assert rest == []


def test_constraints_name_no_host() -> None:
    assert "://" not in (HERE / "constraints.txt").read_text()


def test_no_pin_depends_on_the_python_that_reads_it() -> None:
    """Otherwise `make wheelhouse` could not gather for another Python."""
    markers = {pin["marker"] or "" for pin in PIN.finditer((HERE / "constraints.txt").read_text())}

    assert not [marker for marker in markers if "python_version" in marker]
    assert not [marker for marker in markers if "python_full_version" in marker]


def lay_out(below: Path) -> Path:
    """Lay out a checkout, in a folder with a space, that needs a pytest of one line."""
    folder = below / "a checkout"
    shutil.copytree(HERE / ".make", folder / ".make")
    wheels = folder / "wheelhouse"
    wheels.mkdir()
    wheel = wheels / "pytest-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in {
            "pytest.py": "here = True\n",
            "pytest-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: pytest\nVersion: 1.0\n",
            "pytest-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n",
            "pytest-1.0.dist-info/RECORD": "",
        }.items():
            archive.writestr(name, text)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (folder / "constraints.txt").write_text(f"pytest==1.0 \\\n    --hash=sha256:{digest}\n# dev\n")
    return folder


def make_environment(checkout: Path) -> subprocess.CompletedProcess[str]:
    return run(
        "sh",
        ".make/environment",
        "run",
        folder=checkout,
        PYTHON=sys.executable,
        WHEELHOUSE="wheelhouse",
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Have a checkout without an environment."""
    return lay_out(tmp_path)


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Have a checkout with its environment, and what was said as it was made."""
    folder = lay_out(tmp_path_factory.mktemp("made"))
    return folder, make_environment(folder)


def packages(checkout: Path) -> Path:
    (folder,) = (checkout / ".venv" / "lib").glob("python3*/site-packages")
    return folder


def test_an_environment_is_installed_without_an_index_and_then_left_alone(
    made: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    checkout, first = made
    second = make_environment(checkout)

    assert (first.returncode, first.stderr) == (0, "")
    assert "Installing 1 packages from wheelhouse, hashes checked" in first.stdout
    assert (packages(checkout) / "pytest.py").is_file()
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


@pytest.mark.parametrize("damage", ["made-from", "bin/python", "packages"])
def test_a_damaged_environment_is_made_anew(
    made: tuple[Path, subprocess.CompletedProcess[str]], damage: str
) -> None:
    checkout, _ = made
    left_over = packages(checkout) / "left_over.py"
    left_over.touch()
    if damage == "packages":
        (packages(checkout) / "pytest.py").unlink()
    else:
        (checkout / ".venv" / damage).unlink()

    healed = make_environment(checkout)

    assert (healed.returncode, healed.stderr) == (0, "")
    assert (packages(checkout) / "pytest.py").is_file()
    assert not left_over.exists()


def test_a_package_that_was_changed_on_the_way_is_refused(checkout: Path) -> None:
    with (checkout / "wheelhouse" / "pytest-1.0-py3-none-any.whl").open("ab") as wheel:
        wheel.write(b"\0")

    refused = make_environment(checkout)

    assert refused.returncode == 1
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in refused.stderr
    assert "make wheelhouse" in refused.stderr
    assert not (checkout / ".venv" / "made-from").exists()


def test_a_wheelhouse_that_is_not_there_is_named(checkout: Path) -> None:
    (checkout / "wheelhouse").rename(checkout / "elsewhere")

    refused = make_environment(checkout)

    assert refused.returncode == 1
    assert refused.stderr == "WHEELHOUSE=wheelhouse: there is no such folder\n"


def offer_python(folder: Path, script: str) -> str:
    """Return a PATH on which python3 is this shell script, and nothing else is Python."""
    (folder / "sh").symlink_to(shutil.which("sh") or "/bin/sh")
    (folder / "python3").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "python3").chmod(0o755)
    return str(folder)


def test_an_old_python_is_named_with_the_mend(tmp_path: Path) -> None:
    path = offer_python(tmp_path, 'case $1 in --version) echo "Python 3.9.2";; *) exit 1;; esac')

    found = run("sh", ".make/python", PATH=path)

    assert found.returncode == 1
    assert "no Python 3.11 or newer on PATH: python3 is Python 3.9.2" in found.stderr
    assert "apt install python3" in found.stderr


def test_a_python_without_venv_is_named_with_the_mend(tmp_path: Path) -> None:
    path = offer_python(
        tmp_path,
        f'case "$*" in *ensurepip*) exit 1;; esac; exec {shlex.quote(sys.executable)} "$@"',
    )

    found = run("sh", ".make/python", PATH=path)

    release = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert found.returncode == 1
    assert f"apt install python{release}-venv" in found.stderr
