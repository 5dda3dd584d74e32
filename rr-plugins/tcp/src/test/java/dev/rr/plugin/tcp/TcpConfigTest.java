package dev.rr.plugin.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.ConfigException;
import dev.rr.api.config.Problem;
import dev.rr.config.Configuration;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.tls.TestKeys;
import dev.rr.testing.worker.FakePool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TcpConfigTest {
  @TempDir Path folder;

  private TcpConfig read(String section) throws IOException {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, "version: \"3\"\ntcp: " + section + "\n");
    return Configuration.read(file).bind(TcpConfigBinder.INSTANCE);
  }

  private List<String> problems(String section) throws IOException {
    try {
      TcpConfig fine = read(section);
      throw new AssertionError("no problem in " + fine);
    } catch (ConfigException e) {
      return e.problems().stream().map(Problem::toString).toList();
    }
  }

  @Test
  void everythingButAnAddressHasADefault() throws IOException {
    TcpConfig config = read("{servers: {main: {addr: \":7777\"}}}");

    assertThat(config.servers().get("main"))
        .isEqualTo(new TcpConfig.Listener(":7777", "\r\n", Optional.empty()));
    assertThat(config.readBytes()).isEqualTo(1 << 20);
    assertThat(config.packetBytes()).isEqualTo(64 << 20);
    assertThat(config.maxConnections()).isEqualTo(20_000);
    assertThat(config.timeouts())
        .isEqualTo(
            new TcpConfig.Timeouts(
                Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofHours(24)));
  }

  @Test
  void namesKeepTheirCaseAndDelimitersTheirBytes() throws IOException {
    TcpConfig config =
        read(
            "{servers: {Main: {addr: \":1\", delimiter: \"\\0\\t \"}, x.Y: {addr: \":2\"}},"
                + " read_buf_size: 8}");

    assertThat(config.servers()).containsOnlyKeys("Main", "x.Y");
    assertThat(config.servers())
        .containsEntry("Main", new TcpConfig.Listener(":1", "\0\t ", Optional.empty()));
    assertThat(config.readBytes()).isEqualTo(8 << 20);
  }

  @Test
  void aServerIsNeeded() throws IOException {
    for (String section : List.of("{}", "{servers: {}}", "{pool: {num_workers: 1}}")) {
      assertThat(problems(section))
          .singleElement()
          .asString()
          .contains("tcp.servers", "no servers registered; name one");
    }
  }

  @Test
  void everyWrongAddressIsToldAtOnce() throws IOException {
    assertThat(
            problems(
                "{servers: {a: {delimiter: x}, B: {addr: \"garbage://127.0.0.1:7792\"},"
                    + " c: {addr: \":9\"}, d: {addr: \":9\"}}}"))
        .satisfiesExactly(
            one -> assertThat(one).contains("tcp.servers.a", "empty address for the server: a"),
            two ->
                assertThat(two)
                    .contains("tcp.servers.B.addr", "'garbage://127.0.0.1:7792' is no address")
                    .contains("allowed are host:port"),
            three ->
                assertThat(three)
                    .contains("tcp.servers.d.addr", "':9' is the address of the server c as well"));
  }

  @Test
  void sizesHaveBounds() throws IOException {
    // RoadRunner 2 counted read_buf_size in bytes.
    assertThat(problems("{servers: {a: {addr: \":9\"}}, read_buf_size: 1048576}"))
        .singleElement()
        .asString()
        .contains("tcp.read_buf_size", "1048576", "100");
    assertThat(problems("{servers: {a: {addr: \":9\"}}, max_packet_size: 0}"))
        .singleElement()
        .asString()
        .contains("tcp.max_packet_size", "1024");
  }

  @Test
  void tlsNeedsBothOfItsFiles() throws Exception {
    assertThat(problems("{servers: {a: {addr: \":9\", tls: {key: server.key}}}}"))
        .singleElement()
        .asString()
        .contains("tcp.servers.a.tls", "cert");

    TestKeys.make(folder, "server", "EC");
    assertThat(
            FoundProblems.of(
                tls("{key: none.key, cert: server.crt, client_auth_type: some}").plugin))
        .satisfiesExactly(
            one -> assertThat(one).contains("tcp.servers.A.tls.key", "none.key", "does not exist"),
            two -> assertThat(two).contains("tls.client_auth_type", "'some' is unknown"));
    assertThat(FoundProblems.of(tls("{key: server.key, cert: server.crt}").plugin)).isEmpty();
  }

  private TcpHarness tls(String section) throws IOException {
    return TcpHarness.of(
        folder,
        "{servers: {A: {addr: \"127.0.0.1:0\", tls: " + section + "}}}",
        FakePool.answering("CONTINUE", ""));
  }

  @Test
  void aPortThatIsTakenEndsTheStartWithItsKey() throws Exception {
    FakePool pool = FakePool.answering("CONTINUE", "");
    try (TcpHarness first = TcpHarness.main(folder, "", pool);
        TcpHarness second =
            TcpHarness.of(
                folder,
                "{servers: {Other: {addr: \"127.0.0.1:%d\"}}}".formatted(first.port("main")),
                pool)) {
      assertThatThrownBy(second::start)
          .hasMessageContaining("tcp.servers.Other.addr")
          .hasMessageContaining("in use");
    }
  }
}
