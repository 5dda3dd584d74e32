package dev.rr.plugin.beanstalk;

import dev.rr.api.config.Problems;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.log.Log;
import dev.rr.net.AddressForms;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.server.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A beanstalkd that keeps its jobs in a folder, over its own death as well. One thread. */
final class TestBeanstalkd implements AutoCloseable {
  private final Path folder;
  private final int port;
  private TestServer server;

  TestBeanstalkd(Path folder) throws IOException {
    this.folder = folder;
    this.port = TestServer.freePort();
    start();
  }

  void start() throws IOException {
    server =
        TestServer.listening(
            folder,
            port,
            List.of(
                "beanstalkd",
                "-l",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-b",
                folder.toString(),
                "-f0"));
  }

  /** Ends it without a word. */
  void kill() {
    server.kill();
  }

  int port() {
    return port;
  }

  BeanstalkServer at(int reached, Duration timeout) {
    return new BeanstalkServer(
        AddressForms.DSN.parse("tcp://127.0.0.1:" + reached), folder, timeout, "test");
  }

  BeanstalkServer at(Duration timeout) {
    return at(port, timeout);
  }

  /** A pipeline on a tube, with upstream's defaults. */
  static BeanstalkPipeline open(BeanstalkServer server, String tube, JobSink sink, Log log)
      throws Exception {
    return open(server, config(tube, 100, true), sink, log);
  }

  static TubeConfig config(String tube, int prefetch, boolean requeueOnFail) {
    return new TubeConfig(tube, Optional.empty(), "", prefetch, requeueOnFail, false);
  }

  static BeanstalkPipeline open(BeanstalkServer server, TubeConfig config, JobSink sink, Log log)
      throws Exception {
    PipelineSpec spec =
        new PipelineSpec(
            "test", 10, new FakeConfigurer().section("jobs.pipelines.test", new Problems()), false);
    BeanstalkPipeline pipeline = new BeanstalkPipeline(spec, config, server, sink, log);
    pipeline.open();
    return pipeline;
  }

  @Override
  public void close() {
    server.close();
  }
}
