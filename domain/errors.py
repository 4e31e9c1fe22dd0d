"""
What we refuse, and the sentence that says so.

Refusal
    StaleButton
    NotForYou
    LinkUnknown
    LinkUsed
    LinkExpired
    InvitationUnknown
    InvitationUsed
    InvitationExpired
    InvitationYours
    InvitedOfficer
    AlreadyInvited
    NamedBySetting
    LastAdmin
    NotServing
    MustStay
    NotAgreed
    Unfit
"""

from messages import Buttons, Sentence, say


class Refusal(Exception):
    """A request we understand and decline. Raising it undoes the whole turn; the sentence is what the person reads.

    The buttons lead on from there.
    """

    def __init__(self, sentence: Sentence, buttons: Buttons = ()) -> None:
        super().__init__(sentence.key)
        self.sentence, self.buttons = sentence, buttons


class StaleButton(Refusal):
    """A button whose time is over, or that was never ours."""

    def __init__(self) -> None:
        super().__init__(say("tap.stale"))


class NotForYou(Refusal):
    """A deed of officers, asked for by somebody else: for them it does not exist, so the words give nothing away."""

    def __init__(self) -> None:
        super().__init__(say("tap.stale"))


class LinkUnknown(Refusal):
    """A link of ours that was never made, or that was cut when it was copied."""

    def __init__(self) -> None:
        super().__init__(say("link.unknown"))


class LinkUsed(Refusal):
    """A link for one person that somebody has opened before."""

    def __init__(self) -> None:
        super().__init__(say("link.used"))


class LinkExpired(Refusal):
    """A link whose time is over, or whose maker may make none any more."""

    def __init__(self) -> None:
        super().__init__(say("link.expired"))


class InvitationUnknown(Refusal):
    """A letter's link that was never made, was cut when it was copied, or gave way to a newer letter."""

    def __init__(self) -> None:
        super().__init__(say("invitation.unknown"))


class InvitationUsed(Refusal):
    """A letter's link with which somebody else came."""

    def __init__(self) -> None:
        super().__init__(say("invitation.used"))


class InvitationExpired(Refusal):
    """A letter's link after its last day."""

    def __init__(self) -> None:
        super().__init__(say("invitation.expired"))


class InvitationYours(Refusal):
    """A button of an invitation that they have taken already: a second tap, or a look back."""

    def __init__(self) -> None:
        super().__init__(say("invitation.yours"))


class InvitedOfficer(Refusal):
    """An officer who opens a letter's link: it is an owner's, and stays good for them."""

    def __init__(self) -> None:
        super().__init__(say("invitation.officer"))


class AlreadyInvited(Refusal):
    """Somebody who came by another letter: one account speaks for one business."""

    def __init__(self) -> None:
        super().__init__(say("invitation.has_one"))


class NamedBySetting(Refusal):
    """An admin as long as ADMIN_IDS names them."""

    def __init__(self) -> None:
        super().__init__(say("tap.named_by_setting"))


class LastAdmin(Refusal):
    """Without them nobody could appoint anybody."""

    def __init__(self) -> None:
        super().__init__(say("tap.last_admin"))


class NotServing(Refusal):
    """Somebody who is no officer, or none any more."""

    def __init__(self) -> None:
        super().__init__(say("tap.not_serving"))


class MustStay(Refusal):
    """Somebody whose data cannot go before an admin's work is somebody else's."""


class NotAgreed(Refusal):
    """Personal details that nobody agreed to, or not to the words as they are now."""

    def __init__(self) -> None:
        super().__init__(say("consent.needed"))


class Unfit(Refusal):
    """An answer that does not fit its question; the sentence says what would."""
