"""Sentences, and the dates and sums in them."""

import string
from datetime import UTC, date, datetime, timedelta

import pytest

from messages import (
    FIRST_LANGUAGE,
    LANGUAGES,
    Button,
    Date,
    Day,
    Duration,
    Moment,
    Number,
    Rupiah,
    Weekday,
    catalogue,
    language_of_client,
    say,
    text_of,
)

KEYS = [str(message.id) for message in catalogue(FIRST_LANGUAGE) if message.id]


class TestButton:
    @pytest.mark.parametrize(
        "url", ["http://t.me/bot", "javascript:alert(1)", "t.me/bot", "https://", "https://a b.id"]
    )
    def test_leads_to_https_only(self, url: str) -> None:
        """A link that Telegram would refuse, or that leads out of the web, is refused where it is made."""
        with pytest.raises(ValueError, match="is none"):
            Button("Buka", url=url)

    def test_is_tapped_or_opened(self) -> None:
        """A button has a verb or a link: one, not both."""
        assert Button("Buka", url="https://t.me/demo_bot?start=P05").url
        for given in ({}, {"verb": "open", "url": "https://t.me/demo_bot"}):
            with pytest.raises(ValueError, match="needs a verb or a link"):
                Button("Buka", **given)


class TestSay:
    def test_escapes_values_and_nothing_else(self) -> None:
        """What comes from outside is escaped once; the sentence's own markup stays."""
        card = say("answer.card", title="<A & B>", body="x < y", source='"S"', as_of=Date("2026"))

        text = card.in_language("id")
        assert "<b>&lt;A &amp; B&gt;</b>" in text
        assert "x &lt; y" in text
        assert '"S"' in text

    def test_blanks_in_values_stay_as_they_are(self) -> None:
        """Braces that somebody wrote are not filled in."""
        assert "{name}" in say("help.command", command="{name}", description="{0}").in_language("id")

    def test_an_unknown_language_falls_back(self) -> None:
        """Whoever speaks a language we lack reads the first one, dates and numbers too."""
        card = say("answer.card", title="T", body=Number(1000), source="S", as_of=Date("2025-11"))

        assert card.in_language("xx") == card.in_language("id")

    def test_an_untranslated_sentence_falls_back(self) -> None:
        """What one language lacks is said in the first one: nobody is left without an answer."""
        try:
            catalogue("jv").delete("cancel.nothing")
            catalogue("en").get("cancel.nothing").string = ""

            assert {say("cancel.nothing").in_language(language) for language in LANGUAGES} == {
                text_of("cancel.nothing", "id")
            }
        finally:
            catalogue.cache_clear()

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("key", KEYS)
    def test_every_sentence_can_be_said(self, key: str, language: str) -> None:
        """In each language every sentence takes its blanks, shows each value, and leaves no brace behind but those that
        are meant to be read."""
        blanks = {name for _, name, _, _ in string.Formatter().parse(text_of(key, FIRST_LANGUAGE)) if name}

        said = say(key, **{name: f"<{name}>" for name in blanks}).in_language(language)

        assert all(f"&lt;{name}&gt;" in said for name in blanks)
        meant = "".join(words for words, *_ in string.Formatter().parse(text_of(key, language)))
        assert [said.count(brace) for brace in "{}"] == [meant.count(brace) for brace in "{}"]

    def test_an_unknown_key_is_loud(self) -> None:
        """A sentence that is in no catalogue is a fault, not an empty message."""
        with pytest.raises(KeyError, match=r"no\.such"):
            say("no.such").in_language("id")


class TestLanguageOfClient:
    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("id", "id"), ("id-ID", "id"), ("in", "id"), ("jv", "jv"), ("jv-ID", "jv"), ("jv_Latn_ID", "jv"),
            ("jw", "jv"), ("en", "en"), ("en-GB", "en"), ("EN_us", "en"), ("ms", "id"), ("su", "id"),
            ("zh-hans", "id"), ("eng", "id"), ("", "id"), ("-", "id"), (None, "id"), ("💥", "id"),
        ],
    )  # fmt: skip
    def test_is_one_of_ours(self, code: str | None, expected: str) -> None:
        """Region and script do not matter; who names none of our languages is met in Indonesian."""
        assert language_of_client(code) == expected


class TestFormats:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [("2026", "2026"), ("2025-11", "November 2025"), ("2026-02-02", "2 Februari 2026"), ("2026-05", "Mei 2026")],
    )
    def test_a_date_is_as_exact_as_it_is_known(self, text: str, expected: str) -> None:
        """Day, month or year, never more than is known."""
        assert Date(text).in_language("id") == expected

    @pytest.mark.parametrize(
        ("language", "expected"), [("id", "2 Mei 2026"), ("jv", "2 Mei 2026"), ("en", "2 May 2026")]
    )
    def test_a_date_is_in_the_language(self, language: str, expected: str) -> None:
        """Months have the names people know, in the order they are written here."""
        assert Date("2026-05-02").in_language(language) == expected

    @pytest.mark.parametrize(
        ("language", "number", "sum_of_money"),
        [("id", "7.635", "Rp1.250.000"), ("jv", "7.635", "Rp1.250.000"), ("en", "7,635", "Rp1,250,000")],
    )
    def test_numbers_and_rupiah(self, language: str, number: str, sum_of_money: str) -> None:
        """Thousands are parted as the language does it; rupiah look like a price tag, without cents."""
        assert Number(7635).in_language(language) == number
        assert Rupiah(1_250_000).in_language(language) == sum_of_money

    @pytest.mark.parametrize(
        ("seconds", "language", "expected"),
        [
            (0, "id", "1 menit"), (100, "id", "2 menit"), (7100, "id", "118 menit"), (7300, "id", "2 jam"),
            (200_000, "id", "2 hari"), (200_000, "jv", "2 dina"), (60, "en", "1 minute"), (300, "en", "5 minutes"),
        ],
    )  # fmt: skip
    def test_a_duration_is_as_one_says_it(self, seconds: int, language: str, expected: str) -> None:
        """Minutes, hours or days, never less than a minute, in the language."""
        assert Duration(timedelta(seconds=seconds)).in_language(language) == expected

    @pytest.mark.parametrize(
        ("day", "hour", "indonesian", "javanese", "english"),
        [
            (26, 7, "hari ini pukul 14.00", "dina iki jam 14.00", "today at 14:00"),
            (27, 1, "besok pukul 08.00", "sesuk jam 08.00", "tomorrow at 08:00"),
            (26, 18, "besok pukul 01.00", "sesuk jam 01.00", "tomorrow at 01:00"),
            (29, 1, "Minggu pukul 08.00", "Ahad jam 08.00", "Sunday at 08:00"),
            (32, 1, "Rabu pukul 08.00", "Rabu jam 08.00", "Wednesday at 08:00"),
            (33, 1, "Kamis, 3 Desember pukul 08.00", "Kamis, 3 Desember jam 08.00", "Thursday, 3 December at 08:00"),
            (25, 1, "Rabu, 25 November pukul 08.00", "Rabu, 25 November jam 08.00", "Wednesday, 25 November at 08:00"),
        ],
    )
    def test_a_moment_is_as_one_says_it(
        self, day: int, hour: int, indonesian: str, javanese: str, english: str
    ) -> None:
        """As near as it is, by the clock of the place, where the day may be another one than in UTC."""
        at = datetime(2026, 11, 1, hour, tzinfo=UTC) + timedelta(days=day - 1)
        moment = Moment(at, "Asia/Jakarta", now=datetime(2026, 11, 26, 2, tzinfo=UTC))

        assert [moment.in_language(language) for language in LANGUAGES] == [indonesian, javanese, english]

    def test_days_have_names(self) -> None:
        """A weekday alone, and a day of the calendar with its own."""
        assert [Weekday(0).in_language(language) for language in LANGUAGES] == ["Senin", "Senin", "Monday"]
        assert Day(date(2026, 12, 24)).in_language("id") == "Kamis, 24 Desember 2026"

    def test_a_moment_in_an_unknown_language(self) -> None:
        """It stands in a sentence, which falls back as a whole."""
        at = datetime(2026, 11, 26, 2, tzinfo=UTC)
        sentence = say("moment.day", day=Moment(at, "Asia/Jakarta", at), time="")

        assert sentence.in_language("xx") == sentence.in_language("id")
