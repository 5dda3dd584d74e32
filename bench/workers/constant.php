<?php

// Answers every request with one constant frame, so that a measurement shows the server and little PHP.
// Speaks what it is spoken to: JSON or protobuf.

declare(strict_types=1);

function frame(int $flags, string $payload, int ...$options): string
{
    $head = pack('CCV', 0x10 | 3 + count($options), $flags, strlen($payload));
    return $head . pack('VCC', crc32($head), 0, 0) . pack('V*', ...$options) . $payload;
}

function answer(int $codec, string $context): string
{
    return frame($codec, $context . 'Hello, world!', strlen($context));
}

$json = answer(0x08, '{"status":200,"headers":{"Content-Type":["text/plain"]}}');
// Response{status: 200, headers: {"Content-Type": HeaderValue{"text/plain"}}}
$proto = answer(0x80, "\x08\xC8\x01\x12\x1C\x0A\x0CContent-Type\x12\x0C\x0A\x0Atext/plain");

$in = STDIN;
$out = STDOUT;
stream_set_write_buffer($out, 0);
stream_set_read_buffer($in, 65536);
while (true) {
    $header = fread($in, 12);
    if ($header === false || strlen($header) < 12) {
        exit;
    }
    $flags = ord($header[1]);
    $rest = unpack('V', $header, 2)[1] + ((ord($header[0]) & 15) - 3) * 4;
    $payload = '';
    while (strlen($payload) < $rest) {
        $more = fread($in, $rest - strlen($payload));
        if ($more === false || $more === '') {
            exit;
        }
        $payload .= $more;
    }
    if ($flags & 1) {
        if (str_contains($payload, 'stop')) {
            exit;
        }
        fwrite($out, frame(1, '{"pid":' . getmypid() . '}'));
    } else {
        fwrite($out, $flags & 0x80 ? $proto : $json);
    }
}
