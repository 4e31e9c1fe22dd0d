"""The text for WhatsApp says all that the formatting said."""

from domain.broadcasts.content import Content, File, Frame, for_whatsapp

AROUND = Frame("Diskopum", "22222-33333", "demo_bot", "umum")


class TestForWhatsapp:
    def test_names_where_a_word_leads(self) -> None:
        """A hyperlink's address stands behind its word, once."""
        html = 'Daftar di <a href="https://contoh.id/a?b=1&amp;c=2"><b>sini</b></a>, <a href="https://x.id/">x.id</a>.'

        text = for_whatsapp(Content(html=html), AROUND)
        assert "Daftar di sini (https://contoh.id/a?b=1&c=2), x.id." in text

    def test_marks_what_is_struck_through(self) -> None:
        """Else an old date reads as if it held."""
        assert "~27~ 28 November" in for_whatsapp(Content(html="<s>27 </s> 28 November"), AROUND)

    def test_has_an_albums_captions(self) -> None:
        """Each of several."""
        files = (File("photo", "1", "Satu"), File("photo", "2"), File("photo", "3", "<i>Tiga</i>"))
        assert "Satu\n\nTiga" in for_whatsapp(Content(files=files), AROUND)
