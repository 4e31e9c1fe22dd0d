"""Somebody whom officers know by name and phone is erased: from our files and rows, and from the officers' chats."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlmodel import select

from bot.receiver import read_update
from db.models import Profile
from domain.knowledge.shelf import Library
from simulator import Person as Somebody
from tests.faults.traces import NAME, PHONE, everything_kept, traces
from tests.faults.waiting import until
from tests.journeys.test_data import DONE, NOW, SURELY, row_of
from tests.support.offices import DISKOPUM, QUESTION, Offices, staffed, unhurried


@pytest.fixture(params=["topics", "replies", "private"])
async def office(
    database_url: str, library: Library, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> AsyncIterator[Offices]:
    """An office with a forum, with a plain group, or without any group."""
    unhurried(monkeypatch)
    is_forum, is_private = request.param == "topics", request.param == "private"
    async with staffed(database_url, library, topics=is_forum, groups=not is_private) as offices:
        yield offices


async def talks(office: Offices) -> Somebody:
    """She asks an officer, is answered by name, and writes again, all with her name and phone in it."""
    her = office.telegram.person(150, first_name=NAME)
    number = await office.asks(f"{QUESTION} saya {NAME} {PHONE}", her)
    async with office.bot.database.transaction() as session:
        person = await row_of(office.bot, her.id)
        session.add(Profile(person_id=person.id, name=NAME, phone=f"+62{PHONE[1:]}", changed_at=NOW))
    if DISKOPUM in office.telegram.groups:
        await office.answers(number, f"Baik Bu {NAME}, kami telepon {PHONE}")
    else:
        head = next(message for message in reversed(office.rini.messages()) if "#1" in message.get("text", ""))
        office.rini.write(f"Baik Bu {NAME}, kami telepon {PHONE}", head["message_id"])
    await office.settled()
    her.write(f"terima kasih, {NAME} {PHONE}")
    her.sends("photo", caption=f"produk {NAME}")
    await office.settled()
    return her


def shown_by_the_bot(office: Offices) -> list[str]:
    """What the bot says to officers, in private and in their groups, and how it calls topics there."""
    bot_id = office.telegram.bot["id"]
    chats = [office.rini.chat, office.tono.chat, office.wati.chat]
    chats += [group.chat for group in office.telegram.groups.values()]
    messages = [message for chat in chats for message in chat.messages.values() if message["from"]["id"] == bot_id]
    topics = [topic.name for group in office.telegram.groups.values() for topic in group.forum.topics.values()]
    return [*(str((message.get("text"), message.get("caption"))) for message in messages), *topics]


async def erased(office: Offices, her: Somebody) -> None:
    await office.bot.says(her, "/data")
    for label in ("🗑 Hapus semua data saya", SURELY):
        her.tap(label)
        await office.settled()
    await until(lambda: any(DONE in text for text in her.texts()), lambda: str(her.texts()))
    await office.settled()


class TestTopics:
    def test_have_no_name_where_they_are_quoted(self) -> None:
        """Whatever is written in a topic quotes how it was called first, for ever: that is not stored."""
        opened = {"message_id": 2, "forum_topic_created": {"name": f"#1 · {NAME}", "icon_color": 1}}
        kept = read_update({"update_id": 5, "message": {"text": "baik", "reply_to_message": opened}})

        assert kept.payload["message"]["text"] == "baik"
        assert kept.payload["message"]["reply_to_message"]["forum_topic_created"] == {"name": "•", "icon_color": 1}


class TestErase:
    async def test_of_who_talked_with_officers(self, office: Offices, said: list[Any]) -> None:
        """No row, file, log line or message of the bot's in an officer's chat knows her name or her phone any more."""
        her = await talks(office)
        assert len(traces(await everything_kept(office.bot.database))) > 1
        assert any("latiwangi" in text for text in shown_by_the_bot(office))
        await erased(office, her)

        assert traces(await everything_kept(office.bot.database)) == []
        assert [text for text in shown_by_the_bot(office) if traces(text.encode())] == []
        assert traces(repr(said).encode()) == []
        assert await office.bot.rows(select(Profile)) == []
