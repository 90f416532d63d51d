"""The one door through which messages leave; the gate's job is the only caller, a contract test sees to it."""

from guanxi.channels.wire.channel import Account, adapter


def leaving_from(kind: str, account: str) -> Account:
    """What messages of a channel leave from: each is handed over by its `send`."""
    return adapter(kind).account(account)
