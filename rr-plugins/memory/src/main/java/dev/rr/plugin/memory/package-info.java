/**
 * The driver {@code memory}: storages of kv and pipelines of jobs in the server's own memory, the
 * former with a file behind them where that is wished, and brokers of this process. Owns one
 * thread, {@code rr-memory}, from the first storage on: it gives back what expired values hold, and
 * writes files to the disk and anew.
 */
@NullMarked
package dev.rr.plugin.memory;

import org.jspecify.annotations.NullMarked;
