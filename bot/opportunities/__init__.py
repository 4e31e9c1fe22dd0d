"""Opportunities out of a table, on paper, and figures of them for the offices."""
