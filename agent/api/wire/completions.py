"""The part of OpenAI's chat completions that this service speaks. Fields of theirs that are not named are ignored."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MODEL = "postventa"


class TextPart(BaseModel):
    """A piece of a message."""

    model_config = ConfigDict(extra="ignore")

    type: str
    text: str = ""


class CompletionMessage(BaseModel):
    """Only the last message is read, when it is of the `user`: what was said before is in the conversation."""

    model_config = ConfigDict(extra="ignore")

    role: str
    content: str | list[TextPart] | None = None


class StreamOptions(BaseModel):
    """What to stream."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool = False


class CompletionIn(BaseModel):
    """A request for the next reply."""

    model_config = ConfigDict(extra="ignore")

    model: str = MODEL
    messages: Annotated[list[CompletionMessage], Field(min_length=1, max_length=1000)]
    stream: bool = False
    stream_options: StreamOptions | None = None


class CompletionReply(BaseModel):
    """What the agent says."""

    role: Literal["assistant"]
    content: str


class Choice(BaseModel):
    """The one reply there is."""

    index: int
    message: CompletionReply
    finish_reason: Literal["stop"]


class CompletionUsage(BaseModel):
    """Tokens spent."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(BaseModel):
    """A reply in OpenAI's form; `postventa` is the turn it comes from."""

    id: str
    object: Literal["chat.completion"]
    created: int = Field(description="Seconds since 1970.")
    model: str
    choices: list[Choice]
    usage: CompletionUsage
    postventa: dict[str, Any]


class Model(BaseModel):
    """A model one may name."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = MODEL


class Models(BaseModel):
    """All of them."""

    object: Literal["list"]
    data: list[Model]


THE_MODEL = Model(id=MODEL)
