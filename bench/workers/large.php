<?php

// Takes uploads of any size and streams as many megabytes as the path says, through the real packages.

declare(strict_types=1);

require getenv('RR_PHP_PACKAGES') . '/autoload.php';

use Nyholm\Psr7\Factory\Psr17Factory;
use Nyholm\Psr7\Response;
use Psr\Log\NullLogger;
use Spiral\RoadRunner\Http\HttpWorker;
use Spiral\RoadRunner\Http\PSR7Worker;
use Spiral\RoadRunner\Worker;

function megabytes(int $count): Generator
{
    $piece = str_repeat('0123456789abcdef', 4096);
    for ($i = 0; $i < 16 * $count; $i++) {
        yield $piece;
    }
}

$factory = new Psr17Factory();
$worker = Worker::create(logger: new NullLogger());
$psr = new PSR7Worker($worker, $factory, $factory, $factory);
$http = new HttpWorker($worker);
while (($request = $psr->waitRequest()) !== null) {
    $path = $request->getUri()->getPath();
    if (preg_match('#^/stream/(\d+)$#', $path, $found)) {
        $http->respond(200, megabytes((int) $found[1]), ['Content-Type' => ['application/octet-stream']]);
        continue;
    }
    $file = $request->getUploadedFiles()['file'] ?? null;
    $psr->respond(new Response(200, [], $file === null ? 'Hello, world!' : (string) $file->getSize()));
}
