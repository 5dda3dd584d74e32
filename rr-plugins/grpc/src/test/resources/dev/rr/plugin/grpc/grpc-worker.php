<?php

// A worker for tests of gRPC: speaks goridge by hand, needs no package. The message says what to do:
// upper TEXT | context | error CODE TEXT | soft TEXT | old CODE TEXT | meta | empty | pid | slow MS | big BYTES | die | stream

declare(strict_types=1);

const CONTROL = 0x01;
const ERROR = 0x40;

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

function status(int $code, string $message): string
{
    $any = "\x0a\x09t/Details\x12\x03\x08\xff\x01";
    return base64_encode("\x08" . chr($code) . "\x12" . chr(strlen($message)) . $message . "\x1a" . chr(strlen($any)) . $any);
}

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
        continue;
    }
    // A stream that nobody wants any more: STOP, PONG.
    if (ord($head[10]) & 0x0a) {
        continue;
    }
    $context = substr($payload, 0, $options[0]);
    $body = substr($payload, $options[0]);
    [$word, $rest] = explode(' ', $body, 2) + [1 => ''];
    [$code, $text] = explode(' ', $rest, 2) + [1 => ''];
    switch ($word) {
        case 'upper':
            give(0, '{}', strtoupper($rest));
            break;
        case 'context':
            give(0, '{}', $context);
            break;
        case 'error':
            give(0, json_encode(['error' => status((int) $code, $text)]), '');
            break;
        case 'soft':
            give(ERROR, '', $rest);
            break;
        case 'old':
            give(ERROR, '', "$code|:|$text|:|\x0a\x09t/Details\x12\x03\x08\xff\x01");
            break;
        case 'meta':
            give(0, json_encode([
                'headers' => json_encode(['X-Head' => 'h', 'x-raw-bin' => 'ä']),
                'trailers' => json_encode(['x-trail' => 't']),
            ]), 'm');
            break;
        case 'empty':
            give(0, '', '');
            break;
        case 'pid':
            give(0, '{}', (string) getmypid());
            break;
        case 'slow':
            usleep((int) $rest * 1000);
            give(0, '{}', 'slept');
            break;
        case 'big':
            give(0, '{}', str_repeat('x', (int) $rest));
            break;
        case 'die':
            exit(1);
        case 'stream':
            give(0, '{}', 'one', 1);
            give(0, '', 'end');
            break;
        default:
            give(0, '{}', $body);
    }
}
