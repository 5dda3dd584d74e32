<?php

// A worker of tcp without a package, for tests. What a packet says is done: tag | pid | bye | close | nonsense | silent |
// error | crash | hang | big BYTES | stream; anything else is written back. Each event is a line of the file events.log.

declare(strict_types=1);

const CONTROL = 0x01;
const ERROR = 0x40;

function take(int $length): string
{
    $bytes = '';
    while (strlen($bytes) < $length) {
        $more = fread(STDIN, $length - strlen($bytes));
        if ($more === false || $more === '') {
            exit(7);
        }
        $bytes .= $more;
    }
    return $bytes;
}

function give(int $flags, string $payload, ?int $option = null, int $stream = 0): void
{
    $head = pack('CCV', 0x10 | ($option === null ? 3 : 4), $flags, strlen($payload));
    fwrite(STDOUT, $head . pack('VCC', crc32($head), $stream, 0) . ($option === null ? '' : pack('V', $option)) . $payload);
}

function answer(string $word, string $body = '', int $stream = 0): void
{
    give(0, $word . $body, strlen($word), $stream);
}

while (true) {
    $head = take(12);
    $options = take(4 * ((ord($head[0]) & 15) - 3));
    $payload = take(unpack('V', $head, 2)[1]);
    if (ord($head[1]) & CONTROL) {
        if (str_contains($payload, 'stop')) {
            exit(0);
        }
        give(CONTROL, '{"pid":' . getmypid() . '}');
        continue;
    }
    $length = unpack('V', $options)[1];
    $context = json_decode(substr($payload, 0, $length), true, 512, JSON_THROW_ON_ERROR);
    $body = substr($payload, $length);
    $line = [$context['event'], $context['server'], $context['uuid'], strlen($body), ord($head[1])];
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
        'error' => give(ERROR, 'an error of the application'),
        'crash' => exit(1),
        'hang' => sleep(3600),
        'big' => answer('WRITE', str_repeat('x', (int) $words[1]) . "\r\n"),
        'stream' => [answer('WRITE', 'first', 1), answer('WRITE', 'second')],
        default => answer('WRITE', $body),
    };
}
