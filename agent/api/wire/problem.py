"""Errors."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Complaint(BaseModel):
    """One thing that is wrong with a request."""

    at: str = Field(examples=["body.text"])
    message: str = Field(examples=["There is nothing to read in the text."])


class Problem(BaseModel):
    """RFC 9457 problem details. `type` is stable: decide on it, show `detail`."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "https://postventa.dev/problems/not-found",
                "title": "Not found",
                "status": 404,
                "detail": "Not found",
            }
        }
    )

    type: str
    title: str
    status: int
    detail: str
    errors: list[Complaint] | None = Field(default=None, description="With `invalid` only: each thing that is wrong.")
