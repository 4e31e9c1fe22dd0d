"""What the tests stand on: a real PostgreSQL, and the real bot on a pretend Telegram."""
