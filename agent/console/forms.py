"""What a form sends, taken only from a page that this browser was given."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from urllib.parse import parse_qsl

from fastapi import Request

from agent.console.sessions import form_word
from agent.errors import Forbidden, Invalid

FIELDS = 20
OURS = frozenset({"same-origin", "none"})


@dataclass(frozen=True, slots=True)
class Form:
    """Its fields; of one that is there twice, the last."""

    fields: dict[str, str]

    def get(self, name: str, longest: int = 200) -> str:
        """A field without the space around it; empty when it is not there. Raises ``Invalid`` when it is too long."""
        value = self.fields.get(name, "").strip()
        if len(value) > longest:
            raise Invalid(f"{name}: at most {longest} characters.")
        return value

    def need(self, name: str, longest: int = 200) -> str:
        """The same for a field that has to be there."""
        value = self.get(name, longest)
        if not value:
            raise Invalid(f"{name}: is missing.")
        return value


async def read_form(request: Request, token: str | None) -> Form:
    """The form. Raises ``Forbidden`` when another site sent it, or it lacks the word that goes with ``token``."""
    if request.headers.get("sec-fetch-site", "same-origin") not in OURS:
        raise Forbidden("The form comes from another site.")
    try:
        sent = parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError as error:
        raise Invalid("The form cannot be read.") from error
    form = Form(dict(sent))
    given = form.fields.get("form", "").encode(errors="replace")
    if token is None or not hmac.compare_digest(form_word(token).encode(), given):
        raise Forbidden("The form is not, or no longer, this page's.")
    return form
