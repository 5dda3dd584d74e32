<?php

// What workers of tests share: goridge by hand, so that they need no package.

declare(strict_types=1);

const CONTROL = 0x01;
const JSON = 0x08;
const ERROR = 0x40;
const PROTO = 0x80;
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

/** Reads a frame: flags, stream bits, context, body. */
function next_frame(): array
{
    $head = take(12);
    $words = ord($head[0]) & 15;
    $options = $words > 3 ? array_values(unpack('V*', take(4 * ($words - 3)))) : [0];
    $payload = take(unpack('V', $head, 2)[1]);
    return [ord($head[1]), ord($head[10]), substr($payload, 0, $options[0]), substr($payload, $options[0])];
}

/** The next payload: context, body, flags; what is said to the worker itself is answered meanwhile. */
function receive(): array
{
    while (true) {
        [$flags, $bits, $context, $body] = next_frame();
        if ($flags & CONTROL) {
            if (str_contains($context . $body, 'stop')) {
                exit(0);
            }
            give(CONTROL, '', '{"pid":' . getmypid() . '}', 0, false);
        } elseif (($bits & (STOP | PONG)) === 0) {
            return [$context, $body, $flags];
        }
        // The others belong to a stream that nobody wants any more.
    }
}
