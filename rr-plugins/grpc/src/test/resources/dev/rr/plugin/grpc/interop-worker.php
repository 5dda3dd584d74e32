<?php

// The service of gRPC's interoperability tests. What it is sent decides what it answers.

declare(strict_types=1);

require __DIR__ . '/stream.php';

/** The fields of a message: numbers and bytes by field number, in lists. */
function fields(string $message): array
{
    $fields = [];
    for ($at = 0; $at < strlen($message);) {
        $tag = varint($message, $at);
        $value = varint($message, $at);
        if (($tag & 7) === 2) {
            $length = $value;
            $value = substr($message, $at, $length);
            $at += $length;
        }
        $fields[$tag >> 3][] = $value;
    }
    return $fields;
}

function varint(string $bytes, int &$at): int
{
    $value = 0;
    for ($shift = 0; ; $shift += 7) {
        $byte = ord($bytes[$at++]);
        $value |= ($byte & 127) << $shift;
        if ($byte < 128) {
            return $value;
        }
    }
}

function number(int $field, int $value): string
{
    return chr($field << 3) . digits($value);
}

function bytes(int $field, string $value): string
{
    return chr($field << 3 | 2) . digits(strlen($value)) . $value;
}

function digits(int $value): string
{
    return $value < 128 ? chr($value) : chr($value & 127 | 128) . digits($value >> 7);
}

/** An answer with so many bytes of payload. */
function payload(int $size): string
{
    return bytes(1, bytes(2, str_repeat("\0", $size)));
}

/** What a request wants to fail with; null for nothing. */
function wanted_status(array $request): ?string
{
    if (!isset($request[7])) {
        return null;
    }
    $status = fields($request[7][0]);
    return number(1, $status[1][0]) . bytes(2, $status[2][0]);
}

function fail(string $status): void
{
    give(0, json_encode(['error' => base64_encode($status)]), '');
}

/** What the client wants to see again, in the answer's context. */
function echoes(array $metadata): string
{
    $context = [];
    foreach (['headers' => 'x-grpc-test-echo-initial', 'trailers' => 'x-grpc-test-echo-trailing-bin'] as $where => $name) {
        if (isset($metadata[$name])) {
            $context[$where] = json_encode([$name => $metadata[$name][0]]);
        }
    }
    return $context === [] ? '{}' : json_encode($context);
}

/** Answers one request of a stream; what it is to end with, or null to go on. */
function answer_parameters(array $request, string &$context): ?string
{
    foreach ($request[2] ?? [] as $parameters) {
        $wanted = fields($parameters);
        usleep($wanted[2][0] ?? 0);
        send(payload($wanted[1][0] ?? 0), $context);
        $context = '';
    }
    return wanted_status($request);
}

function converse(array $call, string $body, string $echoes): void
{
    $headers = $echoes;
    $kind = ($call['messages'] ?? null) === [] ? 'end' : 'message';
    while ($kind === 'message') {
        $status = answer_parameters(fields($body), $headers);
        if ($status !== null) {
            fail($status);
            return;
        }
        [$kind, $body] = next_message();
    }
    give(0, '', '');
}

while (true) {
    [$context, $body] = receive();
    $call = json_decode($context, true);
    $echoes = echoes($call['context']);
    switch ($call['method']) {
        case 'EmptyCall':
            give(0, $echoes, '');
            break;
        case 'UnaryCall':
            $request = fields($body);
            $status = wanted_status($request);
            $status === null ? give(0, $echoes, payload($request[2][0] ?? 0)) : fail($status);
            break;
        case 'StreamingOutputCall':
            $status = answer_parameters(fields($body), $echoes);
            $status === null ? give(0, '', '') : fail($status);
            break;
        case 'StreamingInputCall':
            $size = 0;
            foreach ($call['messages'] ?? [strlen($body)] as $length) {
                $size += strlen(fields(fields(substr($body, 0, $length))[1][0])[2][0] ?? '');
                $body = substr($body, $length);
            }
            give(0, $echoes, number(1, $size));
            break;
        case 'FullDuplexCall':
            converse($call, $body, $echoes);
            break;
        default:
            fail(number(1, 12) . bytes(2, 'not implemented'));
    }
}
