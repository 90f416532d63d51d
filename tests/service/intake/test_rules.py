"""Words that make a complaint, in three writings."""

import pytest

from guanxi.service.intake.rules import said, subject

WORDS = ["refund", "complaint", "not acceptable", "投诉", "退款", "客訴", "退費"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("I want a refund.", "refund"),
        ("REFUNDED? Never!", "refund"),
        ("two refunds", "refund"),
        ("ｒｅｆｕｎｄ please", "refund"),
        ("the prefund account", None),
        ("refundable fare", None),
        ("This is not acceptable", "not acceptable"),
        ("我要投诉你们", "投诉"),
        ("請問如何退費？", "退費"),
        ("我要客訴", "客訴"),
        ("請問營業時間", None),
        ("Where is my parcel?", None),
        ("", None),
    ],
)
def test_which_word_a_text_says(text, word):
    assert said(text, WORDS) == word


def test_empty_words_say_nothing():
    assert said("anything", ["", "  "]) is None


@pytest.mark.parametrize(
    ("candidates", "called"),
    [(("", " ", "Hello\n  you"), "Hello you"), (("Re: x", "y"), "Re: x"), (("", ""), ""), (("a" * 300,), "a" * 200)],
)
def test_what_a_ticket_is_called(candidates, called):
    assert subject(*candidates) == called
