<?php

// Pushes jobs until it is ended, also when the server has gone and come back. Prints the id of each that was accepted,
// one a line. Arguments: rpc-client.php, the server's address, a pipeline, what ids begin with.

declare(strict_types=1);

ini_set('display_errors', 'stderr');
require $argv[1];

function job(string $id): array
{
    global $argv;
    return ['job' => 'ack', 'id' => $id, 'headers' => ['h' => ['value' => [$id]]], 'options' => ['pipeline' => $argv[3]]];
}

$rpc = null;
for ($n = 0;; $n++) {
    $ids = $n % 4 ? ["$argv[4]-$n"] : ["$argv[4]-$n-a", "$argv[4]-$n-b", "$argv[4]-$n-c"];
    try {
        $rpc ??= new RpcClient($argv[2], 10.0);
        count($ids) === 1
            ? $rpc->call('jobs.Push', ['job' => job($ids[0])])
            : $rpc->call('jobs.PushBatch', ['jobs' => array_map(job(...), $ids)]);
        echo implode("\n", $ids), "\n";
    } catch (RuntimeException $e) {
        $rpc = null;
        usleep(20_000);
    }
    usleep(1_000);
}
