<?php

// Calls every method of jobs. Arguments: rpc-client.php, the server's address, a file, what to do. Prints one line a
// call.

declare(strict_types=1);

require $argv[1];

$rpc = new RpcClient($argv[2], 30.0);

function show(string $name, Closure $call): void
{
    try {
        $answer = $call();
        echo "$name = ", json_encode($answer), "\n";
    } catch (RpcError $e) {
        echo "$name ! ", strtr($e->getMessage(), ["\n\t" => ' ']), "\n";
    }
}

function job(string $name, string $pipeline = 'main', string $payload = 'hello', array $options = []): array
{
    return [
        'job' => $name,
        'id' => "id-$name",
        'payload' => base64_encode($payload),
        'headers' => ['h' => ['value' => ['1', '2']]],
        'options' => ['pipeline' => $pipeline] + $options,
    ];
}

$push = fn(array ...$jobs) => $rpc->call(
    count($jobs) === 1 ? 'jobs.Push' : 'jobs.PushBatch',
    count($jobs) === 1 ? ['job' => $jobs[0]] : ['jobs' => $jobs],
);
$on = fn(string $method, string ...$names) => $rpc->call("jobs.$method", ['pipelines' => $names]);
$none = fn(string $method) => bin2hex($rpc->call("jobs.$method", '', RpcClient::PROTO));

switch ($argv[3]) {
    case 'calls':
        show('list', fn() => $none('List'));
        show('push', fn() => bin2hex($rpc->call(
            'jobs.Push',
            hex2bin('0a1f') . "\x0a\x08complete\x12\x02id\x1a\x01x" . "\x2a\x0c\x08\x03\x12\x04main\x18\x00\x30\x00",
            RpcClient::PROTO,
        )));
        show('batch', fn() => $push(job('complete'), job('ack')));
        show('nowhere', fn() => $push(job('complete', 'nope')));
        show('without id', fn() => $push(['job' => 'x']));
        show('paused', fn() => $push(job('complete', 'paused'), job('late', 'paused', 'x', ['delay' => 3600])));
        show('stat', fn() => $rpc->call('jobs.Stat', new stdClass()));
        show('resume', fn() => $on('Resume', 'paused'));
        show('resume again', fn() => $on('Resume', 'paused'));
        show('pause', fn() => $on('Pause', 'paused'));
        show('pause again', fn() => $on('Pause', 'paused'));
        show('declare', fn() => $rpc->call('jobs.Declare', ['pipeline' => [
            'name' => 'declared', 'driver' => 'memory', 'priority' => 'high', 'prefetch' => '100',
        ]]));
        show('declare again', fn() => $rpc->call('jobs.Declare', ['pipeline' => ['name' => 'declared', 'driver' => 'memory']]));
        show('declare nothing', fn() => $rpc->call('jobs.Declare', ['pipeline' => ['name' => 'x']]));
        show('list', fn() => $rpc->call('jobs.List', new stdClass()));
        show('destroy', fn() => $on('Destroy', 'declared'));
        show('destroy again', fn() => $on('Destroy', 'declared'));
        break;
    case 'push':
        foreach (array_slice($argv, 4) as $word) {
            [$name, $payload] = explode(':', $word) + [1 => 'hello'];
            $push(job($name, 'main', $payload));
        }
        break;
}
