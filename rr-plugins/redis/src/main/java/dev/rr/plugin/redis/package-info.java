/**
 * The driver {@code redis} of {@code kv}: one server, the master that sentinels know, or a cluster.
 * All storages share the threads of {@link dev.rr.plugin.redis.RedisThreads}; one more dials while
 * a storage has no connection.
 */
@NullMarked
package dev.rr.plugin.redis;

import org.jspecify.annotations.NullMarked;
