"""A broadcast on its way: everybody whom it concerns gets it once, in their own frame."""

from db.models import BroadcastState, RecipientState
from tests.support.broadcasting import broadcast, by_state, ended, met, recipients
from tests.support.running import RunningBot


class TestSending:
    async def test_reaches_everybody_once(self, bot: RunningBot) -> None:
        """Everybody who wrote to the bot gets it once, with their own name and its code."""
        people = await met(bot, 30)

        number = await broadcast(bot)
        row = await ended(bot, number)

        assert row.state is BroadcastState.FINISHED
        assert await by_state(bot, number) == {RecipientState.SENT: 30}
        for somebody in people:
            (text,) = somebody.texts()
            assert f"Ada pameran UMKM, {somebody.user['first_name']}." in text
            assert row.code in text
        assert all(one.message_ids and one.version == 1 for one in await recipients(bot, number))
