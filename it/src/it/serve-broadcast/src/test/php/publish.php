<?php

// Publishes a payload to topics. Arguments: rpc-client.php, the server's address, the method, the payload, topics.

declare(strict_types=1);

require $argv[1];

function varint(int $value): string
{
    for ($bytes = ''; $value > 127; $value >>= 7) {
        $bytes .= chr($value & 127 | 128);
    }
    return $bytes . chr($value);
}

function field(int $number, string $value): string
{
    return varint($number << 3 | 2) . varint(strlen($value)) . $value;
}

$message = '';
foreach (array_slice($argv, 5) as $topic) {
    $message .= field(2, $topic);
}
$message .= field(3, $argv[4]);
$answer = (new RpcClient($argv[2], 20.0))->call($argv[3], field(1, $message), RpcClient::PROTO);
echo bin2hex((string) $answer);
