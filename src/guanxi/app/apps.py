"""The app that puts all domains together."""

from importlib import import_module

from django.apps import AppConfig


class App(AppConfig):
    """The composition root as Django knows it."""

    name = "guanxi.app"
    label = "app"

    def ready(self) -> None:
        """Let what ships hear that a company was set up, and put verbs and work of no domain into the catalogues."""
        import_module("guanxi.app.starter.handlers")
        import_module("guanxi.app.mirror")
        import_module("guanxi.app.backup.schedule")
