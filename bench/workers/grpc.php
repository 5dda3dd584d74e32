<?php

// Answers every call of gRPC with the message it came with.

declare(strict_types=1);

require __DIR__ . '/frames.php';

while (true) {
    [, $options, $payload] = request();
    $context = unpack('V', $payload)[1];
    fwrite(STDOUT, frame(0, 0, '{}' . substr($payload, $options + $context), 2));
}
