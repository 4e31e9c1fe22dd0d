"""
Why something about an opportunity cannot be, and the sentence that says so and what to do next.

Refusal
    BadOpportunity
    NotComplete
    PastDeadline
    WrongState
    Over
    NotInterested
    MayNotShare
    StandsOtherwise
    HasLeft
    AgreedMeanwhile
"""

from db.models import OpportunityState, Standing
from domain.errors import Refusal
from messages import Button, Buttons, Sentence, say


class BadOpportunity(Refusal):
    """A detail that cannot be: a deadline in the past, a link that is none, a title too long."""


class NotComplete(Refusal):
    """Published it would say too little."""

    def __init__(self, missing: tuple[Sentence, ...]) -> None:
        super().__init__(say("opportunity.not_complete", missing=missing))


class PastDeadline(BadOpportunity):
    """It cannot go out, since its deadline is over."""

    def __init__(self, opportunity_id: int) -> None:
        deadline = [Button(say("opportunity.field_deadline"), "opp_field", f"{opportunity_id}.deadline")]
        sheet = [Button(say("button.back"), "opp_sheet", opportunity_id)]
        super().__init__(say("opportunity.deadline_over"), [deadline, sheet])


class WrongState(Refusal):
    """From where it stands it cannot go there."""

    def __init__(self, state: OpportunityState, buttons: Buttons = ()) -> None:
        self.state = state
        super().__init__(say("opportunity.wrong_state", state=say(f"opportunity.state_{state.value}")), buttons)


class Over(Refusal):
    """It cannot be taken any more."""

    def __init__(self, sentence: Sentence, buttons: Buttons = ()) -> None:
        super().__init__(sentence, buttons)


class NotInterested(Refusal):
    """Somebody who did not say that they are interested, or took it back meanwhile."""

    def __init__(self, opportunity_id: int) -> None:
        see = [Button(say("button.opportunity_see"), "opp", opportunity_id)]
        super().__init__(say("opportunity.not_interested"), [see])


class MayNotShare(Refusal):
    """Somebody who has not agreed that their name and number go on."""

    def __init__(self, name: str) -> None:
        super().__init__(say("interested.may_not_share", name=name))


class StandsOtherwise(Refusal):
    """Another officer moved them meanwhile."""

    def __init__(self, name: str, standing: Standing) -> None:
        super().__init__(say("interested.meanwhile", name=name, standing=say(f"interest.standing_{standing.value}")))


class HasLeft(Refusal):
    """Somebody whom an officer had open took their interest back meanwhile, or was erased: *name* None."""

    def __init__(self, opportunity_id: int, name: str | None) -> None:
        self.opportunity_id = opportunity_id
        super().__init__(say("interested.has_left", name=name) if name else say("interested.is_gone"))


class AgreedMeanwhile(Refusal):
    """Somebody who need not be asked any more whether their name and number go on."""

    def __init__(self, name: str) -> None:
        super().__init__(say("interested.agreed_meanwhile", name=name))
