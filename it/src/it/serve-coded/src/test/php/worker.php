<?php

// The sample's worker with answers that are worth compressing, and one that comes piece by piece.

declare(strict_types=1);

const CONTROL = 0x01;
const JSON = 0x08;
const STOP = 0x02;

/** Reads exactly $length bytes, or returns null once the server has gone. */
function take(int $length): ?string
{
    $bytes = '';
    while (strlen($bytes) < $length) {
        $more = fread(STDIN, $length - strlen($bytes));
        if ($more === false || $more === '') {
            return null;
        }
        $bytes .= $more;
    }
    return $bytes;
}

/** Writes a frame; $stream is 1 when more of the same answer follows. */
function give(int $flags, string $payload, int $stream, int ...$options): void
{
    $head = pack('CCV', 0x10 | 3 + count($options), $flags, strlen($payload));
    fwrite(STDOUT, $head . pack('VCC', crc32($head), $stream, 0) . pack('V*', ...$options) . $payload);
    fflush(STDOUT);
}

/** Lines that look like JSON and hardly repeat. */
function lines(int $bytes, int $seed = 7): string
{
    mt_srand($seed);
    $text = '';
    while (strlen($text) < $bytes) {
        $text .= json_encode(['id' => mt_rand(), 'name' => 'user' . mt_rand(1, 999), 'price' => mt_rand(1, 9999) / 100]) . "\n";
    }
    return substr($text, 0, $bytes);
}

/** Writes an answer's frames. */
function answer(array $request): void
{
    $path = parse_url($request['uri'], PHP_URL_PATH);
    parse_str((string) parse_url($request['uri'], PHP_URL_QUERY), $query);
    $headers = ['Content-Type' => ['application/json'], 'ETag' => ['"v1"']];
    $status = 200;
    $pieces = [''];
    switch ($path) {
        case '/lines':
            $pieces = [lines((int) $query['bytes'])];
            break;
        case '/opted-out':
            $headers['No-Gzip-Compression'] = ['1'];
            $pieces = [lines(5000)];
            break;
        case '/status':
            $status = (int) $query['code'];
            break;
        case '/file':
            $headers['X-Sendfile'] = [$query['name']];
            break;
        case '/long':
            $pieces = array_map(fn (int $seed): string => lines(60_000, $seed), range(1, 40));
            break;
        case '/held':
            $context = json_encode(['status' => 200, 'headers' => $headers]);
            give(JSON, $context . "first\n", 1, strlen($context));
            while (!file_exists('release')) {
                clearstatcache();
                usleep(5000);
            }
            give(JSON, "second\n", 0, 0);
            return;
    }
    $context = json_encode(['status' => $status, 'headers' => $headers]);
    foreach ($pieces as $i => $piece) {
        // Slow enough for a client to leave in the middle.
        usleep(count($pieces) > 1 ? 5000 : 0);
        $more = $i + 1 < count($pieces) ? 1 : 0;
        give(JSON, $i === 0 ? $context . $piece : $piece, $more, $i === 0 ? strlen($context) : 0);
    }
}

while (($header = take(12)) !== null) {
    ['words' => $words, 'flags' => $flags, 'length' => $length, 'stream' => $stream] =
        unpack('Cwords/Cflags/Vlength/Vsum/Cstream', $header);
    $options = ($words & 0x0F) > 3 ? array_values(unpack('V*', take((($words & 0x0F) - 3) * 4) ?? exit)) : [0];
    $payload = take($length) ?? exit;
    if ($stream & STOP) {
        // The client left, and the answer was complete before this was read.
        continue;
    }
    if ($flags & CONTROL) {
        if (isset(json_decode($payload, true)['stop'])) {
            exit;
        }
        give(CONTROL, json_encode(['pid' => getmypid()]), 0);
        continue;
    }
    $request = json_decode(substr($payload, 0, $options[0]), true, 512, JSON_THROW_ON_ERROR);
    answer($request);
}
