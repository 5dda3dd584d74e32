package dev.rr.plugin.tcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.metrics.MetricsSink;
import java.util.concurrent.atomic.LongAdder;

/** A server as its connections know it, and what it counts. Any thread. */
final class TcpServer {
  private final String name;
  private final TcpConfig.Listener config;
  private final byte[] delimiter;
  private final LongAdder connected = new LongAdder();
  private final LongAdder gone = new LongAdder();
  private final LongAdder packets = new LongAdder();

  /**
   * A server without connections.
   *
   * @param name as workers are told it
   */
  TcpServer(String name, TcpConfig.Listener config) {
    this.name = name;
    this.config = config;
    this.delimiter = config.delimiter().getBytes(UTF_8);
  }

  String name() {
    return name;
  }

  TcpConfig.Listener config() {
    return config;
  }

  /** The key path of its section. */
  String section() {
    return "tcp.servers." + name;
  }

  /** What packets end with; not to be changed. */
  byte[] delimiter() {
    return delimiter;
  }

  void connected() {
    connected.increment();
  }

  void gone() {
    gone.increment();
  }

  void packet() {
    packets.increment();
  }

  /** Hands its figures over. */
  void collect(MetricsSink sink) {
    // In this order, or one that comes and goes in between would count as less than none.
    long left = gone.sum();
    long came = connected.sum();
    sink.gauge("rr_tcp_connections", "TCP connections now.", came - left, "server", name);
    sink.counter("rr_tcp_connections_total", "TCP connections so far.", came, "server", name);
    sink.counter(
        "rr_tcp_packets_total", "Packets handed to workers.", packets.sum(), "server", name);
  }
}
