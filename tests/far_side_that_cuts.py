"""Closes (FIN) whatever says a ClientHello, at ADDRESS …. It is listening when this ends."""

import asyncio
import os
import socket
import sys
from collections.abc import Sequence

from fixtures.lab.streams import Plain, accept
from fixtures.lab.tls import receive_hello


async def cut(client: Plain) -> None:
    await receive_hello(client)
    await client.finish()


async def serve(listening: Sequence[socket.socket]) -> None:
    async with asyncio.TaskGroup() as together:
        for one in listening:
            together.create_task(accept(one, cut))


if __name__ == "__main__":
    places = [socket.create_server((address, 443)) for address in sys.argv[1:]]
    if os.fork() == 0:
        for place in places:
            place.settimeout(0)
        asyncio.run(serve(places))
