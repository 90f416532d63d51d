"""A domain is a Django app whose nouns are folders with the same few files."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.apps import AppConfig

DECLARING = ("record", "queries", "operations", "together", "handlers", "jobs", "api")


class Domain(AppConfig):
    """Loads the tables of every noun first and what the nouns declare once all tables are known."""

    default = False

    def nouns(self) -> list[str]:
        """Dotted names of the noun packages of this domain, in alphabetical order."""
        folders = sorted(path.parent.name for path in Path(self.path).glob("*/__init__.py"))
        return [f"{self.name}.{folder}" for folder in folders if folder != "migrations"]

    def import_models(self) -> None:
        """Load `models.py` of every noun, so that a noun's tables belong to its domain."""
        super().import_models()
        for noun in self.nouns():
            if find_spec(f"{noun}.models"):
                import_module(f"{noun}.models")

    def ready(self) -> None:
        """Load everything that declares itself in one of the catalogues."""
        for noun in self.nouns():
            for file in DECLARING:
                if find_spec(f"{noun}.{file}"):
                    import_module(f"{noun}.{file}")
