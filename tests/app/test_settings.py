"""What the settings promise, whatever the tests make cheaper for themselves."""

import subprocess
import sys

from django.conf import settings

from tests.requirements import CHECKOUT

PARAMETERS = """
from django.contrib.auth.hashers import Argon2PasswordHasher as a
print(a.time_cost, a.memory_cost, a.parallelism)
"""


def test_passwords_are_hashed_by_argon2_at_full_cost():
    done = subprocess.run([sys.executable, "-c", PARAMETERS], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    time, memory, lanes = map(int, done.stdout.split())

    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert time * memory * lanes >= 2 * 19 * 1024  # what OWASP asks for: 19 MiB, two passes


def test_nothing_of_django_that_we_do_not_use_is_installed():
    assert not [app for app in settings.INSTALLED_APPS if app.startswith("django.contrib.")]
    assert settings.DEBUG is False
