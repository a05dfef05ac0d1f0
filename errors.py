"""The one error that a user is meant to read."""


class BlazeRigError(Exception):
    """Something the user can act on, said in one line: what, why, what to do.

    Everything else that is raised is a bug and keeps its traceback.
    """
