"""How the bot wants its updates. A webhook is remembered, and bars getUpdates, but is not called yet."""

import re
from typing import Any

from simulator.refusals import bad_request
from simulator.telegram import PretendTelegram
from simulator.updates import default_kinds, kinds_of

Json = dict[str, Any]

SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


def set_webhook(telegram: PretendTelegram, given: Json) -> bool:
    if given["url"] and not given["url"].startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not SECRET.fullmatch(given.get("secret_token", "")):
        raise bad_request("secret token contains unallowed characters")
    if "allowed_updates" in given:
        telegram.updates.allowed = kinds_of(given["allowed_updates"])
    _drop_if_asked(telegram, given)
    telegram.updates.webhook = dict(given) if given["url"] else {}
    if given["url"]:
        telegram.updates.conflict("Conflict: terminated by setWebhook request")
    return True


def delete_webhook(telegram: PretendTelegram, given: Json) -> bool:
    telegram.updates.webhook = {}
    _drop_if_asked(telegram, given)
    return True


def get_webhook_info(telegram: PretendTelegram, _: Json) -> Json:
    webhook = telegram.updates.webhook
    info: Json = {
        "url": webhook.get("url", ""),
        "has_custom_certificate": "certificate" in webhook,
        "pending_update_count": len(telegram.updates),
    }
    if webhook:
        info["max_connections"] = webhook.get("max_connections", 40)
    if telegram.updates.allowed != default_kinds():
        info["allowed_updates"] = sorted(telegram.updates.allowed)
    return info


def _drop_if_asked(telegram: PretendTelegram, given: Json) -> None:
    if given.get("drop_pending_updates"):
        telegram.updates.clear()


METHODS = {"setWebhook": set_webhook, "deleteWebhook": delete_webhook, "getWebhookInfo": get_webhook_info}
