"""Every command people may use, in the order of the menu: the help and Telegram's command list are made of it."""

COMMANDS = ("start", "tanya", "program", "bahasa", "bantuan", "batal")

IN_GROUPS = ("tanya", "bantuan")
"""Those that are answered in a group too, as their menu shows; the others lead to the private chat."""
