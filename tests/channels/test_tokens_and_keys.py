"""An answer finds its conversation also after the house got a new key."""

from uuid import uuid4

from guanxi.channels.email.keys import conversation_keys
from guanxi.channels.email.mime import threads
from guanxi.channels.email.taking import _conversation


def test_a_token_of_an_older_key_still_leads_home(settings):
    talk = uuid4()
    token = threads.token(talk, conversation_keys()[0])
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new key"
    assert _conversation(token) == talk
    settings.SECRET_KEY_FALLBACKS = []
    assert _conversation(token) is None
