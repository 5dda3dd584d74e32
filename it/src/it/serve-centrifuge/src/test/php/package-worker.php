<?php

// The real package: lets clients in, and publishes when one of them asks for it.

declare(strict_types=1);

use Psr\Log\NullLogger;
use RoadRunner\Centrifugo\CentrifugoWorker;
use RoadRunner\Centrifugo\Payload\ConnectResponse;
use RoadRunner\Centrifugo\Payload\RPCResponse;
use RoadRunner\Centrifugo\Request;
use RoadRunner\Centrifugo\Request\RequestFactory;
use RoadRunner\Centrifugo\RPCCentrifugoApi;
use Spiral\Goridge\RPC\RPC;
use Spiral\RoadRunner\Worker;

ini_set('display_errors', 'stderr');
require getenv('RR_PHP_PACKAGES') . '/autoload.php';

$worker = Worker::create(logger: new NullLogger());
$centrifugo = new CentrifugoWorker($worker, new RequestFactory($worker));
$api = new RPCCentrifugoApi(RPC::create(getenv('RR_RPC')));

while ($request = $centrifugo->waitRequest()) {
    if ($request instanceof Request\Connect) {
        $request->respond(new ConnectResponse(user: '42', data: [
            'data' => $request->getData(),
            'channels' => $request->channels,
            'headers' => $request->headers,
        ]));
    } elseif ($request instanceof Request\RPC) {
        try {
            $api->publish('news', '{"text":"tost"}');
            $said = 'published';
        } catch (Throwable $e) {
            $said = $e->getMessage();
        }
        $request->respond(new RPCResponse(data: ['said' => $said]));
    } else {
        $request->error(404, 'nobody knows');
    }
}
