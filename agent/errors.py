"""What can go wrong, as the caller may hear it.

PostventaError             status  type
|- NotFound                   404  not-found            unknown, or not yours: the same answer
|- Unauthorized               401  unauthorized
|- Forbidden                  403  forbidden
|- Invalid                    422  invalid
|- TooLarge                   413  too-large
|- Conflict                   409  conflict             not in this state (an action already decided, a closed chat)
|  `- KeyReused               422  idempotency-key-reused
|- TooMany                    429  too-many-requests    carries retry_after, in seconds
|- Busy                       503  busy                 the answer is not ready in time; it will be in the thread
`- Misconfigured            start  names file and key; the service does not start
"""

from __future__ import annotations


class PostventaError(Exception):
    """An error with a sentence that may be shown. ``status`` and ``type`` are stable parts of the HTTP contract."""

    status = 500
    type = "internal"
    title = "Something went wrong on our side"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.title)
        self.detail = detail


class NotFound(PostventaError):
    """There is no such thing, or it is not the caller's."""

    status = 404
    type = "not-found"
    title = "Not found"


class Unauthorized(PostventaError):
    """The credential is missing, unknown or expired."""

    status = 401
    type = "unauthorized"
    title = "A valid key is needed"


class Forbidden(PostventaError):
    """The credential is good, but not for this."""

    status = 403
    type = "forbidden"
    title = "This key may not do that"


class Invalid(PostventaError):
    """The input does not fit the contract."""

    status = 422
    type = "invalid"
    title = "The request is not valid"


class TooLarge(PostventaError):
    """The body is over the limit."""

    status = 413
    type = "too-large"
    title = "The request is too large"


class Conflict(PostventaError):
    """Not possible in the present state."""

    status = 409
    type = "conflict"
    title = "Not possible in the present state"


class KeyReused(Conflict):
    """The same idempotency key came with another body."""

    status = 422
    type = "idempotency-key-reused"
    title = "This Idempotency-Key was used with another body"


class TooMany(PostventaError):
    """Over a rate limit. ``retry_after`` is in whole seconds."""

    status = 429
    type = "too-many-requests"
    title = "Too many requests"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Try again in {retry_after} s.")
        self.retry_after = retry_after


class Busy(PostventaError):
    """The answer is still being worked on; it will appear in the conversation."""

    status = 503
    type = "busy"
    title = "Still working on it"


class Misconfigured(PostventaError):
    """A setting, a YAML file or an article is wrong; the text names file and key."""

    title = "The configuration is wrong"
