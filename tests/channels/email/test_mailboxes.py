"""A mailbox moves only together with its password."""

import pytest

from guanxi.channels.email import operations
from guanxi.channels.email.models import Mailbox
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.secrets import unseal
from guanxi.lib.errors import Invalid
from tests.client import Api
from tests.factories import channels as make
from tests.factories import workspace
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


def test_a_kept_password_is_never_handed_to_another_server():
    box, api = make.mailbox(), Api(workspace.user("owner"))
    with nothing_changes():
        said = api.patch(f"mailboxes/{box.pk}", {"imap_host": "thief.example"}, status=422)
        assert said["fields"]["imap_host"]["code"] == "input.extra_forbidden"
        with pytest.raises(Invalid) as refused:
            operations.reconnect(SYSTEM, box.pk, password="", imap_host="thief.example")
        assert refused.value.code == "mailbox.needs_password"


def test_it_moves_with_its_password_and_what_is_not_said_stays():
    box = make.mailbox()
    operations.reconnect(SYSTEM, box.pk, password="new", imap_host=" IMAP.Example.org. ", imap_port=143)
    moved = Mailbox.objects.get(pk=box.pk)
    assert (moved.imap_host, moved.imap_port, unseal(moved.secret)) == ("imap.example.org", 143, "new")
    assert (moved.smtp_host, moved.smtp_port, moved.user) == (box.smtp_host, box.smtp_port, box.user)


def test_an_address_with_a_path_is_no_server():
    box = make.mailbox()
    with nothing_changes(), pytest.raises(Invalid) as refused:
        operations.reconnect(SYSTEM, box.pk, password="new", smtp_host="https://mail.example/x")
    assert refused.value.code == "mailbox.no_host"
