<?php

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
    $path = $request->getUri()->getPath();
    $body = $request->getParsedBody() ?? (string) $request->getBody();
    $text = [$request->getMethod(), $path, json_encode($request->getQueryParams()), json_encode($body)];
    $worker->respond(new Response($path === '/teapot' ? 418 : 200, [], implode(' ', $text)));
}
