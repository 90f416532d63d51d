"""What a conversation says of itself in a list."""

import pytest

from guanxi.channels.conversations import rules


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("Good afternoon,\n\nI ordered a  set of cups.", "Good afternoon, I ordered a set of cups."),
        ("你好，\n\n我搬家了。\n麻烦改一下", "你好，我搬家了。麻烦改一下"),
        ("您好！\nTea please", "您好！Tea please"),
        ("我搬家了\n麻烦改一下", "我搬家了 麻烦改一下"),
        ("（店内）\r\n「茶罐」 坏了", "（店内）「茶罐」坏了"),
        ("x" * 300, "x" * 200),
    ],
)
def test_the_first_words_of_a_message_stand_in_one_line(text, words):
    assert rules.words(text) == words


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("", ""),
        ("Asked for\nthe green one", "Asked for the green one"),
        ("茶" * 80, "茶" * 80),
        ("茶" * 81, "茶" * 79 + "…"),
    ],
)
def test_a_story_tells_how_a_message_begins(text, beginning):
    assert rules.beginning(text) == beginning
