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

/** A beanstalkd that keeps its jobs over its own death, and pipelines on it. */
final class TestBeanstalkd {
  private TestBeanstalkd() {}

  static TestServer start(Path folder) throws IOException {
    return TestServer.listening(
        folder,
        port ->
            List.of(
                "beanstalkd", "-l", "127.0.0.1", "-p", "" + port, "-b", folder.toString(), "-f0"));
  }

  static BeanstalkServer at(int port, Duration timeout) {
    return new BeanstalkServer(
        AddressForms.DSN.parse("tcp://127.0.0.1:" + port), Path.of("."), timeout, "test");
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
}
