<?php

// Calls while it boots, then serves as the sample does. RR_KV_CLIENT names rpc-client.php.

declare(strict_types=1);

require getenv('RR_KV_CLIENT');

// Fields 1 the storage, 2 an item: 1 its key, 2 its value.
$rpc = new RpcClient(getenv('RR_RPC'));
$rpc->call('kv.Set', "\x0a\x04boot\x12\x0c\x0a\x06booted\x12\x02ok", RpcClient::PROTO);
unset($rpc);

require __DIR__ . '/sample.php';
