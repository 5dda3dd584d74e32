package dev.rr.plugin.tcp;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.api.worker.PoolConfig;
import dev.rr.net.AddressForms;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The {@code tcp} section; upstream's keys and defaults, and limits that it does not have. */
@ConfigSection("tcp")
record TcpConfig(
    @Key(doc = "Servers by name; workers are told the name.") Map<String, Listener> servers,
    @Key(min = 0, max = 100, doc = "Megabytes that one read takes at most; 0 is 1.")
        int readBufSize,
    @Key(
            fallback = "64",
            min = 1,
            max = 1024,
            doc = "Megabytes that a packet may have; who sends more is closed.")
        int maxPacketSize,
    @Key(
            fallback = "20000",
            min = 0,
            doc = "Connections at once, of all servers; more wait. 0 is no limit.")
        int maxConnections,
    Timeouts timeouts,
    PoolConfig pool)
    implements Checked {
  private static final int MEGABYTE = 1024 * 1024;

  TcpConfig {
    readBufSize = readBufSize == 0 ? 1 : readBufSize;
  }

  /** A server. */
  @ConfigSection
  record Listener(
      @Key(doc = "host:port, :port or unix://path to listen on.") String addr,
      @Key(doc = "What a packet ends with; empty is a carriage return and a line feed.")
          String delimiter,
      @Key(doc = "Speaks TLS.") Optional<Tls> tls) {
    Listener {
      delimiter = delimiter.isEmpty() ? "\r\n" : delimiter;
    }
  }

  /** The TLS of a server. */
  @ConfigSection
  record Tls(
      @Key(required = true, doc = "PEM file with the private key.") String key,
      @Key(required = true, doc = "PEM file with the certificate, then its chain.") String cert,
      @Key(doc = "PEM file with the authorities that clients' certificates are checked against.")
          String rootCa,
      @Key(doc = "What is asked of clients; needs root_ca.") String clientAuthType) {}

  /** How long a client may take. */
  @ConfigSection
  record Timeouts(
      @Key(fallback = "5m", doc = "From the first byte of a packet to its last; 0 is 5m.")
          Duration read,
      @Key(fallback = "30s", doc = "For an answer of which it takes nothing; 0 is 30s.")
          Duration write,
      @Key(fallback = "24h", doc = "Between packets; 0 is 24h.") Duration idle) {
    private static final long MAX_TICK_MILLIS = 500;
    private static final long MIN_TICK_MILLIS = 20;

    Timeouts {
      read = orDefault(read, Duration.ofMinutes(5));
      write = orDefault(write, Duration.ofSeconds(30));
      idle = orDefault(idle, Duration.ofHours(24));
    }

    private static Duration orDefault(Duration given, Duration fallback) {
      return given.isZero() ? fallback : given;
    }

    /** Milliseconds between two looks at who is late, often enough for the shortest of these. */
    long tickMillis() {
      long shortest =
          Stream.of(read, write, idle).min(Duration::compareTo).orElseThrow().toMillis();
      return Math.clamp(shortest / 4, MIN_TICK_MILLIS, MAX_TICK_MILLIS);
    }
  }

  int readBytes() {
    return readBufSize * MEGABYTE;
  }

  int packetBytes() {
    return maxPacketSize * MEGABYTE;
  }

  @Override
  public void check(Section at) {
    if (servers.isEmpty()) {
      at.problem(
          "servers",
          "no servers registered; name one at least: servers: {main: {addr: \"127.0.0.1:7777\"}}");
    }
    Map<String, String> taken = new HashMap<>();
    at.sectionMap("servers")
        .forEach((name, section) -> {
          Listener server = servers.get(name);
          if (server != null) {
            checkAddress(name, server.addr(), section, taken);
          }
        });
  }

  private static void checkAddress(
      String name, String address, Section at, Map<String, String> taken) {
    if (address.isEmpty()) {
      at.problem("addr", "empty address for the server: " + name);
      return;
    }
    AddressForms.LISTENER.problem(address).ifPresent(problem -> at.problem("addr", problem));
    String other = taken.putIfAbsent(address, name);
    if (other != null && !address.endsWith(":0")) {
      at.problem("addr", "'" + address + "' is the address of the server " + other + " as well");
    }
  }
}
