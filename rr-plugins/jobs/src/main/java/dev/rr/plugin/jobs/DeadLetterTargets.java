package dev.rr.plugin.jobs;

import dev.rr.api.config.Nearest;
import dev.rr.api.config.Section;
import dev.rr.plugin.jobs.JobsConfig.DeadLetter;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Where jobs go that failed for good, before any has failed. Any thread.
 *
 * @param pipelines finds one by its name
 */
record DeadLetterTargets(Function<String, Optional<ManagedPipeline>> pipelines) {
  /**
   * Records a problem where such jobs would come back, as they would go round for ever, and warns
   * of a pipeline that is not there, which a client may still declare.
   *
   * @param names those that there are, opened or not
   */
  void check(ManagedPipeline pipeline, Collection<String> names) {
    Section at = pipeline.section().section("deadletter");
    if (comesBack(pipeline)) {
      at.problem("pipeline", "jobs that fail there come back to '" + pipeline.name() + "'");
    }
    pipeline
        .deadLetter()
        .map(DeadLetter::pipeline)
        .filter(target -> !names.contains(target))
        .ifPresent(target -> at.warn("pipeline", missing(target, names)));
  }

  /** Says that a pipeline is not there, and which one may be meant. */
  static String missing(String name, Collection<String> names) {
    String near = Nearest.to(name, names);
    return "there is no pipeline '"
        + name
        + "' yet"
        + (near == null ? "" : "; did you mean '" + near + "'?");
  }

  private boolean comesBack(ManagedPipeline pipeline) {
    Set<String> seen = new HashSet<>();
    Optional<DeadLetter> next = pipeline.deadLetter();
    while (next.isPresent() && seen.add(next.get().pipeline())) {
      if (next.get().pipeline().equals(pipeline.name())) {
        return true;
      }
      next = pipelines.apply(next.get().pipeline()).flatMap(ManagedPipeline::deadLetter);
    }
    return false;
  }
}
