<?php

// A small goridge RPC client for tests: needs no package. Include it, then
//   $rpc = new RpcClient('tcp://127.0.0.1:6001');   $rpc->call('kv.Has', $bytes, RpcClient::PROTO);

declare(strict_types=1);

/** What the server says instead of an answer. */
final class RpcError extends RuntimeException {}

final class RpcClient
{
    public const RAW = 0x04;
    public const JSON = 0x08;
    public const PROTO = 0x80;
    private const ERROR = 0x40;

    /** @var resource */
    private $socket;
    private int $sequence = 0;

    public function __construct(string $address, private float $timeout = 10.0)
    {
        $this->socket = stream_socket_client($address, $code, $message, $timeout)
            ?: throw new RuntimeException("$address: $message");
        stream_set_timeout($this->socket, (int) $timeout);
    }

    /** Calls a method and waits. JSON takes and gives any value, RAW and PROTO take and give bytes. */
    public function call(string $method, mixed $payload, int $codec = self::JSON): mixed
    {
        $this->send($method, $payload, $codec);
        return $this->receive();
    }

    public function send(string $method, mixed $payload, int $codec = self::JSON): void
    {
        $body = $codec === self::JSON ? json_encode($payload, JSON_THROW_ON_ERROR) : $payload;
        $options = pack('VV', ++$this->sequence, strlen($method));
        // Version 1, two options after three words of header: 5 words. The sum covers the first ten bytes as they are.
        $head = pack('CCV', 0x10 | 5, $codec, strlen($method) + strlen($body));
        $frame = $head . pack('V', crc32($head)) . "\0\0" . $options . $method . $body;
        for (; $frame !== ''; $frame = substr($frame, $sent)) {
            $sent = fwrite($this->socket, $frame) ?: throw new RuntimeException('the server does not read');
        }
    }

    public function receive(): mixed
    {
        $head = unpack('Cwords/Cflags/Vlength/Vsum', $this->take(12));
        $options = unpack('V*', $this->take((($head['words'] & 15) - 3) * 4));
        $payload = $this->take($head['length']);
        if ($options[1] !== $this->sequence) {
            throw new RuntimeException("answer $options[1] to call $this->sequence");
        }
        $payload = substr($payload, $options[2]);
        if ($head['flags'] & self::ERROR) {
            throw new RpcError($payload);
        }
        return $head['flags'] & self::JSON ? json_decode($payload, true, 512, JSON_THROW_ON_ERROR) : $payload;
    }

    private function take(int $length): string
    {
        for ($bytes = ''; strlen($bytes) < $length; $bytes .= $more) {
            $more = fread($this->socket, $length - strlen($bytes));
            if ($more === false || $more === '') {
                throw new RuntimeException('the server closed the connection or does not answer');
            }
        }
        return $bytes;
    }
}
