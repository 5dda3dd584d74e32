<?php

// Calls the real package. Arguments: autoload.php, the server's address. Prints one line a call.

declare(strict_types=1);

use RoadRunner\Lock\Lock;
use RoadRunner\Lock\LockIdGeneratorInterface;
use Spiral\Goridge\RPC\RPC;

require $argv[1];

$lock = new Lock(RPC::create($argv[2]), new class implements LockIdGeneratorInterface {
    public function generate(): string
    {
        return 'made';
    }
});

function show(string $name, Closure $call): void
{
    echo "$name = ", json_encode($call()), "\n";
}

show('lock', fn() => $lock->lock('pdf', ttl: 10));
show('taken', fn() => $lock->lock('pdf', 'other', waitTTL: 0.01));
show('exists', fn() => [$lock->exists('pdf'), $lock->exists('pdf', 'made'), $lock->exists('pdf', 'other')]);
show('shorter', fn() => $lock->updateTTL('pdf', 'made', 0.05));
show('waits', fn() => $lock->lockRead('pdf', 'reader', new DateInterval('PT10S'), new DateInterval('PT20S')));
show('together', fn() => $lock->lockRead('pdf', 'second'));
show('release', fn() => [$lock->release('pdf', 'reader'), $lock->release('pdf', 'reader')]);
show('by force', fn() => [$lock->forceRelease('pdf'), $lock->exists('pdf'), $lock->forceRelease('never')]);
