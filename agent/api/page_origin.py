"""From which page a browser calls, so that a widget's key that was copied elsewhere opens nothing there.

A browser names the page in ``Origin`` whenever it lets the page read the answer. Where it sends none (a picture, a
form, a link, a call within one site) it tells by ``Sec-Fetch-Site`` and ``Referer``, which a page cannot set either.
Other programs can write what they like into these headers; against them a key that is on a page for everybody to read
protects nothing, only the conversation's token does.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers

ANYWHERE = "*"
OURS = "same-origin"
DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def may_call(allowed: Collection[str], headers: Headers) -> bool:
    """Whether a key that is limited to the origins ``allowed`` (empty: not limited) may be used by this request."""
    if not allowed or ANYWHERE in allowed:
        return True
    site = headers.get("sec-fetch-site")
    page = headers.get("origin") or headers.get("referer")
    if page is not None:
        return origin_of(page) in {origin_of(one) for one in allowed}
    return site is None or site == OURS


def origin_of(address: str) -> str:
    """``scheme://host[:port]`` in lower case without a default port; of what is no address, the words themselves."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return address
    if not parts.scheme or not parts.netloc:
        return address
    host = parts.netloc.rpartition("@")[2].lower()
    return f"{parts.scheme}://{host.removesuffix(DEFAULT_PORTS.get(parts.scheme, ' '))}"
