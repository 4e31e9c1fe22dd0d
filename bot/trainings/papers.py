"""A training's papers, each made when it is sent: poster, codes, the numbered list and the participants."""

import asyncio
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.deliverer import File, Rendering
from bot.trainings import lists, poster
from bot.trainings.lists import Participant
from bot.trainings.ticket import picture_of
from db.models import SeatState, TrainingDay, TrainingState
from db.session import Session
from domain.district import District
from domain.trainings import attendance, catalogue, door, participants, questions
from domain.trainings.catalogue import Offered
from domain.trainings.papers import CODE, DOOR_CODE, DOOR_LIST, PARTICIPANTS, POSTER
from handlers.turn import House
from messages import FIRST_LANGUAGE, Hours, Number, Sentence, say

CARD_LINK = "https://t.me/{username}?start=pelatihan_{training}"
DOOR_LINK = "https://t.me/{username}?start=langsung_{training}"

COMING = {None: "", True: "hadir", False: "tidak bisa"}


def papers_of(house: House, username: str) -> Mapping[str, Rendering]:
    """By the kind a row gives; each is made by the id of its training."""
    return {
        POSTER: _poster(house.district, username),
        CODE: _code(CARD_LINK, username),
        DOOR_CODE: _code(DOOR_LINK, username),
        DOOR_LIST: _door_list(house.district),
        PARTICIPANTS: _participants(house.district),
    }


def _code(link: str, username: str) -> Rendering:
    async def render(session: Session, training_id: int) -> File | None:
        picture = await asyncio.to_thread(picture_of, link.format(username=username, training=training_id))
        return File(f"qr-{training_id}.png", picture)

    return render


def _poster(district: District, username: str) -> Rendering:
    async def render(session: Session, training_id: int) -> File | None:
        """For the wall; None while it is a draft, or when it is off."""
        offered = await catalogue.one(session, training_id, drafts=True)
        training = offered.training
        if training.state in {TrainingState.DRAFT, TrainingState.CANCELLED}:
            return None
        office = district.office(training.office)
        announced = poster.Announced(
            title=training.title,
            days=_days(offered, district),
            place=_place(offered),
            office=office.name if office else training.office,
            description=training.description,
            seats=_said(say("papers.seats", number=Number(training.seats))),
            link=CARD_LINK.format(username=username, training=training_id),
        )
        return File(f"poster-{training_id}.pdf", await asyncio.to_thread(poster.poster, announced))

    return render


def _door_list(district: District) -> Rendering:
    async def render(session: Session, training_id: int) -> File | None:
        """Who has a seat, by number; who came without is written below."""
        offered = await catalogue.one(session, training_id, drafts=True)
        there = [one for one in await _lines(session, offered) if one.number]
        days, place = _days(offered, district), _place(offered)
        made = await asyncio.to_thread(lists.numbered_list, offered.training.title, days, place, there)
        return File(f"daftar-hadir-{training_id}.pdf", made)

    return render


def _participants(district: District) -> Rendering:
    async def render(session: Session, training_id: int) -> File | None:
        """Everybody: with a seat, in line, there without one."""
        offered = await catalogue.one(session, training_id, drafts=True)
        asked = [one.text for one in questions.questions_of(offered.training.questions)]
        zone = ZoneInfo(district.timezone)
        days = [f"{day.starts_at.astimezone(zone):%d-%m-%Y}" for day in offered.days]
        everybody = await _lines(session, offered)
        made = await asyncio.to_thread(lists.spreadsheet, offered.training.title, days, asked, everybody)
        return File(f"peserta-{training_id}.xlsx", made)

    return render


async def _lines(session: Session, offered: Offered) -> list[Participant]:
    there = await attendance.there(session, offered.days)
    been = set().union(*there.values()) if there else set()
    everybody = await participants.participants(session, offered.training, also=been)
    asked = questions.questions_of(offered.training.questions)
    lines = [_line(one, offered.days, there, asked) for one in everybody]
    return [*lines, *await _on_paper(session, offered, len(asked))]


def _line(
    one: participants.Participant,
    days: Sequence[TrainingDay],
    there: Mapping[int, set[int]],
    asked: list[questions.Asked],
) -> Participant:
    seat, profile, answers = one.seat, one.profile, one.seat.answers or {}
    is_in = seat.state is SeatState.CONFIRMED
    return Participant(
        number=str(seat.number) if is_in else "",
        name=one.name or "-",
        business=(profile.business if profile else None) or "",
        kecamatan=(profile.kecamatan if profile else None) or "",
        phone=one.phone,
        code=(seat.code or "") if is_in else "",
        is_coming=COMING[seat.is_coming],
        there=tuple(seat.id in there[day.id] for day in days),
        answers=tuple(_answer(question, answers) for question in asked),
        note=_said(_note(one)),
    )


def _answer(question: questions.Asked, answers: Mapping[str, object]) -> str:
    if question.key not in answers:
        return ""
    shown = questions.shown(question, answers[question.key])
    return _said(shown) if isinstance(shown, Sentence) else shown


def _note(one: participants.Participant) -> Sentence | str:
    """What an officer must know of them beside the rest."""
    match one.seat.state:
        case SeatState.HELD:
            return say("papers.offered")
        case SeatState.WAITING:
            return say("papers.waiting", position=Number(one.position or 0))
        case SeatState.GONE:
            return say("papers.gone")
    if one.seat.is_walk_in:
        return say("papers.walk_in")
    return say("papers.same_phone") if one.has_twin else ""


async def _on_paper(session: Session, offered: Offered, questions_asked: int) -> list[Participant]:
    """Who came without Telegram, on each day anew."""
    found = []
    for day in offered.days:
        for one in await door.walk_ins(session, day):
            there = tuple(other.id == day.id for other in offered.days)
            empty = ("",) * questions_asked
            note = _said(say("papers.on_paper"))
            found.append(Participant("", one.name or "-", "", "", "", "", "", there, empty, note))
    return found


def _days(offered: Offered, district: District) -> list[str]:
    return [Hours(day.starts_at, day.ends_at, district.timezone).in_language(FIRST_LANGUAGE) for day in offered.days]


def _place(offered: Offered) -> str:
    training = offered.training
    if not training.place:
        return _said(say("papers.online"))
    return ", ".join(filter(None, (training.place, training.address)))


def _said(sentence: Sentence | str) -> str:
    """Papers are in the first language, whoever asks for them."""
    return sentence.in_language(FIRST_LANGUAGE) if isinstance(sentence, Sentence) else sentence
