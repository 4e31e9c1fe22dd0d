"""The commands, as `domain.commands` lists them: menus are owed there too."""

from domain.commands import COMMANDS, IN_GROUPS, IN_STAFF_GROUPS, OFFICERS

__all__ = ["COMMANDS", "IN_GROUPS", "IN_STAFF_GROUPS", "OFFICERS"]
