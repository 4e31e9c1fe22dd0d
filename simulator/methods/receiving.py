"""How the bot wants its updates: by getUpdates, or posted to a webhook (webhook.py calls it)."""

import re
from typing import Any

from simulator.refusals import bad_request
from simulator.telegram import PretendTelegram
from simulator.updates import default_kinds, kinds_of
from simulator.webhook import connections, is_own_address

Json = dict[str, Any]

SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
SETTLED = {"url", "secret_token", "max_connections"}  # what makes one webhook another


def set_webhook(telegram: PretendTelegram, given: Json) -> bool:
    url = given["url"]
    if not SECRET.fullmatch(given.get("secret_token", "")):
        raise bad_request("secret token contains unallowed characters")
    is_ours = is_own_address(url)
    if url and not url.startswith("https://") and not (is_ours and url.startswith("http://")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if url and not is_ours:
        raise bad_request("bad webhook: the simulator calls addresses of this machine only, as http://127.0.0.1:8080/")
    if "allowed_updates" in given:
        telegram.updates.allowed = kinds_of(given["allowed_updates"])
    _drop_if_asked(telegram, given)
    webhook = {name: given[name] for name in SETTLED | {"certificate"} if name in given} if url else {}
    if webhook != telegram.updates.webhook or given.get("drop_pending_updates"):
        telegram.updates.webhook = webhook
        telegram.webhook.begin()
    if url:
        telegram.updates.conflict("Conflict: terminated by setWebhook request")
    return True


def delete_webhook(telegram: PretendTelegram, given: Json) -> bool:
    telegram.updates.webhook = {}
    _drop_if_asked(telegram, given)
    telegram.webhook.begin()
    return True


def get_webhook_info(telegram: PretendTelegram, _: Json) -> Json:
    webhook = telegram.updates.webhook
    info: Json = {
        "url": webhook.get("url", ""),
        "has_custom_certificate": "certificate" in webhook,
        "pending_update_count": len(telegram.updates),
    }
    if webhook:
        info["max_connections"] = connections(webhook)
        info["ip_address"] = "127.0.0.1"
        if telegram.webhook.last_error:
            info["last_error_date"], info["last_error_message"] = telegram.webhook.last_error
    if telegram.updates.allowed != default_kinds():
        info["allowed_updates"] = sorted(telegram.updates.allowed)
    return info


def _drop_if_asked(telegram: PretendTelegram, given: Json) -> None:
    if given.get("drop_pending_updates"):
        telegram.updates.clear()


METHODS = {"setWebhook": set_webhook, "deleteWebhook": delete_webhook, "getWebhookInfo": get_webhook_info}
