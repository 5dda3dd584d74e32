<?php

// The same answer through the real packages: spiral/roadrunner-http over PSR-7.

declare(strict_types=1);

require getenv('RR_PHP_PACKAGES') . '/autoload.php';

use Nyholm\Psr7\Factory\Psr17Factory;
use Nyholm\Psr7\Response;
use Psr\Log\NullLogger;
use Spiral\RoadRunner\Http\PSR7Worker;
use Spiral\RoadRunner\Worker;

$factory = new Psr17Factory();
$worker = new PSR7Worker(Worker::create(logger: new NullLogger()), $factory, $factory, $factory);
while (($request = $worker->waitRequest()) !== null) {
    $worker->respond(new Response(200, ['Content-Type' => 'text/plain'], 'Hello, world!'));
}
