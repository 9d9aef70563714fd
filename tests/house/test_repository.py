"""What lies in the repository: no hosts of package registries, no paths of one machine, locks that agree."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# written in parts, so that this file does not hold them itself
REGISTRIES = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))]
REGISTRIES += [".".join(parts) for parts in (("yarnpkg", "com"), ("unpkg", "com"), ("jsdelivr", "net"), ("googleapis", "com"))]
MACHINE_PATHS = re.compile("(?<![\\w.])/(?:wo" + "rk|ro" + "ot|ho" + "me)/[a-z]")


def list_tracked() -> list[Path]:
    """Files git tracks or would track; all source files where this is no checkout."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=False
    )
    names = done.stdout.decode().split("\0") if done.returncode == 0 else []
    return sorted(ROOT / name for name in names if name and (ROOT / name).is_file())


def read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_registry_hosts_and_no_paths_of_one_machine() -> None:
    faults = []
    for path in list_tracked():
        text = read_text(path)
        faults += [f"{path.relative_to(ROOT)}: {host}" for host in REGISTRIES if host in text]
        faults += [f"{path.relative_to(ROOT)}: {found}" for found in set(MACHINE_PATHS.findall(text))]
    assert faults == []


def test_no_large_or_built_files() -> None:
    built = {".mo", ".pyc", ".sqlite3", ".whl"}
    tracked = list_tracked()
    assert [p.name for p in tracked if p.suffix in built] == []
    assert [f"{p.relative_to(ROOT)}" for p in tracked if p.stat().st_size > 8 * 1024**2] == []


def read_pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9_.-]+)(?:\[[^]]*\])?==(\S+)", (ROOT / "requirements" / name).read_text(), re.MULTILINE))


def test_locks_agree_and_carry_hashes() -> None:
    runtime, dev = read_pins("runtime.txt"), read_pins("dev.txt")
    assert runtime and runtime.items() <= dev.items()
    for name in ("runtime.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text()
        blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
        assert all("--hash=sha256:" in block for block in blocks)


def test_every_dependency_says_what_it_is_for() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    block = project.split("dependencies = [", 1)[1].split("\n]", 1)[0]
    lines = [line for line in block.splitlines() if line.strip().startswith('"')]
    assert lines and all("#" in line for line in lines)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "CITATION.cff"])
def test_root_has_its_papers(name: str) -> None:
    assert (ROOT / name).stat().st_size > 200
