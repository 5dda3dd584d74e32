package dev.rr.plugin.grpc;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.api.worker.PoolConfig;
import dev.rr.grpc.ConnectionTimes;
import dev.rr.grpc.GrpcServer;
import dev.rr.net.AddressForms;
import dev.rr.netty.tls.ListenerTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code grpc} section. */
@ConfigSection("grpc")
record GrpcConfig(
    @Key(required = true, doc = "host:port, :port or unix://path where gRPC is spoken.")
        String listen,
    @Key(doc = "Proto files, or patterns such as proto/**/*.proto, whose services PHP serves.")
        List<String> proto,
    @Key(doc = "Environment variables for the workers.") Map<String, String> env,
    @Key(doc = "Names of interceptors; the first meets a call first.") List<String> interceptors,
    @Key(min = 0, max = 2047, doc = "Megabytes an answer may have; 0 is 50.") int maxSendMsgSize,
    @Key(min = 0, max = 2047, doc = "Megabytes a message may have; 0 is 50.") int maxRecvMsgSize,
    @Key(doc = "Time without calls after which a connection is closed; 0 is never.")
        Duration maxConnectionIdle,
    @Key(doc = "Age at which a connection is closed, give or take a tenth; 0 is never.")
        Duration maxConnectionAge,
    @Key(doc = "Time that calls have left on a connection that is too old; 0 is all they need.")
        Duration maxConnectionAgeGrace,
    @Key(min = 0, max = Integer.MAX_VALUE, doc = "Calls at once on a connection; 0 is 10.")
        int maxConcurrentStreams,
    @Key(doc = "Silence after which a client is asked whether it is there; 0 is 2h.")
        Duration pingTime,
    @Key(doc = "Time that a client has to answer that; 0 is 20s.") Duration timeout,
    Optional<Tls> tls,
    PoolConfig pool)
    implements Checked {
  private static final int MEGABYTES = 50;
  private static final int MEGABYTE = 1024 * 1024;

  GrpcConfig {
    maxSendMsgSize = maxSendMsgSize == 0 ? MEGABYTES : maxSendMsgSize;
    maxRecvMsgSize = maxRecvMsgSize == 0 ? MEGABYTES : maxRecvMsgSize;
    maxConcurrentStreams = maxConcurrentStreams == 0 ? 10 : maxConcurrentStreams;
    pingTime = orDefault(pingTime, Duration.ofHours(2));
    timeout = orDefault(timeout, Duration.ofSeconds(20));
  }

  private static Duration orDefault(Duration given, Duration fallback) {
    return given.isZero() ? fallback : given;
  }

  @Override
  public void check(Section at) {
    AddressForms.LISTENER.problem(listen).ifPresent(problem -> at.problem("listen", problem));
  }

  /** Keys and certificates. */
  @ConfigSection
  record Tls(
      @Key(doc = "PEM file with the private key.") String key,
      @Key(doc = "PEM file with the certificate, then its chain.") String cert,
      @Key(doc = "PEM file with the authorities that clients' certificates are checked against.")
          String rootCa,
      @Key(doc = "What is asked of clients; needs root_ca.") String clientAuthType) {
    /** As a listener takes them. */
    ListenerTls.Files files(Path folder) {
      return new ListenerTls.Files("grpc.tls", cert, key, rootCa, clientAuthType, folder);
    }
  }

  /** The most bytes that an answer may have. */
  int mostSent() {
    return maxSendMsgSize * MEGABYTE;
  }

  /** The most bytes that a message may have. */
  int mostReceived() {
    return maxRecvMsgSize * MEGABYTE;
  }

  /** How it listens. */
  GrpcServer.Settings server() {
    return new GrpcServer.Settings(
        "grpc",
        "grpc.listen",
        AddressForms.LISTENER.parse(listen),
        mostReceived(),
        maxConcurrentStreams,
        new ConnectionTimes(
            maxConnectionIdle, maxConnectionAge, maxConnectionAgeGrace, pingTime, timeout));
  }

  /** The variables of the workers. */
  Map<String, String> variables() {
    Map<String, String> all = new HashMap<>(env);
    all.put("RR_MODE", "grpc");
    return all;
  }
}
