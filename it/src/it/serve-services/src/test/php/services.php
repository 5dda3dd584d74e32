<?php

// Calls every method of service.* and prints what comes back, numbers that differ from run to run left out.

declare(strict_types=1);

require getenv('RPC_CLIENT');

$rpc = new RpcClient($argv[1]);

function show(string $what, callable $call): void
{
    try {
        $text = json_encode($call(), JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES);
    } catch (RpcError $e) {
        $text = '! ' . $e->getMessage();
    }
    // Next to nothing is no field at all.
    $text = preg_replace('~"cpu_percent":[0-9.e-]+,?~', '', $text);
    echo $what, ' = ', preg_replace('~"(pid|memory_usage)":"?[0-9]+"?~', '"$1":#', $text), "\n";
}

$sleep = ['name' => 'Two', 'command' => 'sleep 300', 'process_num' => 2, 'timeout_stop_sec' => 3];
show('create', fn () => $rpc->call('service.Create', $sleep));
// A process has no memory while it is being started.
usleep(300_000);
show('twice', fn () => $rpc->call('service.Create', $sleep));
show('none', fn () => $rpc->call('service.Create', ['name' => 'x', 'command' => 'sleep 300']));
show('broken', fn () => $rpc->call('service.Create', ['name' => 'x', 'command' => '/no/such', 'process_num' => 1]));
show('list', fn () => $rpc->call('service.List', ['name' => '']));
show('statuses', fn () => $rpc->call('service.Statuses', ['name' => 'Two']));
show('status', fn () => $rpc->call('service.Status', ['name' => 'Two']));
show('restart', fn () => $rpc->call('service.Restart', ['name' => 'Two']));
show('protobuf list', fn () => bin2hex($rpc->call('service.List', '', RpcClient::PROTO)));
show('protobuf create', fn () => bin2hex($rpc->call('service.Create', "\x0a\x03one\x12\x05false\x18\x01", RpcClient::PROTO)));
usleep(300_000);
show('ended', fn () => array_keys($rpc->call('service.Statuses', ['name' => 'one'])['status'][0]['status'] ?? []));
show('terminate', fn () => $rpc->call('service.Terminate', ['name' => 'Two']));
show('terminate one', fn () => $rpc->call('service.Terminate', ['name' => 'one']));
show('unknown', fn () => $rpc->call('service.Status', ['name' => 'nope']));
show('workers', fn () => count($rpc->call('informer.Workers', 'service')['workers']));
show('add', fn () => $rpc->call('informer.AddWorker', 'service'));
show('reset', fn () => $rpc->call('resetter.Reset', 'service'));
