"""Trainings in the chat: found, joined, attended, and led by officers."""
