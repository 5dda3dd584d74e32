<?php

// Frames by hand, for workers that cost as little as PHP can. They speak what they are spoken to: JSON or protobuf.

declare(strict_types=1);

const CONTROL = 0x01;
const JSON = 0x08;
const PROTO = 0x80;

stream_set_write_buffer(STDOUT, 0);
stream_set_read_buffer(STDIN, 65536);

/** @param int $stream 1 when more frames of the same answer follow */
function frame(int $flags, int $stream, string $payload, int ...$options): string
{
    $head = pack('CCV', 0x10 | 3 + count($options), $flags, strlen($payload));
    return $head . pack('VCC', crc32($head), $stream, 0) . pack('V*', ...$options) . $payload;
}

/** An answer with status 200. */
function answer(int $codec, string $type, string $body, int $stream = 0): string
{
    $context = $codec === PROTO
        // Response{status: 200, headers: {"Content-Type": HeaderValue{type}}}
        ? "\x08\xC8\x01" . field(2, field(1, 'Content-Type') . field(2, field(1, $type)))
        : '{"status":200,"headers":{"Content-Type":["' . $type . '"]}}';
    return frame($codec, $stream, $context . $body, strlen($context));
}

/** A short protobuf field of bytes. */
function field(int $number, string $bytes): string
{
    return chr($number << 3 | 2) . chr(strlen($bytes)) . $bytes;
}

/**
 * Waits for the next request, answers what the server itself asks, and ends the process when told to.
 *
 * @return array{int, int, string} codec, bytes of options, and options with the payload behind them
 */
function request(): array
{
    while (true) {
        $header = fread(STDIN, 12);
        if ($header === false || strlen($header) < 12) {
            exit;
        }
        $flags = ord($header[1]);
        $options = ((ord($header[0]) & 15) - 3) * 4;
        $rest = unpack('V', $header, 2)[1] + $options;
        $payload = '';
        while (strlen($payload) < $rest) {
            $more = fread(STDIN, $rest - strlen($payload));
            if ($more === false || $more === '') {
                exit;
            }
            $payload .= $more;
        }
        if (($flags & CONTROL) === 0) {
            return [$flags & PROTO ?: JSON, $options, $payload];
        }
        if (str_contains($payload, 'stop')) {
            exit;
        }
        fwrite(STDOUT, frame(CONTROL, 0, '{"pid":' . getmypid() . '}'));
    }
}
