package dev.rr.api.worker;

import dev.rr.annotation.Key;

/**
 * A worker at one moment, named as {@code informer.Workers} answers (all keys are read by the PHP
 * package).
 *
 * @param pid the process
 * @param status the state's number: 0 inactive, 1 ready, 2 working, 3 invalid, 4 stopping, 5
 *     stopped, 6 destroyed, 7 maxJobsReached, 8 errored, 9 idleTTLReached, 10 ttlReached, 11
 *     maxMemoryReached, 12 exec TTL
 * @param numExecs payloads it was sent
 * @param created Unix time in nanoseconds
 * @param memoryUsage resident memory in bytes
 * @param cpuPercent CPU time since its start by wall time since its start, in percent
 * @param command filled by the service plugin only
 * @param statusStr the state's name
 */
public record WorkerSnapshot(
    long pid,
    int status,
    long numExecs,
    long created,
    long memoryUsage,
    @Key(name = "CPUPercent") double cpuPercent,
    String command,
    String statusStr) {
  private static final int READY = 1;
  private static final int WORKING = 2;

  /** Whether it waits for work. */
  public boolean isReady() {
    return status == READY;
  }

  /** Whether it works. */
  public boolean isWorking() {
    return status == WORKING;
  }
}
