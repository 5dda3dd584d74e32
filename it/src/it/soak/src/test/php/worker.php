<?php

// An application without a package, of which the soak test asks in its path what to do:
// /text N | /stream N | /slow MS | /digest | /file | /rpc. Takes JSON, whatever else it may speak.

declare(strict_types=1);

require getenv('RPC_CLIENT');

const CONTROL = 0x01;
const JSON = 0x08;
const STREAM = 0x01;
const STOP = 0x02;
const PING = 0x04;
const OK = '{"status":200,"headers":{"Content-Type":["text/plain"]}}';

function take(int $length): string
{
    for ($bytes = ''; strlen($bytes) < $length; $bytes .= $more) {
        $more = fread(STDIN, $length - strlen($bytes));
        if ($more === false || $more === '') {
            exit;
        }
    }
    return $bytes;
}

/** Reads a frame: flags, stream bits, context, body. */
function next_frame(): array
{
    $head = take(12);
    $words = ord($head[0]) & 15;
    $options = $words > 3 ? array_values(unpack('V*', take(4 * ($words - 3)))) : [0];
    $payload = take(unpack('V', $head, 2)[1]);
    return [ord($head[1]), ord($head[10]), substr($payload, 0, $options[0]), substr($payload, $options[0])];
}

function give(int $flags, int $stream, string $context, string $body): void
{
    $head = pack('CCV', 0x14, $flags, strlen($context) + strlen($body));
    fwrite(STDOUT, $head . pack('VCC', crc32($head), $stream, 0) . pack('V', strlen($context)) . $context . $body);
    fflush(STDOUT);
}

/** Streams $count chunks and looks at every fifth, as the packages do, whether it is to stop. */
function stream(int $count): void
{
    for ($i = 1, $context = OK; $i <= $count; $i++, $context = '') {
        $ping = $i % 5 === 0 ? PING : 0;
        give(JSON, STREAM | $ping, $context, str_repeat('x', 10_000));
        if ($ping && next_frame()[1] & STOP) {
            break;
        }
    }
    give(JSON, 0, '', '');
}

/** The digest of an uploaded file; every second one is taken away before, as applications do. */
function file_digest(array $upload): string
{
    static $files = 0;
    $file = $upload['tmpName'];
    if (++$files % 2) {
        return md5_file($file);
    }
    // Out of the folder of uploads: a killed application leaves behind what is its own.
    rename($file, $moved = uniqid("moved-", true));
    try {
        return md5_file($moved);
    } finally {
        unlink($moved);
    }
}

/** Locks, counts and logs; whoever is killed in between holds the lock until its time is over. */
function call(): string
{
    static $rpc = null;
    $rpc ??= new RpcClient(getenv('RR_RPC'));
    $lock = ['resource' => 'soak' . random_int(1, 50), 'id' => uniqid('', true), 'ttl' => 500_000, 'wait' => 2_000_000];
    if (!$rpc->call('lock.Lock', $lock)['ok']) {
        return 'not locked';
    }
    $rpc->call('metrics.Add', ['name' => 'soak_calls', 'value' => 1, 'labels' => [$lock['resource']]]);
    $rpc->call('app.Debug', 'counted');
    $rpc->call('lock.Release', $lock);
    return 'called';
}

while (true) {
    [$flags, , $context, $body] = next_frame();
    if ($flags & CONTROL) {
        if (isset(json_decode($context . $body, true)['stop'])) {
            exit;
        }
        give(CONTROL, 0, '', json_encode(['pid' => getmypid()]));
        continue;
    }
    $request = json_decode($context, true, 512, JSON_THROW_ON_ERROR);
    [, $word, $number] = explode('/', parse_url($request['uri'], PHP_URL_PATH)) + ['', '', 0];
    switch ($word) {
        case 'stream':
            stream((int) $number);
            break;
        case 'slow':
            usleep(1000 * (int) $number);
            give(JSON, 0, OK, 'slow');
            break;
        case 'digest':
            give(JSON, 0, OK, md5($body));
            break;
        case 'file':
            give(JSON, 0, OK, file_digest($request['uploads']['file']));
            break;
        case 'rpc':
            give(JSON, 0, OK, call());
            break;
        default:
            give(JSON, 0, OK, str_repeat('x', (int) $number));
    }
}
