"""Asks a server over HTTP/3 with aioquic: usage: aioquic_client.py HOST PORT PATH [BODY_BYTES]

Prints the status, the headers and the body. Run by hand, in a venv with `pip install aioquic`: an independent implementation beside the tests with Netty.
"""

import asyncio
import ssl
import sys

from aioquic.asyncio.client import connect
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration


class Client(QuicConnectionProtocol):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.http = H3Connection(self._quic)
        self.done = asyncio.get_event_loop().create_future()
        self.heads, self.body = [], b""

    async def ask(self, method, authority, path, body):
        stream = self._quic.get_next_available_stream_id()
        fields = {b":method": method, b":scheme": b"https", b":authority": authority, b":path": path}
        if body:
            fields[b"content-length"] = str(len(body)).encode()
        self.http.send_headers(stream, list(fields.items()), end_stream=not body)
        if body:
            self.http.send_data(stream, body, end_stream=True)
        self.transmit()
        await asyncio.wait_for(self.done, 20)

    def quic_event_received(self, event):
        for got in self.http.handle_event(event):
            if isinstance(got, HeadersReceived):
                self.heads.append(got.headers)
            elif isinstance(got, DataReceived):
                self.body += got.data
            if getattr(got, "stream_ended", False) and not self.done.done():
                self.done.set_result(None)


async def main(host, port, path, size):
    configuration = QuicConfiguration(alpn_protocols=H3_ALPN, verify_mode=ssl.CERT_NONE)
    async with connect(host, port, configuration=configuration, create_protocol=Client) as client:
        method = b"POST" if size else b"GET"
        await client.ask(method, f"{host}:{port}".encode(), path.encode(), b"x" * size)
        for head in client.heads:
            print(" ".join(f"{n.decode()}={v.decode()}" for n, v in head))
        print(client.body.decode())


size = int(sys.argv[4]) if len(sys.argv) > 4 else 0
asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3], size))
