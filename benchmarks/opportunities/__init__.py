"""A thousand opportunities held against a district, and one told to all of it."""
