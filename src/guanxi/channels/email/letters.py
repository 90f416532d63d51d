"""The automatic receipt: in the mailbox's own words, or in ours."""

from guanxi.channels.conversations.models import Conversation
from guanxi.channels.conversations.rules import answer_subject
from guanxi.channels.email.models import Mailbox
from guanxi.channels.templates import queries
from guanxi.channels.templates.rules import Letter, in_language, letter
from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.words import say
from guanxi.lib.errors import Problem
from guanxi.workspace.company.operations import LANGUAGE, NAME


def receipt(mailbox: Mailbox, conversation: Conversation) -> Letter:
    """What acknowledges a conversation's first mail; a template that cannot be filled gives way to our words."""
    customer = conversation.customer
    language = queries.language_of(customer) if customer else str(LANGUAGE.get())
    subject = answer_subject(conversation.subject)
    template = mailbox.acknowledgement
    if template is not None and customer is not None:
        try:
            spoken, variant = in_language(template.variants, language, LANGUAGE.get())
            own = letter(variant, queries.values_for(SYSTEM, customer, spoken))
            return Letter(subject=own.subject or subject, text=own.text)
        except Problem:
            pass
    return Letter(subject=subject, text=say("ui.channels.receipt", language, company=NAME.get() or mailbox.name))
