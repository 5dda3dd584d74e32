<?php

// The real package: a service behind the interface that the goal grpc-php has written.

declare(strict_types=1);

use Google\Protobuf\StringValue;
use Psr\Log\NullLogger;
use Service\EchoInterface;
use Spiral\RoadRunner\GRPC\ContextInterface;
use Spiral\RoadRunner\GRPC\Exception\InvokeException;
use Spiral\RoadRunner\GRPC\ResponseHeaders;
use Spiral\RoadRunner\GRPC\Server;
use Spiral\RoadRunner\GRPC\StatusCode;
use Spiral\RoadRunner\Worker;

ini_set('display_errors', 'stderr');
require getenv('RR_PHP_PACKAGES') . '/autoload.php';

// A message with one text in field 1 is what the proto file declares.
class_alias(StringValue::class, 'Service\Message');
require __DIR__ . '/../../../target/generated/Service/EchoInterface.php';

final class EchoService implements EchoInterface
{
    public function Ping(ContextInterface $ctx, StringValue $in): StringValue
    {
        if ($in->getValue() === 'fail') {
            $detail = new StringValue();
            $detail->setValue('why');
            throw InvokeException::create('FOOOOOOOOOOOO', StatusCode::INTERNAL, null, [$detail]);
        }
        $headers = $ctx->getValue(ResponseHeaders::class);
        $headers->set('x-seen', implode(',', $ctx->getValue('x-asked') ?? []));
        $out = new StringValue();
        $out->setValue(strtoupper($in->getValue()));
        return $out;
    }
}

$server = new Server(options: ['debug' => false]);
$server->registerService(EchoInterface::class, new EchoService());
$server->serve(Worker::create(logger: new NullLogger()));
