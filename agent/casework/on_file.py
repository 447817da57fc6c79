"""What the shop has on file of the customer whose conversation it is."""

from __future__ import annotations

from agent.casework.front import Services, Storefront
from agent.conversation import Conversation
from tools.shop.errors import ShopError
from tools.shop.models import Customer, CustomerId


async def customer_on_file(services: Services, front: Storefront, conversation: Conversation) -> Customer | None:
    """None when it is nobody who is known, and when the order system does not answer: what it would add can be done without."""
    customer_id = conversation.customer_id
    if customer_id is None:
        return None
    try:
        return await services.retry.once(lambda: front.shop.customer(CustomerId(customer_id)))
    except ShopError:
        return None
