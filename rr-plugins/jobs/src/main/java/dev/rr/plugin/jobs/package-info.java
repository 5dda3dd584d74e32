/**
 * Job pipelines: jobs come over RPC, wait in the broker of their pipeline's driver, and are worked
 * on by PHP. The way of a job: {@code PushCalls} → {@code ManagedPipeline} → driver → {@code
 * JobQueue} → {@code JobDispatcher} → a pool → {@code JobExecution} → {@code Settlement} → driver.
 *
 * <p>Owns no platform thread beside those of its pools. What may wait for a broker runs on virtual
 * threads named {@code rr-jobs-…}.
 */
@NullMarked
package dev.rr.plugin.jobs;

import org.jspecify.annotations.NullMarked;
