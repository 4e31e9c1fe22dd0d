"""``python -m simulator --port 8081 --token 1:test``: the pretend Telegram as a process of its own, until a signal."""

import argparse
import asyncio
import signal

from simulator.server import serve
from simulator.settings import add_options, change, settings_from
from simulator.telegram import PretendTelegram


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m simulator", description="A pretend Telegram over HTTP.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081, help="0 is any; if taken, the next free one is used")
    parser.add_argument("--token", default="1:test", help="the bot's token; its number is the bot's id")
    add_options(parser)
    asyncio.run(_run(parser.parse_args()))


async def _run(options: argparse.Namespace) -> None:
    telegram = PretendTelegram(options.token)
    change(telegram, settings_from(options))
    stopped = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signum, stopped.set)
    async with serve(telegram, options.host, options.port) as address:
        print(address, flush=True)  # noqa: T201 - whoever started this waits for the line
        await stopped.wait()


if __name__ == "__main__":
    main()
