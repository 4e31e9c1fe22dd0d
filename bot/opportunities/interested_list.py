"""The list of who is interested in an opportunity and agreed that it goes on (XLSX), made when it is sent."""

import asyncio
from collections.abc import Sequence
from functools import partial

from bot.deliverer import File, Rendering
from bot.spreadsheets import Book, Cell
from db.models import Opportunity, Profile
from db.session import Session
from domain.district import District
from domain.forms import phone
from domain.opportunities import interested, needs
from domain.opportunities.interested import Interested
from handlers.turn import House
from messages import FIRST_LANGUAGE, Number, Sentence, say

HEAD = ("No", "Nama", "Usaha", "Produk", "Kecamatan", "Telepon", "NIB", "Halal", "PIRT", "Kapasitas sebulan", "Status")
WIDTHS = (5, 28, 28, 32, 18, 18, 12, 12, 12, 20, 14)

PAPERS = {needs.YES: "sudah", needs.NO: "belum"}


def interested_list_of(house: House) -> Rendering:
    return partial(_interested_list, house.district)


async def _interested_list(district: District, session: Session, opportunity_id: int) -> File | None:
    """As it stands now: only those who agreed; how many others there are is said below. None for none there is."""
    if await session.get(Opportunity, opportunity_id) is None:
        return None
    everybody = await interested.of(session, opportunity_id)
    agreed = [one for one in everybody if one.interest.may_share]
    others = len(everybody) - len(agreed)
    below = _said(say("interested.others", number=Number(others))) if others else ""
    made = await asyncio.to_thread(_spreadsheet, [_line(one, district) for one in agreed], below)
    return File(f"berminat-{opportunity_id}.xlsx", made)


def _line(one: Interested, district: District) -> tuple[str, ...]:
    profile = one.profile or Profile(person_id=one.person.id, changed_at=one.person.met_at)
    return (
        one.name or "-",
        profile.business or "",
        interested.makes(profile, district),
        profile.kecamatan or "",
        _said(phone.spoken(one.phone)) if one.phone else "",
        *(PAPERS.get(getattr(profile, paper) or "", "") for paper in needs.PAPERS),
        _said(needs.capacity_names().get(profile.capacity or "", "")),
        _said(say(f"interest.standing_{one.interest.standing.value}")),
    )


def _said(sentence: Sentence | str) -> str:
    """Papers are in the first language, whoever asks for them."""
    return sentence.in_language(FIRST_LANGUAGE) if isinstance(sentence, Sentence) else sentence


def _spreadsheet(lines: Sequence[Sequence[str]], below: str) -> bytes:
    book = Book()
    rows: list[Sequence[Cell]] = [[number, *line] for number, line in enumerate(lines, 1)]
    book.add("Berminat", WIDTHS, HEAD, [*rows, *([["", below]] if below else [])])
    return book.content()
