"""Opportunities out of a table, and figures of them for the offices."""
