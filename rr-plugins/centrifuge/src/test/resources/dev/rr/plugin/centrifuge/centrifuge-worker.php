<?php

// A worker for tests of centrifuge: speaks goridge and protobuf by hand, needs no package. It answers whatever it is asked with
// a result of two texts: in field 1 the type of the call, in field 5 what it was told. Data in field 10 says otherwise:
// soft | stream | die | pid | slow MS

declare(strict_types=1);

const CONTROL = 0x01;
const ERROR = 0x40;
const PROTO = 0x80;

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

function varint(int $number): string
{
    $bytes = '';
    for (; $number > 127; $number >>= 7) {
        $bytes .= chr($number & 127 | 128);
    }
    return $bytes . chr($number);
}

function field(int $number, string $content): string
{
    return varint($number << 3 | 2) . varint(strlen($content)) . $content;
}

/** What a field has that comes first and is short. */
function data(string $body): string
{
    return $body !== '' && ord($body[0]) === (10 << 3 | 2) ? substr($body, 2, ord($body[1])) : '';
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
    $told = substr($payload, 0, $options[0]);
    $body = substr($payload, $options[0]);
    $type = json_decode($told, true)['type'][0];
    if (!(ord($head[1]) & PROTO)) {
        $type = 'no protobuf';
    }
    [$word, $rest] = explode(' ', data($body), 2) + [1 => ''];
    switch ($word) {
        case 'soft':
            give(ERROR, '', 'no such user');
            break;
        case 'stream':
            give(PROTO, '', field(1, ''), 1);
            give(PROTO, '', '');
            break;
        case 'die':
            exit(1);
        case 'pid':
            give(PROTO, '', field(1, field(1, (string) getmypid())));
            break;
        case 'slow':
            usleep((int) $rest * 1000);
            // What was slept is answered as all else.
        default:
            give(PROTO, '', field(1, field(1, $type) . field(5, json_encode(['told' => json_decode($told)]))));
    }
}
