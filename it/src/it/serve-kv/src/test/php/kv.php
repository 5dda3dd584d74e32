<?php

// Calls every method on a storage. Arguments: rpc-client.php, the server's address, the storage. Prints one line a call.

declare(strict_types=1);

require $argv[1];

function varint(int $value): string
{
    for ($bytes = ''; $value > 127; $value >>= 7) {
        $bytes .= chr($value & 127 | 128);
    }
    return $bytes . chr($value);
}

function field(int $number, string $value): string
{
    return $value === '' ? '' : varint($number << 3 | 2) . varint(strlen($value)) . $value;
}

/** Items are keys, or lists of key, value and expiry. */
function request(string $storage, array $items): string
{
    $bytes = field(1, $storage);
    foreach ($items as $item) {
        [$key, $value, $expiry] = (array) $item + [1 => '', 2 => ''];
        $one = field(1, (string) $key) . field(2, $value) . field(3, $expiry);
        $bytes .= varint(2 << 3 | 2) . varint(strlen($one)) . $one;
    }
    return $bytes;
}

/** The fields of a message by number, each a list. */
function fields(string $bytes): array
{
    $fields = [];
    for ($at = 0; $at < strlen($bytes);) {
        $number = ord($bytes[$at++]) >> 3;
        for ($length = $shift = 0; ; $shift += 7) {
            $byte = ord($bytes[$at++]);
            $length |= ($byte & 127) << $shift;
            if ($byte < 128) {
                break;
            }
        }
        $fields[$number][] = substr($bytes, $at, $length);
        $at += $length;
    }
    return $fields;
}

/** Key to a field of its item; sorted, since no driver says in which order. */
function items(string $bytes, int $number): array
{
    $items = [];
    foreach (fields($bytes)[2] ?? fields($bytes)[1] ?? [] as $item) {
        $fields = fields($item);
        $items[$fields[1][0]] = $fields[$number][0] ?? '';
    }
    ksort($items);
    return $items;
}

function show(string $name, Closure $call): void
{
    try {
        $answer = json_encode($call());
        echo "$name = $answer\n";
    } catch (RpcError $e) {
        echo "$name ! ", strtr($e->getMessage(), ["\n\t" => ' ']), "\n";
    }
}

$rpc = new RpcClient($argv[2], 30.0);
$storage = $argv[3];
$do = fn(string $method, mixed ...$items) =>
    $rpc->call("kv.$method", request($storage, $items), RpcClient::PROTO);
$keys = fn(string $method, mixed ...$items) => array_keys(items($do($method, ...$items), 1));
$values = fn(mixed ...$items) => items($do('MGet', ...$items), 2);
$times = fn(mixed ...$items) => array_filter(items($do('TTL', ...$items), 3));
$in = fn(int $seconds) => gmdate('Y-m-d\TH:i:sP', time() + $seconds);
/** Whether the times are as many seconds ahead as they should be, to three. */
$ahead = fn(array $times, int $seconds) =>
    array_map(fn(string $time) => abs(strtotime($time) - time() - $seconds) <= 3, $times);

show('bytes', fn() => bin2hex(request('memory-rr', [['a', 'aa']])));
$do('Clear');
show('set', fn() => $do('Set', ['a', '1'], ['b', '2', $in(3600)], ['empty', '']));
show('has', fn() => $keys('Has', 'a', 'b', 'c', 'a'));
show('get', fn() => $values('a', 'b', 'c', 'empty'));
show('ttl', fn() => $ahead($times('a', 'b', 'c'), 3600));
show('strict', fn() => array_map(
    fn(string $time) => DateTimeImmutable::createFromFormat(DATE_RFC3339, $time) !== false, $times('b')));
show('expire', fn() => $do('MExpire', ['a', '', $in(1800)]));
show('expires', fn() => [$values('a'), $ahead($times('a'), 1800)]);
show('expire never', fn() => $do('MExpire', ['a']));
show('set again', fn() => $do('Set', ['a', '3']));
show('no end', fn() => $times('a'));
show('past', fn() => $do('Set', ['a', '4', $in(-10)]));
show('gone', fn() => $values('a', 'b'));
show('delete', fn() => $do('Delete', 'b', 'c'));
show('deleted', fn() => $values('b', 'empty'));
show('blank', fn() => $keys('Has', 'a', ' '));
show('bad time', fn() => $do('Set', ['good', '1'], ['bad', '2', 'tomorrow']));
show('nothing of it', fn() => $values('good', 'bad'));
show('no keys', fn() => [$keys('Has'), $values(), $do('Set'), $do('Delete')]);
show('unknown', fn() => $rpc->call('kv.Has', request('ghost', ['a']), RpcClient::PROTO));
show('none', fn() => $rpc->call('kv.Has', request('', ['a']), RpcClient::PROTO));
show('as json', fn() => $rpc->call('kv.MGet', ['storage' => $storage, 'items' => [['key' => 'empty']]]));

$large = random_bytes(1_000_000);
$many = array_map(fn(int $i) => "key$i", range(1, 10_000));
show('large', fn() => $do('Set', ['large', $large]));
show('large again', fn() => $values('large') === ['large' => $large]);
show('many', fn() => $do('Set', ...array_map(fn(string $key) => [$key, "of $key"], $many)));
show('many again', fn() => [count($values(...$many)), $values('key7')]);
show('second', fn() => $do('Set', ['short', '1', $in(2)]));
for ($until = microtime(true) + 20; $keys('Has', 'short') !== [] && microtime(true) < $until;) {
    usleep(20_000);
}
show('a second later', fn() => $values('short', 'empty'));
show('clear', fn() => $do('Clear'));
show('cleared', fn() => $values('empty', 'large', 'key1'));
