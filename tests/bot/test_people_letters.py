"""`python -m bot people letters` and `poster`: what is on the paper, whose links, and who can read the files."""

import asyncio
import re
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import segno
from sqlmodel import select
from typer.testing import CliRunner

from bot.people.commands import people
from bot.people.invitations import BadOption, Wish, Written, write_letters, write_posters
from bot.people.letters import Letter, letters_of
from bot.people.paper import Paper
from bot.people.posters import posters_of
from bot.settings import Settings
from db.models import AuditEntry, RegisteredBusiness
from domain.district import read_district
from domain.register import Waiting
from domain.secret_tokens import hash_of
from messages import LANGUAGES
from tests.bot.test_command_line import telegram
from tests.bot.test_people_import import EXAMPLE
from tests.conftest import LAMONGAN
from tests.support.commands import elsewhere, run
from tests.support.keeping import add, rows, settings_of, somebody
from tests.support.pdf import code_on, links_in, pages_of

__all__ = ["telegram"]

DISTRICT = read_district(LAMONGAN)
NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
ALL = Wish("", "umkm_bot", "id")
LINK = re.compile(r"https://t\.me/umkm_bot\?start=undangan_([\w-]{32})$", re.MULTILINE | re.ASCII)


def business(number: int, name: str, kecamatan: str = "Babat", **details: Any) -> RegisteredBusiness:
    return RegisteredBusiness(
        register_number=str(number), name=name, kecamatan=kecamatan, imported_at=NOW, **{"business": None} | details
    )


@pytest.fixture
async def settings(database_url: str) -> Settings:
    """Of a register with two of Babat and one of Pucuk."""
    await add(
        database_url,
        business(1, "Sri Wahyuni", business="Tenun & Batik Sri", phone="+6281234500999"),
        business(2, "José Budi"),
        business(3, "Ani", "Pucuk"),
    )
    return settings_of(database_url)


async def written(settings: Settings, folder: Path, wish: Wish = ALL) -> dict[str, Written]:
    """What was told, by kecamatan, of those with somebody to write to or who have a letter."""
    told: list[Written] = []
    await write_letters(settings, folder, wish, told.append)
    return {one.kecamatan: one for one in told if one.letters or one.have_one}


async def register(settings: Settings) -> dict[str, RegisteredBusiness]:
    kept = await rows(settings.database_url, select(RegisteredBusiness))
    return {one.name: one for one in kept}


def matrix_of(link: str) -> list[list[int]]:
    return [list(row) for row in segno.make(link, error="m", micro=False).matrix]


class TestLetters:
    async def test_are_one_a_page_by_kecamatan(self, settings: Settings, tmp_path: Path) -> None:
        """A file of each kecamatan, a page of each person, with name, business and the link that is theirs."""
        made = await written(settings, tmp_path / "letters")
        babat = made["Babat"].file
        assert babat
        content = babat.read_bytes()

        assert {name: one.letters for name, one in made.items()} == {"Babat": 2, "Pucuk": 1}
        budi, sri = pages_of(content)
        assert "José Budi Kecamatan Babat" in budi.text
        assert "Sri Wahyuni Tenun & Batik Sri Kecamatan Babat" in sri.text
        kept = await register(settings)
        links = list(dict.fromkeys(links_in(content)))
        for page, link, name in zip((budi, sri), links, ("José Budi", "Sri Wahyuni"), strict=True):
            found = LINK.fullmatch(link)
            assert found
            assert link.removeprefix("https://") in page.text
            assert kept[name].token_hash == hash_of(found[1])
            assert code_on(page, len(matrix_of(link))) == matrix_of(link)

    async def test_say_what_an_owner_must_know(self, settings: Settings, tmp_path: Path) -> None:
        """Who sends it, how it is opened, until when, and what is never asked."""
        made = (await written(settings, tmp_path))["Pucuk"].file
        assert made
        (page,) = pages_of(made.read_bytes())
        until = (await register(settings))["Ani"].until
        assert until

        for part in ("Dinas Koperasi dan Usaha Mikro", "Diskopum & Disperindag", "MULAI", "NIK", "KTP", "uang"):
            assert part in page.text
        assert f"{until.day} " in page.text
        assert until - date.today() in {timedelta(30), timedelta(31)}  # noqa: DTZ011 -- a day later there than in UTC

    async def test_are_readable_by_their_owner_only(self, settings: Settings, tmp_path: Path) -> None:
        """PDFs and texts, under whatever umask."""
        await written(settings, tmp_path / "letters")

        files = list((tmp_path / "letters").iterdir())
        assert len(files) == 4
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}

    async def test_have_a_text_for_whatsapp(self, settings: Settings, tmp_path: Path) -> None:
        """A block for each, under a line that says to whom and where; plain text, the same links."""
        made = (await written(settings, tmp_path))["Babat"].file
        assert made
        said = made.with_suffix(".txt").read_text("utf-8")
        budi, sri = said.split("=== ")[1:]

        assert budi.startswith("José Budi · - · -\n")
        assert sri.startswith("Sri Wahyuni (Tenun & Batik Sri) · 0812-3450-0999 · https://wa.me/6281234500999\n")
        assert "&amp;" not in said
        assert [f"https://t.me/umkm_bot?start=undangan_{token}" for token in LINK.findall(said)] == list(
            dict.fromkeys(links_in(made.read_bytes()))
        )

    async def test_are_written_once(self, settings: Settings, tmp_path: Path) -> None:
        """Who has one gets no second, and whoever is new does; nothing of the first ones is touched."""
        await written(settings, tmp_path / "first")
        first = (await register(settings))["Sri Wahyuni"].token_hash
        await add(settings.database_url, business(4, "Tono"))

        made = await written(settings, tmp_path / "second")

        assert (made["Babat"].letters, made["Babat"].have_one, made["Pucuk"].file) == (1, 2, None)
        assert (await register(settings))["Sri Wahyuni"].token_hash == first

    async def test_again_void_the_older(self, settings: Settings, tmp_path: Path) -> None:
        """With --again all of the kecamatan get a new link, and those of others stay."""
        await written(settings, tmp_path / "first")
        before = await register(settings)

        await written(settings, tmp_path / "second", Wish("kec. babat", "@umkm_bot", "id", again=True))

        after = await register(settings)
        assert {name for name in after if after[name].token_hash != before[name].token_hash} == {
            "Sri Wahyuni",
            "José Budi",
        }

    async def test_are_not_for_who_came(self, settings: Settings, tmp_path: Path) -> None:
        """Neither at first nor again."""
        await add(settings.database_url, somebody(5))
        await add(settings.database_url, business(5, "Came", "Turi", person_id=1, came_at=NOW))

        assert "Turi" not in await written(settings, tmp_path, Wish("", "umkm_bot", "id", again=True))

    async def test_are_in_the_audit(self, settings: Settings, tmp_path: Path) -> None:
        """From the terminal, how many, of which kecamatan; no name."""
        await written(settings, tmp_path)
        entries = await rows(settings.database_url, select(AuditEntry).order_by(AuditEntry.id))

        told = [(entry.actor, entry.deed, entry.subject, (entry.after or {})["letters"]) for entry in entries]
        assert told == [
            ("terminal", "register.invited", "kecamatan:Babat", 2),
            ("terminal", "register.invited", "kecamatan:Pucuk", 1),
        ]

    async def test_over_others_are_refused(self, settings: Settings, tmp_path: Path) -> None:
        """A file that is there stays, no link is made, and nothing is left beside it."""
        (made,) = (await written(settings, tmp_path, Wish("Babat", "umkm_bot", "id"))).values()
        assert made.file
        before, content = await register(settings), made.file.read_bytes()

        with pytest.raises(BadOption, match="is there already: move it away or name another folder"):
            await written(settings, tmp_path, Wish("Babat", "umkm_bot", "id", again=True))

        assert await register(settings) == before
        assert made.file.read_bytes() == content
        assert {file.suffix for file in made.file.parent.iterdir() if file.name.startswith("undangan")} == {
            ".pdf",
            ".txt",
        }

    async def test_made_twice_at_once_are_good(self, settings: Settings, tmp_path: Path) -> None:
        """Of two who write at the same moment, whatever stays as a file holds links that open."""
        folders = [tmp_path / name for name in ("first", "second")]
        done = await asyncio.gather(*(written(settings, folder) for folder in folders), return_exceptions=True)

        assert {type(one) for one in done} <= {dict, BadOption}
        files = [file for folder in folders for file in folder.iterdir() if file.suffix == ".pdf"]
        links = {link for file in files for link in links_in(file.read_bytes())}
        kept = {one.token_hash for one in (await register(settings)).values()}
        assert {hash_of(link.rpartition("undangan_")[2]) for link in links} == kept
        assert not [file for folder in folders for file in folder.iterdir() if file.suffix == ".new"]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_fit_one_page(self, language: str) -> None:
        """However long the names, and whatever letters they hold: one page, all of it, nothing over another."""
        names = ("W" * 64, "José Ñandú & <b>Ŝtefan</b> 🎉 ＜b＞", "Sri")
        to = [Waiting(1, name, "M" * 80, "Karangbinangun", None, None) for name in names]
        link = f"https://t.me/{'b' * 32}?start=undangan_{'x' * 32}"

        pages = pages_of(letters_of([Letter(one, link, date(2026, 12, 31)) for one in to], DISTRICT, language))

        assert len(pages) == 3
        assert "José Ñandú &" in pages[1].text
        assert "Stefan" in pages[1].text
        assert all(link.removeprefix("https://").replace(" ", "") in page.text.replace(" ", "") for page in pages)


class TestPaper:
    @pytest.mark.parametrize("text", ["kata " * 300, "x" * 900])
    def test_takes_smaller_letters_where_room_is_short(self, text: str) -> None:
        """What would be higher than there is room for is written smaller, and says where it ends."""
        paper = Paper("x")

        assert paper.write(text, 200, 20) < 100
        assert 150 <= paper.write(text, 200, 20, most=50) < 175

    def test_hangs_what_follows_a_mark(self) -> None:
        """Bullets and numbers stand before their lines."""
        paper = Paper("x")
        paper.write("Cara\n1.  Buka\n•  Tekan", 200)

        (page,) = pages_of(paper.finished())
        assert re.sub(r"[^\w. ]", "", page.text) == "Cara 1. Buka  Tekan"


class TestPosters:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_lead_to_the_bot(self, language: str) -> None:
        """The code says the link of its kecamatan; district, offices and the bot's name stand there too."""
        first, second = pages_of(posters_of(["Babat", "Karangbinangun"], "umkm_bot", DISTRICT, language))

        link = "https://t.me/umkm_bot?start=src_babat"
        assert code_on(first, len(matrix_of(link))) == matrix_of(link)
        for part in ("Babat?", "Kabupaten Lamongan", "@umkm_bot", "NIB", "Dinas Koperasi"):
            assert part in first.text
        assert "Karangbinangun?" in second.text

    async def test_of_all_kecamatan(self, settings: Settings, tmp_path: Path) -> None:
        """One a page, each with its own code."""
        assert await write_posters(settings, tmp_path / "deep" / "all.pdf", ALL) == 27

        content = (tmp_path / "deep" / "all.pdf").read_bytes()
        assert len(pages_of(content)) == 27
        assert len(set(links_in(content))) == 27


class TestOptions:
    @pytest.mark.parametrize(
        ("wish", "said"),
        [
            (Wish("Babatt", "umkm_bot", "id"), '--kecamatan: "Babatt" is not known: did you mean Babat?'),
            (Wish("", "umkm bot", "id"), "--bot: umkm bot is no bot's name"),
            (Wish("", "umkm_bot", "su"), "--language: give one of id, jv, en"),
        ],
    )
    async def test_that_are_wrong_are_named(self, settings: Settings, tmp_path: Path, wish: Wish, said: str) -> None:
        """In one line that says what to give."""
        for deed in (lambda: written(settings, tmp_path, wish), lambda: write_posters(settings, tmp_path / "x", wish)):
            with pytest.raises(BadOption) as refused:
                await deed()
            assert str(refused.value).startswith(said)

    async def test_that_name_no_folder(self, settings: Settings, tmp_path: Path) -> None:
        """What is no folder, or cannot be made one, is named, and no link is made."""
        (tmp_path / "file").write_text("")
        with pytest.raises(BadOption, match=r"--to: .*file/below cannot be made"):
            await written(settings, tmp_path / "file" / "below")
        with pytest.raises(BadOption, match=r"--to: .* cannot be written"):
            await write_posters(settings, tmp_path, ALL)

        assert {one.token_hash for one in (await register(settings)).values()} == {None}


class TestCommand:
    @pytest.mark.parametrize("which", [[], ["--kecamatan", "Babat", "--all"]])
    def test_of_posters_says_whose(self, which: list[str], tmp_path: Path) -> None:
        """One kecamatan or all, not neither and not both."""
        done = CliRunner().invoke(people, ["poster", "--to", str(tmp_path / "x.pdf"), *which])

        assert (done.exit_code, done.stderr) == (2, "give either --kecamatan or --all\n")

    def test_as_a_person_uses_it(self, tmp_path: Path, telegram: str) -> None:
        """The bot's name is asked of Telegram; what the files are is said in one line."""
        settings = elsewhere(tmp_path) | {"BOT_TOKEN": "1000:test", "TELEGRAM_API_URL": telegram}
        run("people", "import", str(EXAMPLE), cwd=tmp_path, **settings)
        letters = run("people", "letters", "--kecamatan", "Babat", "--to", "surat", cwd=tmp_path, **settings)
        again = run("people", "letters", "--kecamatan", "Babat", "--to", "surat", cwd=tmp_path, **settings)
        poster = run("people", "poster", "--kecamatan", "Babat", "--to", "babat.pdf", cwd=tmp_path, **settings)
        nobody = run("people", "letters", "--to", "surat", cwd=tmp_path, **(settings | {"BOT_TOKEN": ""}))

        (file,) = (tmp_path / "surat").glob("*.pdf")
        assert set(links_in(file.read_bytes())).pop().startswith("https://t.me/demo_bot?start=undangan_")
        first, second = letters.stdout.splitlines()
        assert first == f"Babat: 1 letter in surat/{file.name}; texts for WhatsApp in {file.stem}.txt"
        assert second.startswith("These files hold names, numbers and links")
        assert again.stdout.splitlines()[-1] == "nobody waits for a letter"
        assert poster.stdout == "1 poster in babat.pdf\n"
        assert (nobody.returncode, nobody.stderr.count("\n")) == (2, 1)
        assert nobody.stderr.startswith("--bot:")
