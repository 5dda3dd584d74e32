<?php

// Calls the real package on a storage. Arguments: autoload.php, the server's address, the storage. Prints one line a call.

declare(strict_types=1);

use Spiral\Goridge\RPC\RPC;
use Spiral\RoadRunner\KeyValue\Factory;

require __DIR__ . '/simple-cache.php';
require $argv[1];

$factory = new Factory(RPC::create($argv[2]));
$cache = $factory->select($argv[3]);

function show(string $name, Closure $call): void
{
    try {
        $answer = json_encode($call());
        echo "$name = $answer\n";
    } catch (Throwable $e) {
        echo "$name ! ", basename(strtr(get_class($e), '\\', '/')), "\n";
    }
}

show('clear', fn() => $cache->clear());
show('set', fn() => [$cache->set('a', ['x' => 1]), $cache->set('b', null, 3600)]);
show('get', fn() => [$cache->get('a'), $cache->get('b', 'default'), $cache->get('c', 'default')]);
show('has', fn() => [$cache->has('a'), $cache->has('c')]);
show('ttl', fn() => $cache->getTtl('b')->getTimestamp() - time() > 3590);
show('no ttl', fn() => [$cache->getTtl('a'), $cache->getTtl('c')]);
show('set many', fn() => $cache->setMultiple(['d' => 1, 'e' => 2], new DateInterval('PT1H')));
show('get many', fn() => iterator_to_array($cache->getMultiple(['d', 'e', 'f'], 0)));
show('ttl of many', fn() => array_map(
    fn(?DateTimeInterface $t) => $t !== null, iterator_to_array($cache->getMultipleTtl(['d', 'f']))));
show('delete', fn() => [$cache->delete('d'), $cache->has('d'), $cache->deleteMultiple(['e', 'f']), $cache->has('e')]);
show('negative', fn() => [$cache->set('a', 1, -1), $cache->has('a')]);
show('a second', fn() => $cache->set('s', 1, 1));
for ($until = microtime(true) + 20; $cache->has('s') && microtime(true) < $until;) {
    usleep(20_000);
}
show('over', fn() => $cache->has('s'));
show('empty key', fn() => $cache->has(''));
show('no storage', fn() => $factory->select('ghost')->get('a'));
