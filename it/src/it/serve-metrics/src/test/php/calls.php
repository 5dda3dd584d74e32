<?php

// Calls every method of metrics with the tests' own client. Arguments: rpc-client.php, the server's address.

declare(strict_types=1);

require $argv[1];

$rpc = new RpcClient($argv[2]);

function call(string $method, mixed $argument): void
{
    global $rpc;
    try {
        $answer = json_encode($rpc->call("metrics.$method", $argument));
    } catch (RpcError $e) {
        $answer = '! ' . $e->getMessage();
    }
    echo "$method $answer\n";
}

function metric(string $name, float $value, string ...$labels): array
{
    return ['name' => $name, 'value' => $value, 'labels' => $labels];
}

$collector = ['namespace' => '', 'subsystem' => '', 'help' => 'from PHP', 'labels' => [], 'buckets' => []];
$labels = ['labels' => ['type', 'section']];
call('Declare', ['name' => 'php_counter', 'collector' => ['type' => 'counter'] + $labels + $collector]);
call('Declare', ['name' => 'php_gauge', 'collector' => ['type' => 'gauge'] + $collector]);
call('Declare', ['name' => 'php_hist', 'collector' => ['type' => 'histogram', 'buckets' => [0.1, 0.2, 0.5]] + $collector]);
call('Declare', ['name' => 'php_sum', 'collector' => ['type' => 'summary', 'objectives' => ['0.5' => 0.05]] + $collector]);
call('Declare', ['name' => 'php_gauge', 'collector' => ['type' => 'counter'] + $collector]);
call('Add', metric('php_counter', 100, 'type2', 'section2'));
call('Add', metric('php_counter', 1, 'type2'));
call('Set', metric('php_gauge', 7.5));
call('Sub', metric('php_gauge', 0.5));
call('Add', metric('php_hist', 1));
call('Observe', metric('php_hist', 0.2));
call('Observe', metric('php_sum', 3));
call('Add', metric('nope', 1));
call('Unregister', 'php_gauge');
call('Unregister', 'php_gauge');
