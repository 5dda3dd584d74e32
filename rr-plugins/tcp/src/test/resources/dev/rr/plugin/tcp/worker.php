<?php

// A worker of tcp without a package, for tests. What a packet says is done: tag | pid | bye | close | nonsense | silent |
// error | crash | hang | big BYTES | stream; anything else is written back. Each event is a line of the file events.log.

declare(strict_types=1);

require __DIR__ . '/goridge.php';

function answer(string $word, string $body = '', int $stream = 0): void
{
    give(0, $word, $body, $stream);
}

while (true) {
    [$context, $body, $flags] = receive();
    $context = json_decode($context, true, 512, JSON_THROW_ON_ERROR);
    $line = [$context['event'], $context['server'], $context['uuid'], strlen($body), $flags];
    file_put_contents('events.log', implode(' ', $line) . "\n", FILE_APPEND);
    if ($context['event'] !== 'DATA') {
        answer('CONTINUE');
        continue;
    }
    $words = explode(' ', trim($body));
    match ($words[0]) {
        'tag' => answer('WRITE', "{$context['remote_addr']} {$context['server']} {$context['uuid']}\r\n"),
        'pid' => answer('WRITE', getmypid() . "\r\n"),
        'mode' => answer('WRITE', getenv('RR_MODE') . "\r\n"),
        'bye' => answer('WRITECLOSE', "bye\r\n"),
        'close' => answer('CLOSE'),
        'nonsense' => answer('NONSENSE', 'not for the client'),
        'silent' => answer('CONTINUE', 'not for the client'),
        'error' => give(ERROR, '', 'an error of the application', 0, false),
        'crash' => exit(1),
        'hang' => sleep(3600),
        'big' => answer('WRITE', str_repeat('x', (int) $words[1]) . "\r\n"),
        'stream' => [answer('WRITE', 'first', STREAM), answer('WRITE', 'second')],
        default => answer('WRITE', $body),
    };
}
