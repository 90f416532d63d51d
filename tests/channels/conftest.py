"""The mail system for the tests of channels."""

from tests.mailserver import mail_server, mail_system

__all__ = ["mail_server", "mail_system"]
