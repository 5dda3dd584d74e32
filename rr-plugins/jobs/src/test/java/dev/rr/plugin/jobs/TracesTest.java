package dev.rr.plugin.jobs;

import static dev.rr.plugin.jobs.PluginHarness.job;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.trace.Span;
import dev.rr.api.trace.Tracer;
import dev.rr.proto.JobsProto;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TracesTest {
  @TempDir Path folder;

  private final List<String> spans = new CopyOnWriteArrayList<>();
  private final List<String> worked = new CopyOnWriteArrayList<>();

  /** A tracer that notes which span began below which. */
  private final class Noting implements Tracer {
    @Override
    public Span begin(String name, Kind kind, Function<String, @Nullable String> incoming) {
      return new Noted(name, kind + " " + name + " below " + incoming.apply("traceparent"));
    }
  }

  private final class Noted implements Span {
    private final String name;

    Noted(String name, String line) {
      this.name = name;
      spans.add(line);
    }

    @Override
    public Span attribute(String key, String value) {
      return this;
    }

    @Override
    public Span attribute(String key, long value) {
      return this;
    }

    @Override
    public Span rename(String other) {
      return this;
    }

    @Override
    public Span error(String message) {
      spans.add(name + " failed: " + message.replaceAll("\\s+", " "));
      return this;
    }

    @Override
    public Span child(String child) {
      return new Noted(child, child + " below " + name);
    }

    @Override
    public void inject(BiConsumer<String, String> outgoing) {
      outgoing.accept("Traceparent", name);
    }

    @Override
    public void end() {
      spans.add(name + " ended");
    }
  }

  private PluginHarness start() throws Exception {
    return new PluginHarness(
            folder,
            "{pipelines: {a: {driver: memory}}, consume: [a]}",
            (request, reply) -> {
              worked.add(request.context());
              FakePool.answer(reply, "", "{\"type\":0}");
            },
            Optional.of(new Noting()))
        .start();
  }

  @Test
  void aPushAndItsWorkAreInTheTraceOfTheClient() throws Exception {
    try (PluginHarness jobs = start()) {
      jobs.push(
          job("task", "a").toBuilder()
              .putHeaders(
                  "traceparent", JobsProto.HeaderValue.newBuilder().addValue("client").build())
              .build());
      Await.until("it is done", () -> jobs.scraped("rr_jobs_jobs_ok") == 1);
      assertThat(spans)
          .contains(
              "SERVER push below client",
              "in_memory_push below push",
              "INTERNAL jobs_listener below push",
              "jobs_listener ended",
              "push ended");
      // What the client wrote stays as it was, beside what the server says.
      assertThat(worked.getFirst())
          .contains("\"traceparent\":[\"client\"]", "\"Traceparent\":[\"jobs_listener\"]");
    }
  }

  @Test
  void aBatchIsInTheTraceOfTheFirstOfItsJobsThatIsInOne() throws Exception {
    try (PluginHarness jobs = start()) {
      JobsProto.HeaderValue client = JobsProto.HeaderValue.newBuilder().addValue("client").build();
      JobsProto.HeaderValue other = JobsProto.HeaderValue.newBuilder().addValue("other").build();
      Object ignored =
          jobs.call(
              "PushBatch",
              JobsProto.PushBatchRequest.newBuilder()
                  .addJobs(job("none", "a"))
                  .addJobs(job("first", "a").toBuilder().putHeaders("TraceParent", client))
                  .addJobs(job("second", "a").toBuilder().putHeaders("traceparent", other))
                  .build());
      assertThat(spans).contains("SERVER push_batch below client");
    }
  }

  @Test
  void callsThatFailAreSpansThatFailed() throws Exception {
    try (PluginHarness jobs = start()) {
      try {
        jobs.on("Resume", "a");
      } catch (Exception expected) {
        assertThat(spans)
            .contains(
                "SERVER resume_pipeline below null",
                "resume_pipeline failed: rpc_resume: memory listener is already in the active"
                    + " state",
                "resume_pipeline ended");
        return;
      }
    }
    throw new AssertionError("nothing failed");
  }
}
