"""Channels: an owner and administrators post in the channel's name, everybody else reads.

A bot is there as an administrator or not at all. What it may: post with ``can_post_messages``, which lets it change
and delete its own posts too; those of others with ``can_edit_messages`` and ``can_delete_messages``. It hears what
others post, as ``channel_post``. A post has no ``from``: who wrote it is known to the chat's ``authors`` alone.
"""

from typing import TYPE_CHECKING, Any

from simulator.members import KICKED, LEFT, MEMBER, Gathering

if TYPE_CHECKING:
    from simulator.people import Person

Json = dict[str, Any]

ADMINISTRATOR: Json = {
    "status": "administrator",
    "can_be_edited": False,
    "is_anonymous": False,
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_manage_video_chats": True,
    "can_restrict_members": True,
    "can_promote_members": False,
    "can_change_info": True,
    "can_invite_users": True,
    "can_post_messages": True,
    "can_edit_messages": True,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
    "can_send_welcome_messages": False,
    "can_manage_direct_messages": False,
}
NEEDS_ADMINISTRATOR = "need administrator rights in the channel chat"


class Channel(Gathering):
    """Made by PretendTelegram.channel. *by* is who does a thing; without it, the owner."""

    pinning_right = "can_edit_messages"

    def add_bot(self, by: "Person | None" = None, **rights: bool) -> Json:
        """As an administrator, or make it another one; *rights* that differ, as ``can_post_messages=False``."""
        return self._change(self._telegram.bot, self._actor(by), {**ADMINISTRATOR, **rights})

    def remove_bot(self, by: "Person | None" = None, *, is_banned: bool = False) -> Json:
        """Take its rights, and so itself, away; *is_banned* throws it out for good."""
        gone = KICKED if is_banned else {**LEFT, "is_out_in_peace": True}
        return self._change(self._telegram.bot, self._actor(by), gone)

    def add(self, person: "Person", by: "Person | None" = None) -> Json:
        """As a subscriber; without *by* they come by themselves."""
        return self._change(person.user, by.user if by else person.user, MEMBER)

    def remove(self, person: "Person", by: "Person | None" = None) -> Json:
        """By another; by themselves is leaving."""
        actor = self._actor(by)
        return self._change(person.user, actor, LEFT if actor["id"] == person.id else KICKED)

    def promote(self, person: "Person", by: "Person | None" = None, **rights: bool) -> Json:
        """Make an administrator, who may post."""
        return self._change(person.user, self._actor(by), {**ADMINISTRATOR, **rights})

    def demote(self, person: "Person", by: "Person | None" = None) -> Json:
        return self._change(person.user, self._actor(by), MEMBER)

    def require_posting(self) -> None:
        """Raise Refused unless the bot may post."""
        self.require_right("can_post_messages", NEEDS_ADMINISTRATOR)

    def may_change(self, user_id: int, message: Json, right: str) -> bool:
        """Whether somebody may edit or delete a post: their own while they may post, others' with the *right*."""
        is_own = self.chat.author_of(message["message_id"]) == user_id
        return self.may(user_id, right) or (is_own and self.may(user_id, "can_post_messages"))

    def _hears(self, _: Json) -> bool:
        return self.is_admin(self._telegram.bot["id"])
