package dev.rr.plugin.http;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.worker.PoolConfig;
import dev.rr.plugin.http.body.BodyLimits;
import dev.rr.plugin.http.body.Uploads;
import dev.rr.plugin.http.connection.TimeLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The {@code http} section. Keys that middleware and other transports read below it are theirs. */
@ConfigSection("http")
record HttpConfig(
    @Key(doc = "host:port, :port or unix://path of the plain listener; empty is none.")
        String address,
    @Key(doc = "Names of middleware.") List<String> middleware,
    @Key(fallback = "first_first", doc = "Which listed middleware meets the request first.")
        Order middlewareOrder,
    @Key(min = 0, doc = "Megabytes a request's body may have; 0 is 1000.") long maxRequestSize,
    @Key(
            fallback = "32",
            min = 1,
            max = 1024,
            doc =
                "Megabytes a form may have without its files, as it comes with the heads of its"
                    + " parts, and again as JSON.")
        long maxFormSize,
    @Key(doc = "Hand forms over as they came, without parsing.") boolean rawBody,
    @Key(doc = "Log every request in detail.") boolean accessLogs,
    @Key(min = 0, max = 599, doc = "Status when a worker fails; 0 is 500.") int internalErrorCode,
    @Key(fallback = "auto", doc = "What workers are spoken to in.") Codec codec,
    @Key(min = 0, doc = "Connections at once, those of HTTP/3 among them; 0 is no limit.")
        int maxConnections,
    Uploads uploads,
    PoolConfig pool,
    Optional<Ssl> ssl,
    Http2 http2,
    Fcgi fcgi,
    Timeouts timeouts) {

  private static final long MEGABYTE = 1024 * 1024;
  private static final long DEFAULT_REQUEST_MEGABYTES = 1000;

  HttpConfig {
    internalErrorCode = internalErrorCode == 0 ? 500 : internalErrorCode;
  }

  /** What bodies may be. */
  BodyLimits bodyLimits() {
    long megabytes = maxRequestSize == 0 ? DEFAULT_REQUEST_MEGABYTES : maxRequestSize;
    return new BodyLimits(megabytes * MEGABYTE, maxFormSize * MEGABYTE, timeouts.read());
  }

  /** Which listed middleware meets the request first. */
  enum Order {
    FIRST_FIRST,
    LAST_FIRST
  }

  /** What workers are spoken to in. */
  enum Codec {
    AUTO,
    JSON,
    PROTO
  }

  /** What happens to uploaded files. */
  @ConfigSection
  record Uploads(
      @Key(doc = "Folder for uploaded files; empty is the system's.") String dir,
      @Key(doc = "Extensions to refuse, with their dot.") List<String> forbid,
      @Key(doc = "The only extensions to take; empty is all.") List<String> allow) {}

  /** HTTP/2 without TLS, and its limits. */
  @ConfigSection
  record Http2(
      @Key(doc = "Take HTTP/2 on the plain listener from clients that begin with it.") boolean h2c,
      @Key(min = 0, doc = "Requests at once on a connection; 0 is 128.")
          long maxConcurrentStreams) {
    Http2 {
      maxConcurrentStreams = maxConcurrentStreams == 0 ? 128 : maxConcurrentStreams;
    }
  }

  /** The listener for web servers that speak FastCGI. */
  @ConfigSection
  record Fcgi(
      @Key(doc = "host:port or unix://path where FastCGI is spoken; empty is none.")
          String address) {}

  /** The TLS listener. */
  @ConfigSection
  record Ssl(
      @Key(fallback = "127.0.0.1:443", doc = "host:port of the TLS listener.") String address,
      @Key(doc = "Send plain requests to the TLS listener.") boolean redirect,
      @Key(doc = "PEM file with the private key.") String key,
      @Key(doc = "PEM file with the certificate, then its chain.") String cert,
      @Key(doc = "PEM file with the authorities that clients' certificates are checked against.")
          String rootCa,
      @Key(doc = "What is asked of clients; needs root_ca.") String clientAuthType) {}

  /** How long a client may take. */
  @ConfigSection
  record Timeouts(
      @Key(fallback = "5m", doc = "For a request's head.") Duration header,
      @Key(fallback = "5m", doc = "For a whole request.") Duration read,
      @Key(fallback = "30s", doc = "For one write that does not move.") Duration write,
      @Key(fallback = "1h", doc = "Between requests.") Duration idle) {
    private static final long MAX_TICK_MILLIS = 1000;
    private static final long MIN_TICK_MILLIS = 20;

    Timeouts {
      header = orDefault(header, Duration.ofMinutes(5));
      read = orDefault(read, Duration.ofMinutes(5));
      write = orDefault(write, Duration.ofSeconds(30));
      idle = orDefault(idle, Duration.ofHours(1));
    }

    /** Milliseconds between two looks at who is late, often enough for the shortest of these. */
    long tickMillis() {
      long shortest =
          Stream.of(header, read, write, idle).min(Duration::compareTo).orElseThrow().toMillis();
      return Math.clamp(shortest / 4, MIN_TICK_MILLIS, MAX_TICK_MILLIS);
    }

    /** As connections know them. */
    TimeLimits limits() {
      return new TimeLimits(header, read, write, idle);
    }

    private static Duration orDefault(Duration given, Duration fallback) {
      return given.isZero() ? fallback : given;
    }
  }
}
