<?php

// A worker for tests of gRPC: needs no package. The message says what to do:
// upper TEXT | context | error CODE TEXT | soft TEXT | old CODE TEXT | meta | empty | pid | hold FILE | big BYTES | die | stream

declare(strict_types=1);

require __DIR__ . '/goridge.php';

function status(int $code, string $message): string
{
    $any = "\x0a\x09t/Details\x12\x03\x08\xff\x01";
    return base64_encode("\x08" . chr($code) . "\x12" . chr(strlen($message)) . $message . "\x1a" . chr(strlen($any)) . $any);
}

while (true) {
    [$context, $body] = receive();
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
        case 'hold':
            // Answers once there is that file.
            while (!file_exists($rest)) {
                usleep(2000);
                clearstatcache();
            }
            give(0, '{}', 'held');
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
