<?php

// Version 3 of PSR-16, which the package is written against; Debian has version 1, whose methods have no types.

declare(strict_types=1);

namespace Psr\SimpleCache;

interface CacheException extends \Throwable {}

interface InvalidArgumentException extends CacheException {}

interface CacheInterface
{
    public function get(string $key, mixed $default = null): mixed;

    public function set(string $key, mixed $value, null|int|\DateInterval $ttl = null): bool;

    public function delete(string $key): bool;

    public function clear(): bool;

    public function getMultiple(iterable $keys, mixed $default = null): iterable;

    public function setMultiple(iterable $values, null|int|\DateInterval $ttl = null): bool;

    public function deleteMultiple(iterable $keys): bool;

    public function has(string $key): bool;
}
