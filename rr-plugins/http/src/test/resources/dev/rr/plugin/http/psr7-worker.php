<?php

// An application with the packages that applications use, for PhpPackagesTest.

declare(strict_types=1);

require getenv('RR_PHP_PACKAGES') . '/autoload.php';

use Nyholm\Psr7\Factory\Psr17Factory;
use Nyholm\Psr7\Response;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Message\UploadedFileInterface;
use Psr\Log\NullLogger;
use Spiral\RoadRunner\Http\HttpWorker;
use Spiral\RoadRunner\Http\PSR7Worker;
use Spiral\RoadRunner\Worker;

function seen(ServerRequestInterface $request): string
{
    $files = array_map(
        static fn(UploadedFileInterface $file): array => [
            $file->getClientFilename(),
            $file->getClientMediaType(),
            $file->getError(),
            $file->getError() === UPLOAD_ERR_OK ? md5((string) $file->getStream()) : null,
        ],
        $request->getUploadedFiles(),
    );
    return json_encode([
        'method' => $request->getMethod(),
        'uri' => (string) $request->getUri(),
        'remote' => $request->getServerParams()['REMOTE_ADDR'],
        'query' => $request->getQueryParams(),
        'cookies' => $request->getCookieParams(),
        'in' => $request->getHeader('X-In'),
        'parsed' => $request->getParsedBody(),
        'files' => $files,
        'body' => md5((string) $request->getBody()),
    ], JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
}

function lines(int $count, bool $breaks): Generator
{
    for ($i = 1; $i <= $count; $i++) {
        if ($breaks && $i === 3) {
            throw new RuntimeException('the generator broke');
        }
        yield "line $i\n";
    }
}

$factory = new Psr17Factory();
$worker = Worker::create(logger: new NullLogger());
$psr = new PSR7Worker($worker, $factory, $factory, $factory);
$http = new HttpWorker($worker);
while (($request = $psr->waitRequest()) !== null) {
    switch ($request->getUri()->getPath()) {
        case '/stream':
            $http->respond(200, lines(10, false), ['Content-Type' => ['text/plain']]);
            break;
        case '/breaks':
            $http->respond(200, lines(10, true), ['Content-Type' => ['text/plain']]);
            break;
        case '/hints':
            $http->respond(103, '', ['Link' => ['</a.css>; rel=preload']], false);
            $psr->respond(new Response(404, ['X-Marker' => 'probe'], 'body'));
            break;
        case '/large':
            $psr->respond(new Response(200, [], str_repeat('0123456789abcdef', 65536)));
            break;
        case '/error':
            $worker->error('thrown by the application');
            break;
        case '/exit':
            exit(1);
        default:
            $psr->respond(new Response(201, ['X-Out' => ['a', 'b'], 'Set-Cookie' => 'k=v'], seen($request)));
    }
}
