"""The app that puts all domains together."""

from django.apps import AppConfig


class App(AppConfig):
    """The composition root as Django knows it."""

    name = "guanxi.app"
    label = "app"
