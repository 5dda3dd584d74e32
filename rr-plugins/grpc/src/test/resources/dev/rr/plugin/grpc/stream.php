<?php

// What workers say that stream.

declare(strict_types=1);

require __DIR__ . '/goridge.php';

/** A message of a stream. */
function send(string $body, string $context = ''): void
{
    give(0, $context, $body, STREAM);
}

/** Asks for the client's next message: what there is, and the message. */
function next_message(int $milliseconds = 60000): array
{
    give(0, '{"next":"' . $milliseconds . '"}', '', STREAM);
    [$context, $body] = receive();
    return [json_decode($context, true)['next'], $body];
}
