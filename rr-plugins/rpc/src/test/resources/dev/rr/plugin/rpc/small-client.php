<?php

// Calls a server with the tests' own client. Arguments: rpc-client.php, the server's address. Prints one line a call.

declare(strict_types=1);

require $argv[1];

function show(string $name, Closure $call): void
{
    try {
        $answer = json_encode($call(), JSON_UNESCAPED_SLASHES);
        echo "$name = $answer\n";
    } catch (RpcError $e) {
        echo "$name ! ", $e->getMessage(), "\n";
    }
}

$rpc = new RpcClient($argv[2]);
$large = random_bytes(10 * 1024 * 1024);

show('json echo', fn() => $rpc->call('test.Echo', 'grüße'));
show('map', fn() => $rpc->call('test.Map', ['a' => [1, null, 2.5]]));
show('null', fn() => $rpc->call('test.Nothing', true));
show('wrong type', fn() => $rpc->call('test.Echo', 12));
show('unknown service', fn() => $rpc->call('none.Echo', true));
show('unknown method', fn() => $rpc->call('test.None', true));
show('handler error', fn() => $rpc->call('test.Fail', 'boom'));
show('still here', fn() => $rpc->call('test.Quick', 'yes'));
show('raw large', fn() => $rpc->call('test.Bytes', $large, RpcClient::RAW) === $large);
show('raw of text', fn() => $rpc->call('test.Echo', 'x', RpcClient::RAW));
show('proto', fn() => bin2hex($rpc->call('test.Type', "\x0a\x01t", RpcClient::PROTO)));
show('proto of plain', fn() => $rpc->call('test.Echo', 'x', RpcClient::PROTO));
