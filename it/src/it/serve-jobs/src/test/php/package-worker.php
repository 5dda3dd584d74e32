<?php

// A consumer of the real package: says what its task is, and does with it what the task's name says.

declare(strict_types=1);

use Psr\Log\NullLogger;
use Spiral\RoadRunner\Jobs\Consumer;
use Spiral\RoadRunner\Worker;

require getenv('RR_PHP_PACKAGES') . '/autoload.php';

$consumer = new Consumer(Worker::create(logger: new NullLogger()));
while ($task = $consumer->waitTask()) {
    $told = [$task->getName(), $task->getPipeline(), $task->getDriver()->value, $task->getQueue(), $task->getHeaders(), $task->getPayload()];
    file_put_contents(getenv('JOBS_SEEN'), json_encode($told) . "\n", FILE_APPEND | LOCK_EX);
    $attempt = (int) $task->getHeaderLine('attempts') + 1;
    match (true) {
        $task->getName() === 'retry' && $attempt < 3 =>
            $task->withHeader('attempts', "$attempt")->withDelay(0)->fail('on purpose', true),
        $task->getName() === 'fail' => $task->fail(new RuntimeException('on purpose')),
        default => $task->complete(),
    };
}
