"""Every setting, read once at the start from the environment or ``.env``; documented in ``.env.example``."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from agent.errors import Misconfigured
from tools.remote.rules import RemoteRules


class WebhookTarget(BaseModel):
    """Somebody who wants to hear what happens. ``name`` is what its letters are kept under; several ``secrets`` sign side by side.

    ``events`` are the types wanted, all when empty; ``shop`` narrows it to one shop's.
    """

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern="^[a-z0-9-]{1,40}$")
    url: HttpUrl
    secrets: tuple[SecretStr, ...] = Field(min_length=1)
    events: frozenset[str] = frozenset()
    shop: str = ""


class ShopModels(BaseModel):
    """What one shop does otherwise than the settings say; what is left out is as there."""

    model_config = ConfigDict(extra="forbid")

    conversation: str = ""
    summary: str = ""
    judge: str = ""
    conversation_budget: Decimal | None = Field(default=None, ge=0)
    day_budget: Decimal | None = Field(default=None, ge=0)
    voice_file: Path | None = None


class Settings(BaseSettings):
    """``POSTVENTA_*`` variables. Unset URLs mean the embedded parts: SQLite, in-process events and limits, local index."""

    model_config = SettingsConfigDict(env_prefix="POSTVENTA_", env_file=".env", extra="ignore", populate_by_name=True)

    data_dir: Path = Path("var")
    database_url: str = ""
    shop_database_url: str = ""
    redis_url: str = ""
    chroma_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535, validation_alias="PORT")
    model: str = "embedded"
    small_model: str = ""
    shop_models: dict[str, ShopModels] = {}
    voice_file: str = ""
    model_mode: Literal["llm", "hybrid"] = "llm"
    hybrid_confidence: float = Field(default=0.9, ge=0, le=1)
    openai_api_key: SecretStr = Field(default=SecretStr(""), validation_alias="OPENAI_API_KEY")
    openai_base_url: str = Field(default="", validation_alias="OPENAI_BASE_URL")
    azure_api_key: SecretStr = Field(default=SecretStr(""), validation_alias="AZURE_OPENAI_API_KEY")
    azure_endpoint: str = Field(default="", validation_alias="AZURE_OPENAI_ENDPOINT")
    azure_api_version: str = Field(default="", validation_alias="OPENAI_API_VERSION")
    openrouter_api_key: SecretStr = Field(default=SecretStr(""), validation_alias="OPENROUTER_API_KEY")
    model_headers: dict[str, str] = {}
    reasoning_effort: str = ""
    max_output_tokens: int = Field(default=0, ge=0)
    temperature: str = Field(default="", pattern=r"^([01](\.\d+)?|2(\.0+)?)?$")
    conversation_budget: Decimal = Field(default=Decimal(0), ge=0)
    day_budget: Decimal = Field(default=Decimal(0), ge=0)
    prices_file: Path = Path("agent/loop/prices.yaml")
    embeddings: str = ""
    model_timeout_s: float = Field(default=20.0, gt=0)
    turn_deadline_s: float = Field(default=60.0, gt=0)
    lease_s: float = Field(default=20.0, gt=0)
    public_url: str = Field(default="", pattern=r"^(https?://[^\s?#]+)?$")
    storefront_url: str = Field(default="", pattern=r"^(https?://[^\s#]+)?$")
    shop_id: str = "main"
    shop_name: str = "Postventa"
    shop_language: str = Field(default="es", pattern="^(es|en|pt)$")
    shop_secret: SecretStr = SecretStr("")
    webhook_secret: SecretStr = SecretStr("")
    policy_dir: Path = Path("tools/policy/demo")
    articles_dir: Path = Path("knowledge/articles")
    webhooks: list[WebhookTarget] = []
    chatwoot_url: str = ""
    chatwoot_account: int = Field(default=0, ge=0)
    chatwoot_inbox: int = Field(default=0, ge=0)
    chatwoot_token: SecretStr = SecretStr("")
    chatwoot_webhook_secrets: list[SecretStr] = []
    chatwoot_teams: dict[str, int] = {}
    private_targets: bool = False
    target_timeout_s: float = Field(default=10.0, gt=0, le=30)
    smtp_url: str = ""
    smtp_from: str = ""
    mcp_servers: list[RemoteRules] = []
    mcp: bool = True
    mcp_hosts: list[str] = []
    mcp_elicitation: bool = True
    messages_per_minute: int = Field(default=30, ge=1)
    conversations_per_minute: int = Field(default=60, ge=1)
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")


def read_settings() -> Settings:
    """The settings of this process.

    Raises ``Misconfigured`` with every variable that is wrong and why, never with its value: it may be a secret.
    """
    try:
        return Settings()
    except ValidationError as wrong:
        found = "; ".join(f"{_variable(problem['loc'])}: {problem['msg']}" for problem in wrong.errors())
        raise Misconfigured(f"in the environment or .env: {found}") from None
    except SettingsError as wrong:
        raise Misconfigured(f"in the environment or .env: {wrong}") from None


def _variable(place: tuple[int | str, ...]) -> str:
    """``POSTVENTA_WEBHOOKS.0.url``; fields with a name of their own in the environment are told by it."""
    first, *rest = map(str, place)
    name = first if first.isupper() else f"POSTVENTA_{first.upper()}"
    return ".".join((name, *rest))
