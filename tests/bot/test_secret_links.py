"""Tokens of links are hashed before an update is stored, whichever way it comes."""

import json

from bot.receiver import read_update
from bot.secret_links import hash_tokens
from domain.secret_tokens import PREFIXES, hash_of, new_token


class TestHashTokens:
    def test_wherever_they_stand(self) -> None:
        """In texts, entities, quoted messages and names, in any case of letters; the rest stays as it is."""
        token = new_token()
        link = f"https://t.me/demo_bot?start=petugas_{token}"
        entity = {"type": "text_link", "offset": 0, "length": 3, "url": link}
        message = {
            "text": f"ini {link}, ya",
            "entities": [entity],
            "reply_to_message": {"caption": f"/start undangan_{token}"},
            "from": {"id": 5, "first_name": f"Petugas_{token}"},
        }

        payload = read_update({"update_id": 1, "message": message}).payload

        assert payload is not None
        assert json.dumps(payload) == json.dumps({"update_id": 1, "message": message}).replace(token, hash_of(token))

    def test_keeps_the_length(self) -> None:
        """So that what entities point at stays where it was."""
        for prefix in PREFIXES:
            text = f"a {prefix}{new_token()} b"
            assert len(hash_tokens(text)) == len(text)

    def test_hashes_a_hash_again(self) -> None:
        """What was read in a table is no token."""
        once = hash_tokens(f"petugas_{new_token()}")

        assert hash_tokens(once) != once

    def test_leaves_everything_else(self) -> None:
        """Shorter words, other words and other links."""
        for text in ("petugas_diskopum", "petugas", f"src_{new_token()}", "petugas baru_siapa", "undangan_" + "x" * 31):
            assert hash_tokens(text) == text
