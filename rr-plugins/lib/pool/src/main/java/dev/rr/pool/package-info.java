/**
 * A pool of worker processes. Threads: each worker has an owner ({@code rr-<pool>-worker-<n>}) that
 * starts the process, alone touches its relay, and ends with it, and a reader of its stderr; each
 * pool has one watcher that enforces every limit on time and memory. Requests reach owners through
 * one first-in first-out queue.
 */
@NullMarked
package dev.rr.pool;

import org.jspecify.annotations.NullMarked;
