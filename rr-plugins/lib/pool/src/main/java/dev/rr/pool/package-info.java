/**
 * A pool of worker processes. Threads: each worker has an owner ({@code rr-<pool>-worker-<n>}) that
 * starts the process, alone touches its relay, and ends with it, and a reader of its stderr; each
 * pool has one watcher that enforces every limit on time and memory. Requests reach owners through
 * one first-in first-out queue.
 *
 * <p>The way of a request: the caller's thread goes through {@code WorkerPool.exec} and {@code
 * TaskDispatcher} into {@code TaskQueue}; the owner of a free worker takes it there in {@code
 * Worker.serve} and converses about it in {@code TaskExecution}, which calls the receiver.
 *
 * <p>Each class knows only those before it: {@code State}, {@code PoolSettings} and {@code
 * KillTimer}; {@code Task}, {@code TaskQueue} and {@code TaskDispatcher}; {@code WorkerProcess},
 * {@code TaskExecution} and {@code Worker}; {@code WorkerSet}; {@code Supervisor}, {@code
 * Allocator} and {@code Watcher}; {@code WorkerPool}. Those that come later are reached by a
 * listener of one's own.
 */
@NullMarked
package dev.rr.pool;

import org.jspecify.annotations.NullMarked;
