<?php

// A whole worker without a package: frames come in on stdin and go out on stdout. An application takes
// spiral/roadrunner-http instead and gets PSR-7 requests. Never print: stdout belongs to the frames.

declare(strict_types=1);

const CONTROL = 0x01;
const JSON = 0x08;

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

/** Writes a frame: version and header length, flags, payload length, checksum of those, options, payload. */
function give(int $flags, string $payload, int ...$options): void
{
    $head = pack('CCV', 0x10 | 3 + count($options), $flags, strlen($payload));
    fwrite(STDOUT, $head . pack('VCC', crc32($head), 0, 0) . pack('V*', ...$options) . $payload);
    fflush(STDOUT);
}

/** The application: a request in, [status, headers, body] out. */
function answer(array $request, string $body): array
{
    static $served = 0;
    $text = sprintf("Hello from PHP %s: %s %s\n", PHP_VERSION, $request['method'], $request['uri']);
    if ($body !== '') {
        $text .= sprintf("You sent %d bytes.\n", strlen($body));
    }
    $headers = ['Content-Type' => ['text/plain; charset=utf-8'], 'X-Served-By' => [getmypid() . '#' . ++$served]];
    return [200, $headers, $text];
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
    $request = json_decode(substr($payload, 0, $options[0]), true, 512, JSON_THROW_ON_ERROR);
    [$status, $headers, $text] = answer($request, substr($payload, $options[0]));
    $context = json_encode(['status' => $status, 'headers' => $headers]);
    give(JSON, $context . $text, strlen($context));
}
