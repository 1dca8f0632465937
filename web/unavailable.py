"""The one error for when the database cannot be used now."""


class Unavailable(Exception):  # noqa: N818 - it is a state of the world that passes, no mistake of the caller
    """The database cannot be used now. Says why, perhaps with the host; never a password or what was to be written."""
