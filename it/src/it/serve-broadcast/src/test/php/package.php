<?php

// Publishes by the real package. Arguments: autoload.php, the server's address.

declare(strict_types=1);

use Spiral\Goridge\RPC\RPC;
use Spiral\RoadRunner\Broadcast\Broadcast;

require $argv[1];

$broadcast = new Broadcast(RPC::create($argv[2]));
$broadcast->publish(['foo', 'secret'], ['hello', json_encode(['title' => 'PHP'])]);
$broadcast->join('foo')->publish('to one');
