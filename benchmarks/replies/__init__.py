"""How fast a burst of messages is answered: our bot on both databases beside bots that only echo.

Each bot in turn is a process of its own, and so is the pretend Telegram that all of them talk to.
"""
