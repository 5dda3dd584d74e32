<?php

// A worker of tcp that writes each packet back, as spiral/roadrunner-tcp does, without a package.

declare(strict_types=1);

require __DIR__ . '/frames.php';

while (true) {
    [, $options, $payload] = request();
    $body = substr($payload, $options + unpack('V', $payload)[1]);
    // Only a packet has a body.
    $word = $body === '' ? 'CONTINUE' : 'WRITE';
    fwrite(STDOUT, frame(0, 0, $word . $body, strlen($word)));
}
