<?php

// A worker of jobs that says of each that it is done, as spiral/roadrunner-jobs does, without a package. One whose
// payload begins with "sleep" it never finishes.

declare(strict_types=1);

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

function give(int $flags, string $payload, int ...$options): void
{
    $head = pack('CCV', 0x10 | 3 + count($options), $flags, strlen($payload));
    fwrite(STDOUT, $head . pack('VCC', crc32($head), 0, 0) . pack('V*', ...$options) . $payload);
    fflush(STDOUT);
}

while (true) {
    ['words' => $words, 'flags' => $flags, 'length' => $length] = unpack('Cwords/Cflags/Vlength', take(12));
    $options = ($words & 0x0F) > 3 ? array_values(unpack('V*', take((($words & 0x0F) - 3) * 4))) : [0];
    $frame = $length > 0 ? take($length) : '';
    if ($flags & 0x01) {
        if (isset(json_decode($frame, true)['stop'])) {
            exit;
        }
        give(0x01, json_encode(['pid' => getmypid()]));
        continue;
    }
    $job = json_decode(substr($frame, 0, $options[0]), true);
    if (str_starts_with(substr($frame, $options[0]), 'sleep')) {
        sleep(3600);
    }
    give(0x04, '{"type":0,"data":[]}', 0);
}
