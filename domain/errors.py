"""
What we refuse, and the sentence that says so.

Refusal
    StaleButton
    NotForYou
"""

from messages import Sentence, say


class Refusal(Exception):
    """A request we understand and decline. Raising it undoes the whole turn; the sentence is what the person reads."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.key)
        self.sentence = sentence


class StaleButton(Refusal):
    """A button whose time is over, or that was never ours."""

    def __init__(self) -> None:
        super().__init__(say("tap.stale"))


class NotForYou(Refusal):
    """A deed of officers, asked for by somebody else: for them it does not exist, so the words give nothing away."""

    def __init__(self) -> None:
        super().__init__(say("tap.stale"))
