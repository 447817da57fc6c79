"""Which model does what: by role, by shop, from names such as ``openai:gpt-4.1-mini``."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

import structlog
from langchain_core.language_models import BaseChatModel

from agent.casework.spending import Budget, Spending, SpendingBook
from agent.errors import Misconfigured
from agent.loop.agent import EMBEDDED
from agent.loop.prices import PriceList
from agent.settings import Settings, ShopModels

if TYPE_CHECKING:
    from agent.loop.llm import LlmSettings  # which brings the openai package

log = structlog.get_logger("postventa.start")

Role = Literal["conversation", "summary", "judge"]


def model_for(settings: Settings, role: Role, shop_id: str = "") -> str:
    """The name for that role: the shop's own, else the small one for all but conversations, else the main one."""
    own = settings.shop_models.get(shop_id, ShopModels())
    named = str(getattr(own, role))
    if named or role == "conversation":
        return named or settings.model
    return settings.small_model or own.conversation or settings.model


def open_model(settings: Settings, role: Role, shop_id: str = "") -> BaseChatModel | None:
    """A client of that model; none where the embedded model has the role. Raises ``Misconfigured``."""
    name = model_for(settings, role, shop_id)
    if name == EMBEDDED:
        return None
    llm = importlib.import_module("agent.loop.llm")  # seconds of imports that only this mode needs
    found: BaseChatModel = llm.open_llm(llm_settings(settings, name))
    return found


def llm_settings(settings: Settings, model: str) -> LlmSettings:
    """Where that model is and how it is asked. Raises ``Misconfigured`` naming the setting that is missing."""
    llm = importlib.import_module("agent.loop.llm")
    provider, _, name = model.partition(":")
    if not name:
        raise Misconfigured("POSTVENTA_MODEL: 'embedded' or 'provider:name' is wanted, such as openai:gpt-4.1-mini")
    key, url = _key_and_url(settings, provider)
    found: LlmSettings = llm.LlmSettings(
        name=name,
        api_key=key,
        base_url=url,
        timeout_s=settings.model_timeout_s,
        deadline_s=settings.turn_deadline_s * 0.75,
        provider=provider,
        api_version=settings.azure_api_version if provider == "azure" else "",
        headers=settings.model_headers,
        reasoning_effort=settings.reasoning_effort,
        max_output_tokens=settings.max_output_tokens,
        temperature=float(settings.temperature) if settings.temperature else None,
    )
    return found


def open_spending(settings: Settings, book: SpendingBook) -> Spending:
    """Prices and budgets. Raises ``Misconfigured`` for a budget on a model whose price is not known."""
    if all(one == EMBEDDED for one in _in_use(settings)):
        return Spending()
    prices = PriceList.load(settings.prices_file)
    budget = Budget(settings.conversation_budget, settings.day_budget)
    budgets = {shop: _own_budget(own, budget) for shop, own in settings.shop_models.items()}
    used = sorted(set(_in_use(settings)) - {EMBEDDED})
    unpriced = [one for one in used if prices.price_of(one) is None]
    if unpriced and any((budget, *budgets.values())):
        raise Misconfigured(f"{settings.prices_file}: a budget needs the price of {', '.join(unpriced)}")
    _tell_prices(settings, prices, [one for one in used if one not in unpriced], unpriced)
    return Spending(book, prices, budget, budgets)


def _tell_prices(settings: Settings, prices: PriceList, priced: Sequence[str], unpriced: Sequence[str]) -> None:
    """How far a cost can be trusted: prices are somebody's word, and without one a model counts as free."""
    file, as_of = str(settings.prices_file), str(prices.as_of or "unknown")
    if priced:
        log.info("model_prices", models=priced, file=file, as_of=as_of, source=prices.source or "unknown")
    if unpriced:
        log.warning("model_price_unknown", models=unpriced, file=file, costs="counted as 0")


def _own_budget(own: ShopModels, budget: Budget) -> Budget:
    return Budget(
        budget.conversation if own.conversation_budget is None else own.conversation_budget,
        budget.day if own.day_budget is None else own.day_budget,
    )


def _in_use(settings: Settings) -> Iterator[str]:
    for shop in ("", *settings.shop_models):
        yield model_for(settings, "conversation", shop)
        yield model_for(settings, "summary", shop)


def _key_and_url(settings: Settings, provider: str) -> tuple[str, str]:
    keys = {
        "openai": (settings.openai_api_key, "OPENAI_API_KEY"),
        "azure": (settings.azure_api_key, "AZURE_OPENAI_API_KEY"),
        "openrouter": (settings.openrouter_api_key, "OPENROUTER_API_KEY"),
    }
    if provider == "azure" and not settings.azure_endpoint:
        raise Misconfigured("AZURE_OPENAI_ENDPOINT: the resource's address is needed for a model azure:...")
    if provider in keys:
        secret, name = keys[provider]
        if not secret.get_secret_value():
            raise Misconfigured(f"{name}: a key is needed for a model {provider}:...")
        url = {"openai": settings.openai_base_url, "azure": settings.azure_endpoint}.get(provider, "")
        return secret.get_secret_value(), url
    if provider in ("ollama", "vllm"):
        return settings.openai_api_key.get_secret_value(), settings.openai_base_url
    return "", ""
