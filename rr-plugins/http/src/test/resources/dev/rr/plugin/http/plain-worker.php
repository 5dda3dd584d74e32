<?php

// A worker without a package that does what the path says, for tests of what is left behind.
// /exit | /hang | /error | /move | /stream | /large | /hints; anything else echoes the body.

declare(strict_types=1);

const CONTROL = 0x01;
const JSON = 0x08;
const ERROR = 0x40;
const STREAM = 0x01;
const STOP = 0x02;
const PING = 0x04;

function take(int $length): string
{
    $bytes = '';
    while (strlen($bytes) < $length) {
        $more = fread(STDIN, $length - strlen($bytes));
        if ($more === false || $more === '') {
            exit;
        }
        $bytes .= $more;
    }
    return $bytes;
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

function give(int $flags, int $stream, string $context, string $body): void
{
    $head = pack('CCV', 0x14, $flags, strlen($context) + strlen($body));
    fwrite(STDOUT, $head . pack('VCC', crc32($head), $stream, 0) . pack('V', strlen($context)) . $context . $body);
    fflush(STDOUT);
}

/** Streams chunks and looks, as the packages do, at every fifth whether it is to stop. */
function stream(int $count, string $chunk): void
{
    $context = '{"status":200,"headers":{}}';
    for ($i = 1; $i <= $count; $i++) {
        $ping = $i % 5 === 0 ? PING : 0;
        give(JSON, STREAM | $ping, $context, $chunk);
        $context = '';
        if ($ping) {
            [, $bits] = next_frame();
            if ($bits & STOP) {
                break;
            }
        }
    }
    give(JSON, 0, '', '');
}

/** Moves every uploaded file away, as an application does. */
function move(?array $tree): void
{
    foreach ($tree ?? [] as $node) {
        if (isset($node['tmpName'])) {
            rename($node['tmpName'], getcwd() . '/moved-' . $node['name']);
        } else {
            move($node);
        }
    }
}

while (true) {
    [$flags, , $context, $body] = next_frame();
    if ($flags & CONTROL) {
        $message = json_decode($context . $body, true);
        if (isset($message['stop'])) {
            exit;
        }
        give(CONTROL, 0, '', json_encode(['pid' => getmypid()]));
        continue;
    }
    $request = json_decode($context, true, 512, JSON_THROW_ON_ERROR);
    $ok = '{"status":200,"headers":{}}';
    switch (parse_url($request['uri'], PHP_URL_PATH)) {
        case '/exit':
            exit(1);
        case '/hang':
            sleep(3600);
            break;
        case '/error':
            give(ERROR, 0, '', 'the application failed');
            break;
        case '/move':
            move($request['uploads']);
            give(JSON, 0, $ok, 'moved');
            break;
        case '/stream':
            stream(200, str_repeat('s', 20000));
            break;
        case '/large':
            give(JSON, 0, $ok, str_repeat('l', 3000000));
            break;
        case '/hints':
            give(JSON, STREAM, '{"status":103,"headers":{"Link":["</a.css>"]}}', '');
            give(JSON, 0, $ok, 'hinted');
            break;
        case '/files':
            give(JSON, 0, $ok, json_encode($request['uploads']));
            break;
        default:
            give(JSON, 0, $ok, $body);
    }
}
