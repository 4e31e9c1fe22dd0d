"""Opportunities in the chat: owners browse and answer, officers compose and follow."""
