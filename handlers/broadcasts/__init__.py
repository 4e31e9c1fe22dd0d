"""Broadcasts in the chat, for officers: composed, sent, followed, changed, repeated."""
