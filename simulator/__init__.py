"""A pretend Telegram over real HTTP, for demos, tests and benchmarks. It knows the Bot API, not our bot.

In the same process::

    telegram = PretendTelegram(token="1:test")
    async with serve(telegram) as address:          # "http://127.0.0.1:43210"
        sari = telegram.person(101, first_name="Sari")
        sari.write("/start")                        # an update the bot will get
        await telegram.wait_until(lambda: sari.texts())
        sari.tap("Lihat pelatihan")                 # an inline button, by its label

The bot is told ``{address}`` as Telegram's address and calls ``{address}/bot<token>/<method>``; ``{address}/`` is the
chat as a web page (``/?people=101,201`` several people side by side, ``/?person=102&name=Budi`` somebody else,
``/?start=payload`` by a deep link). Whom it shows first: ``serve(…, people=[{"id": 101, "name": "Sari"}, …])``.

Groups (groups.py says what the bot hears there), inline mode and webhooks::

    group = telegram.group(-500, "Paguyuban Batik", members=[sari, budi])   # below -10**12 a supergroup
    group.write(sari, "@demo_bot jam buka?")          # so do sari.write(…, chat=-500), sari.tap(…, chat=-500), …
    group.promote_bot(), group.remove_bot(), group.add_bot(by=sari), group.rename("Batik"), group.migrate()
    sari.inline("jam buka")                           # -> inline_query; sari.inline_answer() is what came
    sari.choose("Jam buka", chat=-500)                # -> a message via the bot, and chosen_inline_result
    telegram.webhook.first_pause = 0.05               # setWebhook takes loopback addresses, http too

Staff groups with topics (forum.py says who may do what in them, threads.py what a message there carries)::

    staff = telegram.group(-1_000_000_000_700, "Petugas", members=[rini], bot="administrator", is_forum=True)
    thread = staff.topic("Sari")                      # of a topic by its name; staff.create_topic("Rapat", by=rini)
    staff.texts(thread), staff.labels(thread), staff.messages(thread)
    rini.write("Jawab", chat=staff.id, thread=thread), rini.write("Jawab", reply_to=7, chat=staff.id)
    rini.tap("Selesai", chat=staff.id, thread=thread), rini.react(7, "👍", chat=staff.id)
    staff.close_topic(thread, by=rini), staff.reopen_topic(thread), staff.delete_topic(thread)
    staff.promote(rini, is_anonymous=True)            # from now on she writes as the group
    staff.promote_bot(can_manage_topics=False), staff.switch_topics(on=False)
    staff.chat.reactions_under(7)                     # [{"type": "emoji", "emoji": "👍", "by": None}], the bot's own

Channels (channels.py says what the bot may do in them)::

    channel = telegram.channel(-1_000_000_000_900, "Kabar UMKM", members=[rini, sari])   # Rini's; Sari reads
    channel.add_bot(can_edit_messages=False), channel.remove_bot(), channel.remove_bot(is_banned=True)
    channel.write(rini, "Pameran besok")              # -> channel_post; so does rini.sends("photo", chat=channel.id)
    channel.texts(), channel.messages(), sari.tap("Ikut", chat=channel.id)

What people send, anywhere: ``sari.write("<b>Halo</b>", html=True)``, ``sends("photo", "Stan")`` (video, document,
location, …), ``sends_album(["photo", "video"])``, ``forward("kabar", of=102)`` (a person's, the bot's, a group's or a
channel's), ``forward_message(7)``, ``forward_messages([7, 8])``, and ``hides_account()`` for who is to be a mere name.
``sari.chat.silent`` are the bot's messages that came without a sound.

Every call is checked against the Bot API (schema.json) and Telegram's own limits, and is in ``telegram.calls``. What
the Bot API has and this does not is answered with a 404 that says so. Failures are ordered with ``telegram.fail(…)``
(kinds: failures.KINDS), ``telegram.outage = True`` shuts the door, ``telegram.latency`` slows the answers down, and
``telegram.flood_limits = True`` answers 429 to who sends too fast (flood.py says how fast that is, and how to have it
otherwise).

As a process of its own: ``python -m simulator --port 8081 --token 1:test [--latency 0.05] [--flood-limits]`` prints
its address on a line; ``--help`` has more. To measure a bot and not this, with "30 a second and 3 more at most"::

    python -m simulator --everyone --no-schema-checks --no-calls --keep-messages 0 --flood-rate 30 --flood-burst 3

Then POST JSON to ``{address}/control/…``; each answers ``{"ok": true, …}``, or 400 and why not:

=========  ===================================================================================================
people     ``{"people": [{"id": 101, "first_name": "Sari"}]}`` or ``{"first_id": 1000, "count": 500}``
groups     ``{"groups": [{"group_id": -500, "title": "Batik", "members": [101]}]}``
channels   ``{"channels": [{"channel_id": -1000000000900, "title": "Kabar", "members": [101]}]}``
do         ``{"deeds": [{"person": 101, "do": "write", "text": "halo"}, …]}`` -> ``results``; any deed of Person,
           in a group with ``"chat": -500``; ``{"group": -500, "do": "remove_bot"}`` is a deed of the group,
           ``{"channel": -1000000000900, "do": "remove_bot"}`` of a channel
push       ``{"updates": […]}`` raw, as given
settings   ``{"latency": 0.05, "flood_limits": true, "flood": {"overall": {"rate": 30, "burst": 3, "penalty": 3}}}``,
           limits also of ``paid``, ``chat`` and ``group``; ``schema_checks`` and ``keep_calls`` false,
           ``keep_messages`` 0 and ``has_everyone`` true for speed; answers all of them
fail       ``{"kind": "429", "method": "sendMessage", "times": 2, "retry_after": 3, "chat_id": 101}``
outage     ``{"seconds": 5}``; control is away too, so it ends by itself
wait       ``{"calls": 1000, "method": "sendMessage", "pending_updates": 0, "timeout": 30}`` -> ``is_so``
calls      ``{"since": 0, "method": "sendMessage"}`` -> ``calls``, ``next``
arrivals   ``{"since": 0, "clear": true}`` -> ``at`` (monotonic seconds), ``chat_id``, ``messages`` and ``method`` (a
           place in ``methods``) of each accepted call, as columns; ``next``
chats      ``{"people": [101]}`` -> ``chats``: by id, groups too, ``texts``, ``messages`` and ``alerts``
state      ``{}`` -> ``calls``, ``accepted`` by method, ``refused`` by status and ``pending_updates`` as counts,
           ``description`` in words
=========  ===================================================================================================
"""

from simulator.channels import Channel
from simulator.groups import Group
from simulator.people import Person
from simulator.record import Call
from simulator.server import serve
from simulator.telegram import PretendTelegram

__all__ = ["Call", "Channel", "Group", "Person", "PretendTelegram", "serve"]
