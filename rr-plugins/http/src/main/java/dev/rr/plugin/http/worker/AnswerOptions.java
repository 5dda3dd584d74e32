package dev.rr.plugin.http.worker;

import dev.rr.plugin.http.body.Spool;
import java.time.Duration;

/**
 * How answers of workers are sent, and what stands for one that failed. Immutable.
 *
 * @param errorStatus the status when a worker fails
 * @param debug whether the client is told why
 * @param stallLimit how long a client may take nothing of its answer
 * @param spool where answers go that find no room in memory
 */
public record AnswerOptions(int errorStatus, boolean debug, Duration stallLimit, Spool spool) {}
