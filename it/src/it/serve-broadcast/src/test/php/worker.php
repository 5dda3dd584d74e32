<?php

// Serves requests, and says who may connect and join: nobody with the token "bad", nobody to topics that begin with "secret".

declare(strict_types=1);

const CONTROL = 0x01;
const JSON = 0x08;

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

function give(int $flags, string $payload, int ...$options): void
{
    $head = pack('CCV', 0x10 | 3 + count($options), $flags, strlen($payload));
    fwrite(STDOUT, $head . pack('VCC', crc32($head), 0, 0) . pack('V*', ...$options) . $payload);
    fflush(STDOUT);
}

/** Status, headers, body. */
function answer(array $request): array
{
    $asked = $request['attributes'] ?? [];
    parse_str($request['rawQuery'] ?? '', $query);
    if (isset($asked['ws:joinServer'])) {
        $bad = ($query['token'] ?? '') === 'bad';
        return $bad ? [401, ['stop' => ['we-dont-like-you']], 'go away'] : [200, [], ''];
    }
    if (isset($asked['ws:joinTopics'])) {
        foreach (explode(',', $asked['ws:joinTopics']) as $topic) {
            if (str_starts_with($topic, 'secret')) {
                return [403, [], ''];
            }
        }
        return [200, [], ''];
    }
    if (str_ends_with($request['uri'], '/page')) {
        return [200, ['Content-Type' => ['text/html']], file_get_contents(__DIR__ . '/page.html')];
    }
    return [200, ['Content-Type' => ['text/plain']], 'page ' . getmypid()];
}

while (($header = take(12)) !== null) {
    ['words' => $words, 'flags' => $flags, 'length' => $length] = unpack('Cwords/Cflags/Vlength', $header);
    $options = ($words & 0x0F) > 3 ? array_values(unpack('V*', take((($words & 0x0F) - 3) * 4) ?? exit)) : [0];
    $payload = take($length) ?? exit;
    if ($flags & CONTROL) {
        if (isset(json_decode($payload, true)['stop'])) {
            exit;
        }
        give(CONTROL, json_encode(['pid' => getmypid()]));
        continue;
    }
    [$status, $headers, $text] = answer(json_decode(substr($payload, 0, $options[0]), true, 512, JSON_THROW_ON_ERROR));
    $context = json_encode(['status' => $status, 'headers' => (object) $headers]);
    give(JSON, $context . $text, strlen($context));
}
