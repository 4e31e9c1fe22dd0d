"""`python -m bot`."""

from bot.command_line import main

main()
