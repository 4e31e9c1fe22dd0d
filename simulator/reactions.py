"""The signs that may be put under a message. Telegram refuses others, as ✅, and any with a variation selector."""

from typing import Any

from simulator.refusals import bad_request

Json = dict[str, Any]

ALLOWED = frozenset(
    """
    👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 🌚 🌭 💯 🤣 ⚡ 🍌
    🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘
    🙉 🦄 😘 💊 🙊 😎 👾 🤷 😡
    ❤\u200d🔥 👨\u200d💻 🤷\u200d♂ 🤷\u200d♀
    """.split()  # noqa: SIM905 - a list of quoted signs would be three times as long
)


def check_reactions(reactions: list[Json]) -> None:
    """Raise Refused for what a bot cannot put: more than one, or a sign that is none."""
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(given["type"] == "emoji" and given["emoji"] not in ALLOWED for given in reactions):
        raise bad_request("REACTION_INVALID")
