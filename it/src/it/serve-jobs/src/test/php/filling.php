<?php

// Pushes much, over one connection. Prints how many jobs were accepted, and what the server said to the first that was
// not. Arguments: rpc-client.php, the server's address, a pipeline, and then
//   until MOST LENGTH    one job after the other, each with a payload of so many bytes
//   delayed COUNT        jobs that are due in an hour, by the thousand
//   batch COUNT LENGTH   all in one call
//   one NAME PAYLOAD     one job

declare(strict_types=1);

ini_set('display_errors', 'stderr');
ini_set('memory_limit', '-1');
require $argv[1];

function varint(int $number): string
{
    for ($bytes = ''; $number > 127; $number >>= 7) {
        $bytes .= chr($number & 127 | 128);
    }
    return $bytes . chr($number);
}

function field(int $number, string $bytes): string
{
    return varint($number << 3 | 2) . varint(strlen($bytes)) . $bytes;
}

function job(string $name, string $id, string $payload, int $delay): string
{
    global $argv;
    $options = field(2, $argv[3]) . varint(3 << 3) . varint($delay);
    return field(1, field(1, $name) . field(2, $id) . field(3, $payload) . field(5, $options));
}

$rpc = new RpcClient($argv[2], 60.0);
$accepted = 0;
$push = function (string ...$jobs) use ($rpc, &$accepted): void {
    $rpc->call(count($jobs) === 1 ? 'jobs.Push' : 'jobs.PushBatch', implode('', $jobs), RpcClient::PROTO);
    $accepted += count($jobs);
};
try {
    switch ($argv[4]) {
        case 'until':
            while ($accepted < (int) $argv[5]) {
                $push(job('ack', "filling-$accepted", str_repeat('x', (int) $argv[6]), 0));
            }
            break;
        case 'delayed':
            while ($accepted < (int) $argv[5]) {
                $push(...array_map(fn(int $n) => job('ack', "delayed-$accepted-$n", 'x', 3600), range(1, 1000)));
            }
            break;
        case 'batch':
            $push(...array_map(
                fn(int $n) => job('ack', "batch-$n", str_repeat('x', (int) $argv[6]), 0),
                range(1, (int) $argv[5]),
            ));
            break;
        case 'one':
            $push(job($argv[5], 'one', $argv[6], 0));
            break;
    }
    echo $accepted, "\n";
} catch (RpcError $e) {
    echo $accepted, ' ', strtr($e->getMessage(), ["\n\t" => ' ']), "\n";
}
