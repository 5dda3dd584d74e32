<?php

// Calls every method of lock and status. Arguments: rpc-client.php, the server's address. Prints one line a call.

declare(strict_types=1);

require $argv[1];

/** A message: the fields from number 1 on, texts and whole numbers. */
function message(string|int ...$fields): string
{
    $bytes = '';
    foreach (array_values($fields) as $i => $field) {
        $text = is_string($field);
        $bytes .= varint(($i + 1) << 3 | ($text ? 2 : 0)) . varint($text ? strlen($field) : $field) . ($text ? $field : '');
    }
    return $bytes;
}

function varint(int $value): string
{
    for ($bytes = ''; $value > 127; $value >>= 7) {
        $bytes .= chr($value & 127 | 128);
    }
    return $bytes . chr($value);
}

function show(string $name, Closure $call): void
{
    try {
        $answer = json_encode($call());
        echo "$name = $answer\n";
    } catch (RpcError $e) {
        echo "$name ! ", strtr($e->getMessage(), ["\n\t" => ' ']), "\n";
    }
}

$rpc = new RpcClient($argv[2], 30.0);
$proto = fn(string $method, string|int ...$fields) =>
    bin2hex($rpc->call($method, message(...$fields), RpcClient::PROTO));
$json = fn(string $method, array $fields) => $rpc->call($method, $fields);

show('bytes', fn() => bin2hex(message('foo', 'bar', 5_000_000, 0)));
show('lock', fn() => $proto('lock.Lock', 'foo', 'bar', 5_000_000, 0));
show('lock again', fn() => $proto('lock.Lock', 'foo', 'bar', 5_000_000, 10_000));
show('read', fn() => $proto('lock.LockRead', 'foo', 'other', 0, 10_000));
show('exists', fn() => $proto('lock.Exists', 'foo', '*'));
show('not mine', fn() => $proto('lock.Release', 'foo', 'other'));
show('shorter', fn() => $proto('lock.UpdateTTL', 'foo', 'bar', 50_000));
show('after its end', fn() => $proto('lock.LockRead', 'foo', 'other', 0, 20_000_000));
show('promoted', fn() => $json('lock.Lock', ['resource' => 'foo', 'id' => 'other']));
show('release', fn() => $json('lock.Release', ['resource' => 'foo', 'id' => 'other']));
show('free', fn() => $json('lock.Exists', ['resource' => 'foo', 'id' => '*']));
show('by force', fn() => $json('lock.ForceRelease', ['resource' => 'foo']));
show('never', fn() => $json('lock.ForceRelease', ['resource' => 'never']));
show('no id', fn() => $proto('lock.Lock', 'foo'));

// Two clients: one waits until the other gives back, one leaves while it waits.
$second = new RpcClient($argv[2], 30.0);
$rpc->call('lock.Lock', message('bar', 'a', 0, 0), RpcClient::PROTO);
$gone = new RpcClient($argv[2], 30.0);
$gone->send('lock.Lock', message('bar', 'gone', 2_000_000, 30_000_000), RpcClient::PROTO);
// A call that waits in vain gives the server time to see what another connection did.
$rpc->call('lock.LockRead', message('bar', 'r', 0, 200_000), RpcClient::PROTO);
unset($gone);
$rpc->call('lock.LockRead', message('bar', 'r', 0, 200_000), RpcClient::PROTO);
$second->send('lock.Lock', message('bar', 'b', 0, 30_000_000), RpcClient::PROTO);
show('given back', fn() => $proto('lock.Release', 'bar', 'a'));
show('obtained', fn() => bin2hex($second->receive()));
show('gone', fn() => $proto('lock.Exists', 'bar', 'gone'));

show('status', fn() => $rpc->call('status.Status', ['plugin' => 'http']));
show('ready', fn() => $proto('status.Ready', 'http'));
show('text', fn() => $rpc->call('status.Ready', 'http'));
show('unknown', fn() => $rpc->call('status.Status', ['plugin' => 'x']));
