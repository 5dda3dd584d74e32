<?php

// As worker.php, by the real packages. Arguments: autoload.php.

declare(strict_types=1);

use Psr\Log\NullLogger;
use Spiral\RoadRunner\Http\HttpWorker;
use Spiral\RoadRunner\Worker;

require $argv[1];

$http = new HttpWorker(Worker::create(logger: new NullLogger()));
while ($request = $http->waitRequest()) {
    $topics = $request->attributes['ws:joinTopics'] ?? null;
    if ($topics !== null) {
        $http->respond(str_contains($topics, 'secret') ? 403 : 200);
    } elseif ($request->attributes['ws:joinServer'] ?? false) {
        $good = ($request->query['token'] ?? '') === 'good' && $request->headers['X-Client'] === ['it'];
        $http->respond($good ? 200 : 401, $good ? '' : 'go away', ['Stop' => ['we-dont-like-you']]);
    } else {
        $http->respond(200, 'page');
    }
}
