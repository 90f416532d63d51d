"""Django's settings; what an installation may change comes from the environment, the rest from the settings screen."""

import os
import secrets
from typing import Any

from guanxi.app import environment
from guanxi.app.postgres.places import socket_folder

# Every floor that has an apps.py, from the ground up. A new domain is one line here.
DOMAINS: tuple[str, ...] = (
    "guanxi.kernel",
    "guanxi.workspace",
    "guanxi.journeys",
    "guanxi.customers",
    "guanxi.commerce",
    "guanxi.channels",
    "guanxi.service",
    "guanxi.outreach",
    "guanxi.analytics",
    "guanxi.protocols",
    "guanxi.simulation",
)

INSTALLED_APPS = ["procrastinate.contrib.django", "guanxi.app", *DOMAINS]

HOME = environment.home()
FILES = environment.files()
URL = environment.url()
DEMO = environment.demo()
KEYS = environment.keys()

# Without a key file (a type check, the schema) a key that nobody keeps; `up` writes the file before it starts.
SECRET_KEY = KEYS[0] if KEYS else secrets.token_urlsafe(48)
SECRET_KEY_FALLBACKS = list(KEYS[1:])

DEBUG = False
ALLOWED_HOSTS = ["*"]  # the server checks the Origin of every unsafe request and never builds a link from Host
ROOT_URLCONF = "guanxi.app.urls"
MIDDLEWARE: list[str] = []
APPEND_SLASH = False

_given = environment.database_given()
_direct = environment.database_direct()
_database = _given or environment.Database(
    name=environment.DATABASE_NAME, user=environment.DATABASE_USER, host=str(socket_folder(HOME))
)


def _django_database(place: environment.Database, *, pooled: bool) -> dict[str, Any]:
    options: dict[str, Any] = dict(place.options)
    options["server_side_binding"] = True
    options["connect_timeout"] = 10
    if not pooled:  # a transaction pooler keeps neither prepared statements nor start-up options
        options["prepare_threshold"] = 5
        options["options"] = f"{options.get('options', '')} -c jit=off".strip()
    return {
        "ENGINE": "guanxi.app.database",
        "NAME": place.name,
        "USER": place.user,
        "PASSWORD": place.password,
        "HOST": place.host,
        "PORT": place.port,
        "OPTIONS": options,
        "CONN_MAX_AGE": 0 if pooled else None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": pooled,
    }


EMBEDDED_DATABASE = _given is None
DATABASES = {"default": _django_database(_database, pooled=_direct is not None)}
# Listening, locks and jobs need a session of their own: the same database, around a pooler if there is one.
DIRECT_DATABASE = _django_database(_direct, pooled=False) if _direct else None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False  # words come from our own catalogues
LANGUAGE_CODE = "en"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = None  # the server has limited the body, route by route, before Django sees it
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("GUANXI_LOG", "WARNING").upper()},
    "loggers": {
        "guanxi": {"level": os.environ.get("GUANXI_LOG", "INFO").upper()},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},
        "uvicorn": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
    },
}
