<?php

// A worker for tests of centrifuge: speaks protobuf by hand, needs no package. It answers whatever it is asked with
// a result of two texts: in field 1 the type of the call, in field 5 what it was told. Data in field 10 says otherwise:
// soft | stream | die | pid | slow MS

declare(strict_types=1);

require __DIR__ . '/goridge.php';

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
    [$told, $body, $flags] = receive();
    $type = json_decode($told, true)['type'][0];
    if (!($flags & PROTO)) {
        $type = 'no protobuf';
    }
    [$word, $rest] = explode(' ', data($body), 2) + [1 => ''];
    switch ($word) {
        case 'soft':
            give(ERROR, '', 'no such user');
            break;
        case 'stream':
            give(PROTO, '', field(1, ''), STREAM);
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
