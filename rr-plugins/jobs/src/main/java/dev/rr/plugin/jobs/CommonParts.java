package dev.rr.plugin.jobs;

import dev.rr.api.jobs.Job;

/**
 * What most jobs of a pipeline have in common, their names and options, so that a million of them
 * that wait have them once. Any thread.
 */
final class CommonParts {
  private volatile String name = "";
  private volatile Job.Options options = Job.Options.NONE;

  /** A name, the last one's where that is the same. */
  String name(String other) {
    String last = name;
    if (last.equals(other)) {
      return last;
    }
    name = other;
    return other;
  }

  /** Options, the last ones where those are the same. */
  Job.Options options(Job.Options other) {
    Job.Options last = options;
    if (last.equals(other)) {
      return last;
    }
    options = other;
    return other;
  }
}
