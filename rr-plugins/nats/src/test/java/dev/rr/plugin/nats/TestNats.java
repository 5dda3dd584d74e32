package dev.rr.plugin.nats;

import dev.rr.api.config.Problems;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.log.Log;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.server.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A nats-server that keeps its streams over its own death, and pipelines on it. */
final class TestNats {
  private TestNats() {}

  static TestServer start(Path folder) throws IOException {
    return TestServer.listening(
        folder,
        port ->
            List.of(
                "nats-server",
                "-a",
                "127.0.0.1",
                "-p",
                "" + port,
                "-js",
                "-sd",
                folder.toString()));
  }

  static NatsServer client(int port, Log log) {
    return new NatsServer(List.of("nats://127.0.0.1:" + port), log);
  }

  /** Keys with upstream's defaults. */
  static StreamKeys keys(String stream) {
    return keys(stream, 10, "30s", false);
  }

  static StreamKeys keys(String stream, int prefetch, String ackWait, boolean deleteAfterAck) {
    return new StreamKeys(
        stream + ".subject", stream, prefetch, ackWait, false, 0, false, deleteAfterAck, false);
  }

  static NatsPipeline open(NatsServer client, StreamKeys keys, JobSink sink, Log log)
      throws Exception {
    PipelineSpec spec =
        new PipelineSpec(
            "test", 10, new FakeConfigurer().section("jobs.pipelines.test", new Problems()), false);
    NatsPipeline pipeline = new NatsPipeline(spec, keys, client, sink, log);
    pipeline.open();
    return pipeline;
  }
}
