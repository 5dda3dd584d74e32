<?php

// A whole worker of jobs without a package: frames come in on stdin and go out on stdout. What it does with a job its
// name says; what it was told goes as a line of JSON into the file that the variable JOBS_SEEN names.

declare(strict_types=1);

const CONTROL = 0x01;
const ERROR = 0x40;
const RAW = 0x04;

/** Reads exactly $length bytes, or ends once the server has gone. */
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

/** Writes a frame: version and header length, flags, payload length, checksum of those, options, payload. */
function give(int $flags, string $payload, int ...$options): void
{
    $head = pack('CCV', 0x10 | 3 + count($options), $flags, strlen($payload));
    fwrite(STDOUT, $head . pack('VCC', crc32($head), 0, 0) . pack('V*', ...$options) . $payload);
    fflush(STDOUT);
}

/** What a job's name asks for: the bytes of an answer. */
function answer(array $job, string $payload): string
{
    $attempt = (int) ($job['headers']['attempts'][0] ?? 0) + 1;
    $data = ['message' => 'on purpose', 'delay_seconds' => 0];
    return match ($job['job']) {
        // As spiral/roadrunner-jobs says it, to the byte.
        'complete' => '{"type":0,"data":[]}',
        'ack' => '{"type":2,"data":[]}',
        'fail' => json_encode(['type' => 1, 'data' => $data + ['requeue' => false]]),
        'retry' => $attempt > 3
            ? '{"type":0,"data":[]}'
            : json_encode(['type' => 1, 'data' => $data + ['requeue' => true, 'headers' => ['attempts' => ["$attempt"]]]]),
        'requeue' => $attempt > 1
            ? '{"type":0,"data":[]}'
            : json_encode(['type' => 4, 'data' => $data + ['headers' => ['attempts' => ["$attempt"]]]]),
        'nack' => json_encode(['type' => 3, 'data' => $data + ['requeue' => false]]),
        'unknown' => '{"type":42}',
        'foo' => 'foo',
        'empty' => '',
        default => '{"type":0}',
    };
}

while (true) {
    ['words' => $words, 'flags' => $flags, 'length' => $length] = unpack('Cwords/Cflags/Vlength', take(12));
    $options = ($words & 0x0F) > 3 ? array_values(unpack('V*', take((($words & 0x0F) - 3) * 4))) : [0];
    $frame = take($length);
    if ($flags & CONTROL) {
        if (isset(json_decode($frame, true)['stop'])) {
            exit;
        }
        give(CONTROL, json_encode(['pid' => getmypid()]));
        continue;
    }
    $job = json_decode(substr($frame, 0, $options[0]), true);
    $payload = substr($frame, $options[0]);
    file_put_contents(getenv('JOBS_SEEN'), json_encode($job + ['payload' => $payload]) . "\n", FILE_APPEND | LOCK_EX);
    if ($job['job'] === 'die' && !file_exists(getenv('JOBS_SEEN') . '.died')) {
        touch(getenv('JOBS_SEEN') . '.died');
        posix_kill(getmypid(), SIGKILL);
    }
    if ($job['job'] === 'sleep') {
        usleep((int) $payload * 1000);
    }
    if ($job['job'] === 'error') {
        give(ERROR, 'broken');
        continue;
    }
    give(RAW, answer($job, $payload), 0);
}
