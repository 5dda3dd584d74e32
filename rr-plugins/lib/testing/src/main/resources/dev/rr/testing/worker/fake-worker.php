<?php

// A worker that does what the request says, for tests. Needs no package and no php.ini.
// First argument, how it begins: serve (default), exit, hang, print, only-print, no-control.
// Context of a request, words: echo | pid | hang | crash [code] | slow MS | hold FILE | soft TEXT | stop | big BYTES |
// drip BYTES MS | junk BYTES | stderr TEXT | stream COUNT [MS] | endless | deafstream [MS] | streamerror COUNT |
// ask COUNT [ping] | twice | nooption | badoption | child | memory MB | count | env NAME | closed

declare(strict_types=1);

const CONTROL = 0x01;
const ERROR = 0x40;
const STREAM = 0x01;
const STOP = 0x02;
const PING = 0x04;
const PONG = 0x08;

$relay = getenv('RR_RELAY') ?: 'pipes';
if (str_contains($relay, '://')) {
    $in = $out = stream_socket_client($relay, $code, $message, 5) ?: exit(9);
} else {
    $in = STDIN;
    $out = STDOUT;
}
stream_set_read_buffer($in, 65536);
// Milliseconds between a tenth of a frame and the next one.
$pause = 0;

function take(int $length): string
{
    global $in;
    $bytes = '';
    while (strlen($bytes) < $length) {
        $more = fread($in, $length - strlen($bytes));
        if ($more === false || $more === '') {
            exit(7);
        }
        $bytes .= $more;
    }
    return $bytes;
}

function give(int $flags, string $payload, int $stream = 0, ?int $option = null, int ...$more): void
{
    $options = $option === null ? [] : [$option, ...$more];
    $head = pack('CCV', 0x10 | 3 + count($options), $flags, strlen($payload));
    put($head . pack('VCC', crc32($head), $stream, 0) . pack('V*', ...$options) . $payload);
}

function put(string $bytes): void
{
    global $out, $pause;
    $piece = intdiv(strlen($bytes), 10) + 1;
    while ($bytes !== '') {
        $sent = fwrite($out, $pause ? substr($bytes, 0, $piece) : $bytes);
        $bytes = substr($bytes, $sent ?: exit(8));
        usleep($pause * 1000);
    }
}

/** Reads a frame: flags, stream bits, options, payload. */
function next_frame(): array
{
    $head = take(12);
    $words = ord($head[0]) & 15;
    $options = $words > 3 ? array_values(unpack('V*', take(4 * ($words - 3)))) : [];
    return [ord($head[1]), ord($head[10]), $options, take(unpack('V', $head, 2)[1])];
}

function answer(string $body, int $stream = 0, string $context = 'ok'): void
{
    give(0x08, $context . $body, $stream, strlen($context));
}

function stream(int $count, int $pause, bool $error): void
{
    for ($i = 1; $i <= $count; $i++) {
        $ping = $i % 5 === 0 ? PING : 0;
        answer("chunk $i;", STREAM | $ping);
        if ($ping) {
            [, $bits] = next_frame();
            if ($bits & STOP) {
                answer('', 0, '');
                return;
            }
        }
        usleep($pause * 1000);
    }
    $error ? give(ERROR, 'stream broke') : answer('end', 0, '');
}

switch ($argv[1] ?? 'serve') {
    case 'exit':
        fwrite(STDERR, "boot failed for a reason\n");
        exit(3);
    case 'hang':
        sleep(3600);
    case 'print':
        echo "Notice: printed at boot\n";
        break;
    case 'only-print':
        echo 'warning: some weird php error';
        exit(0);
    case 'no-control':
        give(0, '{"pid":1}');
        sleep(3600);
}

$served = 0;
$keep = '';
while (true) {
    [$flags, $bits, $options, $payload] = next_frame();
    if ($flags & CONTROL) {
        if (str_contains($payload, 'stop')) {
            if (($argv[1] ?? '') === 'deaf') {
                continue;
            }
            exit(0);
        }
        give(CONTROL, '{"pid":' . getmypid() . '}');
        continue;
    }
    if ($bits & (STOP | PONG)) {
        continue;
    }
    $served++;
    $body = substr($payload, $options[0]);
    $words = explode(' ', substr($payload, 0, $options[0]), 3);
    $number = (int) ($words[1] ?? 0);
    switch ($words[0]) {
        case 'echo':
            answer($body);
            break;
        case 'pid':
            answer((string) getmypid());
            break;
        case 'count':
            answer((string) $served);
            break;
        case 'env':
            answer((string) getenv($words[1]));
            break;
        case 'hang':
            sleep(3600);
        case 'crash':
            fwrite(STDERR, "dying on purpose\n");
            exit($number ?: 1);
        case 'slow':
            usleep($number * 1000);
            answer($body === '' ? (string) getmypid() : $body);
            break;
        case 'hold':
            // Answers once there is that file.
            while (!file_exists($words[1])) {
                usleep(2000);
                clearstatcache();
            }
            answer($body);
            break;
        case 'soft':
            give(ERROR, $words[1]);
            break;
        case 'stop':
            $served === 1 && $number ? answer('not yet') : give(0, '{"stop":true}', 0, 13);
            break;
        case 'stopafter':
            $served <= $number ? answer((string) getmypid()) : give(0, '{"stop":true}', 0, 13);
            break;
        case 'big':
            answer(str_repeat('x', $number));
            break;
        case 'drip':
            $pause = (int) $words[2];
            answer(str_repeat('x', $number));
            $pause = 0;
            break;
        case 'junk':
            fwrite(STDOUT, str_pad('Warning: unexpected output ', $number, 'junk '));
            answer($body);
            break;
        case 'onlyjunk':
            echo 'PHP Fatal error: out of luck';
            exit(255);
        case 'stderr':
            fwrite(STDERR, $words[1] . "\n");
            answer($body);
            break;
        case 'stream':
            stream($number, (int) ($words[2] ?? 0), false);
            break;
        case 'streamerror':
            stream($number, 0, true);
            break;
        case 'endless':
            stream(PHP_INT_MAX, $number, false);
            break;
        case 'ask':
            // Asks so often for more in the midst of its answer; with a ping where a second word says so.
            for ($i = 1; $i <= $number; $i++) {
                answer('', STREAM | (isset($words[2]) ? PING : 0), 'ask');
                do {
                    [, $bits, $options, $payload] = next_frame();
                    $bits and answer('pong;', STREAM);
                } while ($bits);
                answer(substr($payload, $options[0]) . ';', STREAM);
            }
            answer('end', 0, '');
            break;
        case 'deafstream':
            do {
                answer('chunk', STREAM);
                $number ? usleep($number * 1000) : sleep(3600);
            } while (true);
        case 'twice':
            answer('first');
            answer('second');
            break;
        case 'nooption':
            give(0, 'no option');
            break;
        case 'badoption':
            give(0, 'short', 0, 99);
            break;
        case 'child':
            $child = proc_open(['sleep', '3600'], [], $pipes);
            answer((string) proc_get_status($child)['pid']);
            break;
        case 'memory':
            $keep = str_repeat('m', $number << 20);
            answer((string) getmypid());
            break;
        case 'once':
            // Crashes at the first try of all workers, marked by a file.
            $fresh = @fopen($words[1], 'x');
            $fresh ? exit(1) : answer('second try');
            break;
        default:
            give(ERROR, 'unknown word ' . $words[0]);
    }
}
