"""The mail system for the tests of service."""

from tests.mailserver import mail_server, mail_system

__all__ = ["mail_server", "mail_system"]
