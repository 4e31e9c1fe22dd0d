"""The curated answers: read from files, kept in tables, changed by officers."""
