package dev.rr.plugin.jobs;

import dev.rr.api.config.Nearest;
import dev.rr.api.log.Log;
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
  /** Records a problem where such jobs would come back: they would go round for ever. */
  void check(ManagedPipeline pipeline) {
    if (comesBack(pipeline)) {
      pipeline
          .section()
          .section("deadletter")
          .problem("pipeline", "jobs that fail there come back to '" + pipeline.name() + "'");
    }
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

  /** Warns of one that is not there, which a client may still declare. */
  void warn(ManagedPipeline pipeline, Collection<String> names, Log log) {
    String target = pipeline.deadLetter().map(DeadLetter::pipeline).orElse("");
    if (target.isEmpty() || pipelines.apply(target).isPresent()) {
      return;
    }
    String near = Nearest.to(target, names);
    log.warn(
        "deadletter names a pipeline that is not there yet"
            + (near == null ? "" : "; did you mean '" + near + "'?"),
        "pipeline",
        pipeline.name(),
        "deadletter",
        target);
  }
}
