<?php

// package.php for a server that speaks protobuf: what its users run, as the packages from 3.5 on do it with
// Debian's protobuf classes, which are PHP as in most applications. The packages in RR_PHP_PACKAGES read JSON only,
// so their PSR-7 mapping is kept and the two ends are replaced: decode a Request, encode a Response.

declare(strict_types=1);

require getenv('RR_PHP_PACKAGES') . '/autoload.php';

use Google\Protobuf\Internal\MapField;
use Nyholm\Psr7\Factory\Psr17Factory;
use Nyholm\Psr7\Response;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Log\NullLogger;
use RoadRunner\HTTP\DTO\V1BETA1\HeaderValue;
use RoadRunner\HTTP\DTO\V1BETA1\Request as RequestMessage;
use RoadRunner\HTTP\DTO\V1BETA1\Response as ResponseMessage;
use Spiral\Goridge\Frame;
use Spiral\Goridge\Relay;
use Spiral\Goridge\RelayInterface;
use Spiral\RoadRunner\Environment;
use Spiral\RoadRunner\Http\PSR7Worker;
use Spiral\RoadRunner\Http\Request;
use Spiral\RoadRunner\Worker;

final class ProtobufWorker extends PSR7Worker
{
    public function __construct(private readonly RelayInterface $relay, Psr17Factory $factory)
    {
        parent::__construct(new Worker($relay, logger: new NullLogger()), $factory, $factory, $factory);
    }

    public function waitRequest(): ?ServerRequestInterface
    {
        $payload = $this->getWorker()->waitPayload();
        if ($payload === null || (!$payload->body && !$payload->header)) {
            return null;
        }
        $message = new RequestMessage();
        $message->mergeFromString($payload->header);
        $request = $this->request($message, $payload->body);
        $_SERVER = $this->configureServer($request);
        return $this->mapRequest($request, $_SERVER);
    }

    private function request(RequestMessage $message, string $body): Request
    {
        parse_str($message->getRawQuery(), $query);
        $line = static fn (array $values): string => implode(',', $values);
        return new Request(
            remoteAddr: $message->getRemoteAddr(),
            protocol: $message->getProtocol(),
            method: $message->getMethod(),
            uri: $message->getUri(),
            headers: $this->values($message->getHeader()),
            cookies: array_map($line, $this->values($message->getCookies())),
            attributes: [Request::PARSED_BODY_ATTRIBUTE_NAME => $message->getParsed()]
                + array_map($line, $this->values($message->getAttributes())),
            query: $query,
            body: $body,
            parsed: $message->getParsed(),
        );
    }

    /** @return array<string, list<string>> */
    private function values(MapField $map): array
    {
        $values = [];
        foreach ($map as $name => $value) {
            $values[$name] = iterator_to_array($value->getValue());
        }
        return $values;
    }

    public function respond(ResponseInterface $response): void
    {
        $headers = [];
        foreach ($response->getHeaders() as $name => $values) {
            $headers[$name] = new HeaderValue(['value' => $values]);
        }
        $head = (new ResponseMessage(['status' => $response->getStatusCode(), 'headers' => $headers]))
            ->serializeToString();
        $this->relay->send(new Frame($head . $response->getBody(), [strlen($head)], Frame::CODEC_PROTO));
    }
}

$worker = new ProtobufWorker(Relay::create(Environment::fromGlobals()->getRelayAddress()), new Psr17Factory());
while (($request = $worker->waitRequest()) !== null) {
    $worker->respond(new Response(200, ['Content-Type' => 'text/plain'], 'Hello, world!'));
}
