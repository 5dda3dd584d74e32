package dev.rr.api.jobs;

import dev.rr.annotation.Contract;

/**
 * A way to queue jobs, for example AMQP. The name of the offer is what {@code
 * jobs.pipelines.<name>.driver} says, and what a worker is told as {@code driver}.
 *
 * <p>What several pipelines of a driver share belongs to its plugin, which starts before the first
 * is opened and stops after the last was stopped, as long as its weight is not below that of the
 * plugin {@code jobs}.
 */
@Contract
public interface JobsDriver {
  /**
   * Says what would keep {@link #open} from working, without touching the world: decodes the
   * section, and looks at what it names. Called by the plugin {@code jobs} while it checks, and
   * before a declared pipeline is opened.
   *
   * @throws dev.rr.api.config.ConfigException with what is wrong
   */
  void check(PipelineSpec spec);

  /**
   * Opens a pipeline, which does not consume before {@link Pipeline#resume}. Called for those of
   * the configuration while the plugin {@code jobs} starts, several at once on threads of its own,
   * and later for each that is declared over RPC or {@linkplain JobSink#lost lost}. May block.
   *
   * @param sink takes what arrives; the pipeline's own, for its whole life
   * @throws Exception when the pipeline cannot be opened, with nothing left open; the message is
   *     for the user
   */
  Pipeline open(PipelineSpec spec, JobSink sink) throws Exception;
}
