<?php

// A worker of the real package, for PhpPackageTest.

declare(strict_types=1);

require getenv('RR_PHP_PACKAGES') . '/autoload.php';

use Psr\Log\NullLogger;
use Spiral\RoadRunner\Payload;
use Spiral\RoadRunner\Worker;

echo "printed before the worker begins\n";

$worker = Worker::create(logger: new NullLogger());
while (($payload = $worker->waitPayload()) !== null) {
    switch ($payload->header) {
        case 'error':
            $worker->error('no way');
            break;
        case 'stop':
            $worker->stop();
            break;
        case 'print':
            echo 'printed in a request';
            $worker->respond(new Payload('fine', 'ctx'));
            break;
        case 'stream':
            for ($i = 0; $i < 12; $i++) {
                $worker->respond(new Payload("$i;", '', false));
            }
            $worker->respond(new Payload('end', ''));
            break;
        default:
            $worker->respond(new Payload($payload->body, $payload->header));
    }
}
