"""Three processes on one PostgreSQL, whose leader is killed again and again under load: what was kept of our promises.

The processes are `python -m bot run`; the pretend Telegram, with its limits on sending, runs in the measuring process.
"""
