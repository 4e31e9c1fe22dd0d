"""The staff web pages (with a later part)."""
