"""Forms: what is asked of a person, one question at a time, and how far each has come."""
