<?php

// Sets keys until that is refused, and reads all of them. Arguments: rpc-client.php, the server's address, the storage, the number
// of the first key that is set, and that of the first that is not. Prints one line a step.

declare(strict_types=1);

require $argv[1];

[, , $address, $storage, $key, $end] = $argv;
$rpc = new RpcClient($address, 30.0);
$call = fn(string $method, array $item) =>
    $rpc->call("kv.$method", ['storage' => $storage, 'items' => [$item]])['items'] ?? [];
$value = fn(int $key) => base64_encode(str_repeat(chr(97 + $key % 26), 100_000));

try {
    for ($key = (int) $key; $key < (int) $end; $key++) {
        $call('Set', ['key' => "k$key", 'value' => $value($key)]);
    }
} catch (RpcError $e) {
    echo 'refused ', strtr($e->getMessage(), ["\n\t" => ' ']), "\n";
}
echo "set $key\n";
$kept = 0;
for ($number = 0; $number < $key; $number++) {
    $kept += ($call('MGet', ['key' => "k$number"])[0]['value'] ?? '') === $value($number) ? 1 : 0;
}
echo "kept $kept, the next ", count($call('Has', ['key' => "k$key"])), "\n";
