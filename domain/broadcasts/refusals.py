"""
Why a broadcast cannot be as it stands, and the sentence that says so and what to do next.

Refusal
    BadContent
        TooLong
        UnknownBlank
        BrokenBlank
        HeavyFile
        BadLink
        BadButton
        DeadTraining
        OtherShape
    NobodyThere
    NotTheirs
    PastTime
    NeverFires
    WrongState
    OutletTaken
    OutletOutOfReach
    StaffWorkHere
    AnnouncedHere
    Changed
    NobodyElse
    YourOwn
    NothingLeft
    WasRecalled
    WasOvertaken
    SameWords
"""

import math

from db.models import BroadcastState
from domain.errors import Refusal
from messages import Button, Number, Sentence, say


class BadContent(Refusal):
    """What was composed cannot be sent."""


class TooLong(BadContent):
    """Text with its frame exceeds what one message of Telegram's takes."""

    def __init__(self, length: int, most: int) -> None:
        super().__init__(
            say("broadcast.too_long", length=Number(length), most=Number(most), over=Number(length - most))
        )


class UnknownBlank(BadContent):
    """A blank that we know nothing to write into."""

    def __init__(self, blank: str) -> None:
        super().__init__(say("broadcast.unknown_blank", blank=blank))


class BrokenBlank(BadContent):
    """A blank with formatting in its middle, a brace alone, or one in a button: it would be shown as it stands."""


class HeavyFile(BadContent):
    """A file that a cheap phone does not load."""

    def __init__(self, megabytes: float, most: int) -> None:
        super().__init__(say("broadcast.heavy_file", size=Number(math.ceil(megabytes * 10) / 10), most=Number(most)))


class BadLink(BadContent):
    """A button's link that Telegram would not take."""

    def __init__(self, link: str) -> None:
        super().__init__(say("broadcast.bad_link", link=link[:100]))


class NobodyThere(Refusal):
    """The audience is empty."""

    def __init__(self) -> None:
        super().__init__(say("broadcast.nobody"))


class NotTheirs(Refusal):
    """An audience of the other office: its training's participants, its channel."""

    def __init__(self, office: str) -> None:
        super().__init__(say("broadcast.not_theirs", office=office))


class PastTime(Refusal):
    """A time that is over."""

    def __init__(self) -> None:
        super().__init__(say("broadcast.past_time"))


class NeverFires(Refusal):
    """A schedule without a single date."""

    def __init__(self) -> None:
        super().__init__(say("broadcast.never_fires"))


class WrongState(Refusal):
    """A deed that this broadcast cannot take where it stands."""

    def __init__(self, deed: Sentence, state: BroadcastState) -> None:
        super().__init__(say("broadcast.wrong_state", deed=deed, state=say(f"broadcast.state_{state.value}")))


class OutletTaken(Refusal):
    """A channel or group in which the other office announces."""

    def __init__(self, title: str, office: str) -> None:
        super().__init__(say("outlet.taken", title=title, office=office))


class OutletOutOfReach(Refusal):
    """A channel or group in which the bot may not write."""

    def __init__(self, title: str) -> None:
        super().__init__(say("outlet.cannot_write", title=title))


class StaffWorkHere(Refusal):
    """A group in which officers answer questions is not for announcements."""

    def __init__(self, office: str) -> None:
        super().__init__(say("outlet.is_staff_group", office=office))


class AnnouncedHere(Refusal):
    """A group for announcements is not one in which officers answer questions."""

    def __init__(self, office: str) -> None:
        super().__init__(say("outlet.is_outlet", office=office))


class BadButton(BadContent):
    """A button that cannot be; the sentence says what would do."""


class DeadTraining(BadContent):
    """A button that leads to a registration that is over: it would only be refused."""

    def __init__(self, broadcast_id: int, title: str, *, is_draft: bool) -> None:
        mend = [Button(say("button.broadcast_buttons"), "broadcast_buttons", broadcast_id)]
        look = [Button(say("button.broadcast_open"), "broadcast", broadcast_id)]
        super().__init__(say("broadcast.dead_training", title=title), [mend, look] if is_draft else [look])


class Changed(Refusal):
    """Something of it changed since the question that is answered was shown."""

    def __init__(self) -> None:
        super().__init__(say("broadcast.changed"))


class NobodyElse(Refusal):
    """It goes to so many that a second officer must approve it, and there is none."""

    def __init__(self, office: str, number: int) -> None:
        super().__init__(say("broadcast.nobody_else", office=office, number=Number(number)))


class YourOwn(Refusal):
    """Whoever sends it cannot be the second officer too."""

    def __init__(self) -> None:
        super().__init__(say("broadcast.your_own"))


class NothingLeft(Refusal):
    """Nobody is left in that state: a second tap, or an old button."""

    def __init__(self) -> None:
        super().__init__(say("broadcast.nothing_left"))


class WasRecalled(Refusal):
    """A deed on what was taken back."""

    def __init__(self) -> None:
        super().__init__(say("broadcast.recalled_already"))


class WasOvertaken(Refusal):
    """A correction to which there is a newer one, or a question asked before something else was changed."""

    def __init__(self) -> None:
        super().__init__(say("broadcast.overtaken"))


class OtherShape(BadContent):
    """A correction that would need other messages than those that people have."""

    def __init__(self, *, is_file: bool) -> None:
        super().__init__(say("broadcast.longer_caption") if is_file else say("broadcast.shorter_caption"))


class SameWords(Refusal):
    """A correction that changes nothing."""

    def __init__(self) -> None:
        super().__init__(say("broadcast.same_words"))
