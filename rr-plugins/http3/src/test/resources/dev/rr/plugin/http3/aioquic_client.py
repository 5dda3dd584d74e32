"""Asks a server over one HTTP/3 connection: usage: aioquic_client.py HOST PORT REQUEST...

A request is METHOD:PATH:BODY_BYTES; all are sent at once. Prints a line for each, in their order: status, number of
body bytes, the body itself while it is short, the headers, and trailers behind "trailers". The bodies are x's.
"""

import asyncio
import ssl
import sys

from aioquic.asyncio.client import connect
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ConnectionTerminated

DEADLINE = 40
SHORT = 1000


class Answer:
    def __init__(self):
        self.whole = asyncio.get_running_loop().create_future()
        self.heads, self.body = [], b""

    def line(self):
        status = dict(self.heads[0])[b":status"].decode()
        text = self.body.decode() if len(self.body) <= SHORT else ""
        fields = [f"{n.decode()}={v.decode()}" for n, v in self.heads[0] if n != b":status"]
        trailers = [f"{n.decode()}={v.decode()}" for head in self.heads[1:] for n, v in head]
        return f"{status} {len(self.body)} [{text}] {' '.join(fields)} trailers {' '.join(trailers)}"


class Http(H3Connection):
    """Knows what was asked for: aioquic takes HEAD's answer, a length without a body, for malformed."""

    def __init__(self, quic):
        super().__init__(quic)
        self.bodiless = set()

    def _check_content_length(self, stream):
        if stream.stream_id not in self.bodiless:
            super()._check_content_length(stream)


class Client(QuicConnectionProtocol):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.http = Http(self._quic)
        self.answers = {}

    def ask(self, authority, method, path, size):
        stream = self._quic.get_next_available_stream_id()
        answer = self.answers[stream] = Answer()
        if method == "HEAD":
            self.http.bodiless.add(stream)
        fields = [(":method", method), (":scheme", "https"), (":authority", authority), (":path", path)]
        if size:
            fields.append(("content-length", str(size)))
        self.http.send_headers(stream, [(n.encode(), v.encode()) for n, v in fields], end_stream=not size)
        if size:
            self.http.send_data(stream, b"x" * size, end_stream=True)
        return answer

    def quic_event_received(self, event):
        if isinstance(event, ConnectionTerminated):
            for answer in self.answers.values():
                if not answer.whole.done():
                    answer.whole.set_exception(ConnectionError(f"closed: {event.error_code} {event.reason_phrase}"))
            return
        for got in self.http.handle_event(event):
            answer = self.answers.get(got.stream_id) if hasattr(got, "stream_id") else None
            if answer is None:
                continue
            if isinstance(got, HeadersReceived):
                answer.heads.append(got.headers)
            elif isinstance(got, DataReceived):
                answer.body += got.data
            if got.stream_ended and not answer.whole.done():
                answer.whole.set_result(None)


async def main(host, port, requests):
    configuration = QuicConfiguration(alpn_protocols=H3_ALPN, verify_mode=ssl.CERT_NONE)
    async with connect(host, port, configuration=configuration, create_protocol=Client) as client:
        answers = [client.ask(f"{host}:{port}", m, p, int(s)) for m, p, s in requests]
        client.transmit()
        await asyncio.wait_for(asyncio.gather(*(a.whole for a in answers)), DEADLINE)
        for answer in answers:
            print(answer.line())


asyncio.run(main(sys.argv[1], int(sys.argv[2]), [r.split(":") for r in sys.argv[3:]]))
