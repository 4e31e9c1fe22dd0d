"""A broadcast to a whole district while people ask: how fast it goes, and what it does to those who wait."""
