<?php

// A worker that speaks protobuf with generated classes, for PhpProtoTest.

declare(strict_types=1);

require getenv('RR_PHP_PACKAGES') . '/autoload.php';

use Psr\Log\NullLogger;
use RoadRunner\HTTP\DTO\V1BETA1\HeaderValue;
use RoadRunner\HTTP\DTO\V1BETA1\Request;
use RoadRunner\HTTP\DTO\V1BETA1\Response;
use Spiral\Goridge\Frame;
use Spiral\Goridge\Relay;
use Spiral\RoadRunner\Payload;
use Spiral\RoadRunner\Worker;

/** Takes the uploads out of a message: they are a message in these classes and JSON text on the wire. */
function withoutUploads(string $message, ?string &$uploads): string
{
    $varint = static function (int &$at) use ($message): int {
        for ($value = $shift = 0; ; $shift += 7) {
            $byte = ord($message[$at++]);
            $value |= ($byte & 0x7f) << $shift;
            if ($byte < 0x80) {
                return $value;
            }
        }
    };
    $rest = '';
    for ($at = 0; $at < strlen($message);) {
        $from = $at;
        $tag = $varint($at);
        if (($tag & 7) === 2) {
            $length = $varint($at);
            if ($tag >> 3 === 9) {
                $uploads = substr($message, $at, $length);
                $at += $length;
                continue;
            }
            $at += $length;
        } else {
            $varint($at);
        }
        $rest .= substr($message, $from, $at - $from);
    }
    return $rest;
}

/** @return array<string, list<string>> */
function plain(iterable $map): array
{
    $plain = [];
    foreach ($map as $name => $value) {
        $plain[$name] = iterator_to_array($value->getValue());
    }
    ksort($plain);
    return $plain;
}

$relay = Relay::create('pipes');
$worker = new Worker($relay, logger: new NullLogger());
while (($payload = $worker->waitPayload()) !== null) {
    $uploads = null;
    $request = new Request();
    $request->mergeFromString(withoutUploads($payload->header, $uploads));
    $files = array_map(
        static fn(array $file): array => [$file['name'], $file['mime'], file_get_contents($file['tmpName'])],
        json_decode($uploads ?? '[]', true, 512, JSON_THROW_ON_ERROR),
    );
    $body = json_encode([
        'from' => $request->getRemoteAddr(),
        'protocol' => $request->getProtocol(),
        'method' => $request->getMethod(),
        'uri' => $request->getUri(),
        'query' => $request->getRawQuery(),
        'many' => plain($request->getHeader())['X-Many'] ?? [],
        'cookies' => plain($request->getCookies()),
        'parsed' => $request->getParsed(),
        'files' => $files,
        'body' => $payload->body,
    ], JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);

    $headers = [
        'Content-Type' => new HeaderValue(['value' => ['application/json']]),
        'X-Two' => new HeaderValue(['value' => ['a', 'b']]),
    ];
    $response = new Response(['status' => 207, 'headers' => $headers]);
    $context = $response->serializeToString();
    if ($request->getMethod() === 'PUT') {
        // As newer packages do, which mark their frames.
        $relay->send(new Frame($context . $body, [strlen($context)], Frame::CODEC_PROTO));
    } else {
        $worker->respond(new Payload($body, $context));
    }
}
