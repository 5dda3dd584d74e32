<?php

// Answers every request with one constant frame, so that a measurement shows the server and little PHP.

declare(strict_types=1);

require __DIR__ . '/frames.php';

$answers = [];
foreach ([JSON, PROTO] as $codec) {
    $answers[$codec] = answer($codec, 'text/plain', 'Hello, world!');
}
while (true) {
    fwrite(STDOUT, $answers[request()[0]]);
}
