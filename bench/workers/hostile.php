<?php

// What bench/attack asks for, by the path: /large 20 MB and /medium 60 KB in one frame, /vary an answer that is kept for
// each value of a header. Everything else is greeted.

declare(strict_types=1);

require __DIR__ . '/frames.php';

$answers = [];
foreach ([JSON, PROTO] as $codec) {
    $answers[$codec] = [
        'large' => answer($codec, 'application/octet-stream', str_repeat('.', 20 << 20)),
        'medium' => answer($codec, 'application/octet-stream', str_repeat('.', 60_000)),
        '' => answer($codec, 'text/plain', 'Hello, world!'),
    ];
}
$context = '{"status":200,"headers":{"Cache-Control":["max-age=60"],"Vary":["X-Vary"]}}';
$answers[JSON]['vary'] = frame(JSON, 0, $context . 'varies', strlen($context));
while (true) {
    [$codec, $options, $payload] = request();
    preg_match('#://[^/]*/([a-z]*)#', substr($payload, $options, 512), $path);
    fwrite(STDOUT, $answers[$codec][$path[1] ?? ''] ?? $answers[$codec]['']);
}
