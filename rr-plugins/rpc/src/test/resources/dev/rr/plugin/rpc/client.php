<?php

// Calls a server with the real PHP packages. Arguments: autoload.php, the server's address. Prints one line a call.

declare(strict_types=1);

use Spiral\Goridge\RPC\Codec\RawCodec;
use Spiral\Goridge\RPC\CodecInterface;
use Spiral\Goridge\RPC\MultiRPC;
use Spiral\Goridge\RPC\RPC;
use Spiral\RoadRunner\WorkerPool;

require $argv[1];

// The package's own protobuf codec needs an extension; this one hands bytes through under the same flag.
final class ProtoBytes implements CodecInterface
{
    public function getIndex(): int
    {
        return 0x80;
    }

    public function encode(mixed $payload): string
    {
        return $payload;
    }

    public function decode(string $payload, mixed $options = null): mixed
    {
        return $payload;
    }
}

function show(string $name, Closure $call): void
{
    try {
        $answer = json_encode($call(), JSON_UNESCAPED_SLASHES);
        echo "$name = $answer\n";
    } catch (\Throwable $e) {
        echo $name, ' ! ', (new ReflectionClass($e))->getShortName(), ': ', $e->getMessage(), "\n";
    }
}

$address = $argv[2];
$rpc = RPC::create($address);
$raw = $rpc->withCodec(new RawCodec());
$proto = $rpc->withCodec(new ProtoBytes());
$large = random_bytes(10 * 1024 * 1024);

show('json echo', fn() => $rpc->call('test.Echo', 'grüße'));
show('prefix', fn() => $rpc->withServicePrefix('test')->call('echo', 'x'));
show('map', fn() => $rpc->call('test.Map', ['a' => [1, null, 2.5]]));
show('null', fn() => $rpc->call('test.Nothing', true));
show('wrong type', fn() => $rpc->call('test.Echo', 12));
show('unknown service', fn() => $rpc->call('none.Echo', true));
show('unknown method', fn() => $rpc->call('test.None', true));
show('handler error', fn() => $rpc->call('test.Fail', 'boom'));
show('still here', fn() => $rpc->call('test.Quick', 'yes'));
show('raw large', fn() => $raw->call('test.Bytes', $large) === $large);
show('raw of text', fn() => $raw->call('test.Echo', 'x'));
show('proto', fn() => bin2hex($proto->call('test.Type', "\x0a\x01t")));
show('proto of plain', fn() => $proto->call('test.Echo', 'x'));

$multi = MultiRPC::create($address, 8);
show('multi', function () use ($multi) {
    $ids = [];
    for ($i = 0; $i < 100; $i++) {
        $ids[$multi->callAsync('test.Echo', "call $i")] = "call $i";
    }
    $right = 0;
    foreach ($multi->getResponses(array_keys($ids)) as $id => $answer) {
        $right += (int) ($ids[$id] === $answer);
    }

    return $right;
});

$pool = new WorkerPool($rpc);
show('workers', fn() => array_map(
    fn($w) => [$w->pid, $w->statusCode, $w->executions, $w->createdAt, $w->memoryUsage, $w->cpuUsage, $w->command, $w->status],
    $pool->getWorkers('http')->getWorkers(),
));
show('no workers', fn() => $pool->countWorkers('none'));
show('add', fn() => $pool->addWorker('http'));
show('remove', fn() => $pool->removeWorker('http'));
show('add to none', fn() => $pool->addWorker('none'));
