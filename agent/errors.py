"""What can go wrong, as the caller may hear it.

PostventaError             status  type
|- NotFound                   404  not-found            unknown, or not yours: the same answer
|- Unauthorized               401  unauthorized
|- Forbidden                  403  forbidden
|  `- OverLimit               403  over-limit           more than a person of that role may approve
|- Invalid                    422  invalid
|- TooLarge                   413  too-large
|- Conflict                   409  conflict             not in this state (an action already decided, a closed chat)
|  |- KeyReused               422  idempotency-key-reused
|  |- AlreadyClaimed          409  already-claimed      another person has the case
|  |- NotClaimed              409  not-claimed          claim the case first
|  |- AtCapacity              409  at-capacity          the person has as many cases as they can take
|  `- CaseClosed              409  case-closed          returned or resolved; reopen it first
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


class OverLimit(Forbidden):
    """The amount, or the kind of change, is beyond what the person's role may decide."""

    type = "over-limit"
    title = "This is beyond what your role may decide"


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


class AlreadyClaimed(Conflict):
    """Another person has the case."""

    type = "already-claimed"
    title = "Somebody else has this case"


class NotClaimed(Conflict):
    """The case waits in its queue."""

    type = "not-claimed"
    title = "Claim the case first"


class AtCapacity(Conflict):
    """The person has as many open cases as they can take."""

    type = "at-capacity"
    title = "No more cases can be taken"


class CaseClosed(Conflict):
    """The case was returned or resolved."""

    type = "case-closed"
    title = "The case is closed"


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
