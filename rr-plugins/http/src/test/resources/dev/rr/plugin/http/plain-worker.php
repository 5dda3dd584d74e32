<?php

// A worker without a package that does what the path says, for tests of what is left behind.
// /exit | /hang | /error | /move | /stream | /large | /hints; anything else echoes the body.

declare(strict_types=1);

require __DIR__ . '/goridge.php';

/** Streams chunks and looks, as the packages do, at every fifth whether it is to stop. */
function stream(int $count, string $chunk): void
{
    $context = '{"status":200,"headers":{}}';
    for ($i = 1; $i <= $count; $i++) {
        $ping = $i % 5 === 0 ? PING : 0;
        give(JSON, $context, $chunk, STREAM | $ping);
        $context = '';
        if ($ping) {
            [, $bits] = next_frame();
            if ($bits & STOP) {
                break;
            }
        }
    }
    give(JSON, '', '');
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
    [$context, $body] = receive();
    $request = json_decode($context, true, 512, JSON_THROW_ON_ERROR);
    $ok = '{"status":200,"headers":{}}';
    switch (parse_url($request['uri'], PHP_URL_PATH)) {
        case '/exit':
            exit(1);
        case '/hang':
            sleep(3600);
            break;
        case '/error':
            give(ERROR, '', 'the application failed');
            break;
        case '/move':
            move($request['uploads']);
            give(JSON, $ok, 'moved');
            break;
        case '/stream':
            stream(200, str_repeat('s', 20000));
            break;
        case '/large':
            give(JSON, $ok, str_repeat('l', 3000000));
            break;
        case '/hints':
            give(JSON, '{"status":103,"headers":{"Link":["</a.css>"]}}', '', STREAM);
            give(JSON, $ok, 'hinted');
            break;
        case '/files':
            give(JSON, $ok, json_encode($request['uploads']));
            break;
        default:
            give(JSON, $ok, $body);
    }
}
