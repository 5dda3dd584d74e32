<?php

// A worker with the real package, for tests. First argument: autoload.php. Events are lines of the file events.log.

declare(strict_types=1);

use Psr\Log\NullLogger;
use Spiral\RoadRunner\Tcp\TcpEvent;
use Spiral\RoadRunner\Tcp\TcpResponse;
use Spiral\RoadRunner\Tcp\TcpWorker;
use Spiral\RoadRunner\Worker;

require $argv[1];

$worker = new TcpWorker(Worker::create(logger: new NullLogger()));
while ($request = $worker->waitRequest()) {
    file_put_contents('events.log', $request->getEvent()->name . "\n", FILE_APPEND);
    match (true) {
        $request->getEvent() === TcpEvent::Connected => $worker->respond("hello {$request->getRemoteAddress()}\r\n"),
        $request->getEvent() === TcpEvent::Close => $worker->close(),
        $request->getBody() === "quiet\r\n" => $worker->read(),
        $request->getBody() === "bye\r\n" => $worker->respond("bye\r\n", TcpResponse::RespondClose),
        default => $worker->respond(trim($request->getBody()) . " {$request->getServer()}\r\n"),
    };
}
