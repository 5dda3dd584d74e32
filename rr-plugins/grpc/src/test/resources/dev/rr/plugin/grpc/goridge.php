<?php

// What the workers of these tests share: goridge by hand, so that they need no package.

declare(strict_types=1);

const CONTROL = 0x01;
const ERROR = 0x40;
const STREAM = 0x01;
const STOP = 0x02;
const PING = 0x04;
const PONG = 0x08;

function take(int $length): string
{
    $bytes = '';
    while (strlen($bytes) < $length) {
        $more = fread(STDIN, $length - strlen($bytes));
        if ($more === false || $more === '') {
            exit(0);
        }
        $bytes .= $more;
    }
    return $bytes;
}

function give(int $flags, string $context, string $body, int $stream = 0, bool $option = true): void
{
    $payload = $context . $body;
    $head = pack('CCV', 0x10 | ($option ? 4 : 3), $flags, strlen($payload));
    $frame = $head . pack('VCC', crc32($head), $stream, 0) . ($option ? pack('V', strlen($context)) : '') . $payload;
    for ($sent = 0; $sent < strlen($frame);) {
        $sent += fwrite(STDOUT, substr($frame, $sent, 65536)) ?: exit(8);
    }
}

/** The next payload, its context first; what is said to the worker itself is answered meanwhile. */
function receive(): array
{
    while (true) {
        $head = take(12);
        $words = ord($head[0]) & 15;
        $options = $words > 3 ? array_values(unpack('V*', take(4 * ($words - 3)))) : [];
        $payload = take(unpack('V', $head, 2)[1]);
        if (ord($head[1]) & CONTROL) {
            if (str_contains($payload, 'stop')) {
                exit(0);
            }
            give(CONTROL, '', '{"pid":' . getmypid() . '}', 0, false);
        } elseif ((ord($head[10]) & (STOP | PONG)) === 0) {
            return [substr($payload, 0, $options[0]), substr($payload, $options[0])];
        }
        // The others belong to a stream that nobody wants any more.
    }
}

/** A message of a stream. */
function send(string $body, string $context = ''): void
{
    give(0, $context, $body, STREAM);
}

/** Asks for the client's next message: what there is, and the message. */
function next_message(int $milliseconds = 60000): array
{
    give(0, '{"next":"' . $milliseconds . '"}', '', STREAM);
    [$context, $body] = receive();
    return [json_decode($context, true)['next'], $body];
}
