<?php

// A worker that answers while the client still sends. The first message says how:
// twice | tick MS | tell FILE | hold FILE | pid | die | early

declare(strict_types=1);

require __DIR__ . '/stream.php';

while (true) {
    [$context, $body] = receive();
    [$word, $rest] = explode(' ', $body, 2) + [1 => ''];
    switch ($word) {
        case 'twice':
            // Two answers to each message, and at the end how many there were.
            for ($count = 0; [$kind, $message] = next_message(), $kind === 'message'; $count++) {
                send("$message once");
                send("$message twice");
            }
            give(0, json_encode(['trailers' => json_encode(['x-end' => $kind, 'x-count' => "$count"])]), '');
            break;
        case 'hold':
            // Reads nothing until there is a file, then all of it.
            while (!file_exists($rest)) {
                usleep(2000);
                clearstatcache();
            }
            for ($bytes = 0; [$kind, $message] = next_message(), $kind === 'message';) {
                $bytes += strlen($message);
            }
            give(0, '{}', "$bytes");
            break;
        case 'tick':
            // Speaks by itself where the client says nothing.
            for (; [$kind, $message] = next_message((int) $rest), $kind === 'nothing';) {
                send('tick');
            }
            give(0, '', "$kind $message");
            break;
        case 'tell':
            // Has told what ended it, where the client cannot be.
            [$kind] = next_message();
            send('too late');
            [$again] = next_message();
            file_put_contents("$rest.part", "$kind $again");
            rename("$rest.part", $rest);
            give(0, '', '');
            break;
        case 'pid':
            send((string) getmypid());
            next_message();
            give(0, '', 'done');
            break;
        case 'die':
            next_message();
            exit(3);
        case 'early':
            // Wants no more.
            next_message();
            give(0, '', 'enough');
            break;
        default:
            give(0, '{}', $body === '' ? $context : $body);
    }
}
