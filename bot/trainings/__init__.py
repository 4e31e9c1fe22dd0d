"""The papers of a training: ticket, calendar file, poster, lists. Made of plain values, so that a thread can do it."""
