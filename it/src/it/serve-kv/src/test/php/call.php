<?php

// Makes one call in JSON. Arguments: rpc-client.php, the server's address, the method, its argument. Prints the answer.

declare(strict_types=1);

require $argv[1];

$rpc = new RpcClient($argv[2], 30.0);
echo json_encode($rpc->call($argv[3], json_decode($argv[4], true, 512, JSON_THROW_ON_ERROR))), "\n";
