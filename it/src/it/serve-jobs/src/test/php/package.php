<?php

// Pushes with the real package. Arguments: autoload.php, the server's address. Prints one line a call.

declare(strict_types=1);

namespace Ramsey\Uuid {
    // All that the package takes from ramsey/uuid, which is not among the packages.
    if (!interface_exists(UuidFactoryInterface::class)) {
        interface UuidFactoryInterface {}

        final class UuidFactory implements UuidFactoryInterface
        {
            public function uuid4(): string
            {
                return bin2hex(random_bytes(16));
            }
        }
    }
}

namespace {
    use Spiral\Goridge\RPC\RPC;
    use Spiral\RoadRunner\Jobs\Jobs;
    use Spiral\RoadRunner\Jobs\Options;
    use Spiral\RoadRunner\Jobs\Queue\MemoryCreateInfo;

    require $argv[1];

    function show(string $name, Closure $call): void
    {
        try {
            $answer = json_encode($call());
            echo "$name = $answer\n";
        } catch (Throwable $e) {
            // The package puts the server's words between its own.
            $text = preg_replace("/^Error '(.*)' on .*$/s", '$1', $e->getMessage());
            echo "$name ! ", strtr($text, ["\n\t" => ' ']), "\n";
        }
    }

    $jobs = new Jobs(RPC::create($argv[2]));
    $queue = $jobs->create(new MemoryCreateInfo('made', 3, 100));
    show('names', function () use ($jobs) {
        $names = array_keys(iterator_to_array($jobs));
        sort($names);
        return $names;
    });
    show('paused', fn() => $queue->isPaused());
    $queue->resume();
    show('resumed', fn() => $queue->isPaused());
    $queue->dispatch($queue->create('one', 'payload', new Options())->withHeader('h', 'v'));
    $queue->push('retry', '');
    $queue->dispatchMany($queue->create('fail', 'x'), $queue->create('many', 'y'));
    show('twice', fn() => $jobs->create(new MemoryCreateInfo('made')));
    show('nowhere', fn() => $jobs->connect('nope')->push('x', 'y'));
    $queue->pause();
    show('paused again', fn() => $queue->isPaused());
    $queue->resume();
    show('stat', fn() => [$queue->getPipelineStat()->getDriver(), $queue->getPipelineStat()->getPriority()]);
}
