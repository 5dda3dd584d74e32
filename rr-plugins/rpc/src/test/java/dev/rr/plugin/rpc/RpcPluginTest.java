package dev.rr.plugin.rpc;

import static dev.rr.plugin.rpc.RawClient.JSON;
import static dev.rr.plugin.rpc.RawClient.RAW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.Problems;
import dev.rr.api.log.Log;
import dev.rr.api.metrics.MetricsSource;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Named;
import dev.rr.api.rpc.RpcHandler;
import dev.rr.testing.plugin.LifecycleContract;
import dev.rr.testing.plugin.Scrape;
import dev.rr.testing.worker.LeakCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ExtendWith(LeakCheck.class)
class RpcPluginTest {
  @BeforeAll
  static void warmUp() throws IOException {
    Services.warmUp();
  }

  private static final Deadline SOON = Deadline.after(Duration.ofSeconds(30));
  private static final String CONFIG =
      "{\"app\":{\"html\":\"\\u003c\\u0026\\u003e\"},\"rpc\":{\"listen\":\"tcp://127.0.0.1:0\"}}";

  private final Map<String, MetricsSource> figures = new HashMap<>();

  @TempDir private Path folder;

  private RpcPlugin plugin(String listen) {
    TreeMap<String, Object> tree = new TreeMap<>();
    tree.put("rpc", Map.of("listen", "tcp://127.0.0.1:0"));
    tree.put("app", Map.of("html", "<&>"));
    return new RpcPlugin(
        new RpcConfig(listen),
        Fakes.configurer(tree),
        Fakes.host(folder),
        Optional.empty(),
        Optional.of(figures::put),
        name -> Log.NONE);
  }

  @Test
  void metricsIsGivenTheFiguresOfTheSocket() throws Exception {
    RpcPlugin plugin = plugin("tcp://127.0.0.1:0");
    plugin.init();
    MetricsSource source = Objects.requireNonNull(figures.get("rpc"));
    assertThat(Scrape.of(source).values()).isEmpty();
    plugin.start();
    try {
      assertThat(Scrape.of(source).values()).containsEntry("rr_rpc_calls_total", 0.0);
    } finally {
      plugin.stop(SOON);
    }
  }

  @Test
  void tellsItsVersionAndItsConfiguration() throws Exception {
    RpcPlugin plugin = plugin("tcp://127.0.0.1:0");
    plugin.start();
    try (RawClient client = new RawClient(plugin.port())) {
      assertThat(client.json("rpc.Version", "true")).isEqualTo("\"2025.1.15\"");
      assertThat(client.json("rpc.Version", "")).isEqualTo("\"2025.1.15\"");
      assertThat(client.json("rpc.Version", "\"x\"")).startsWith("error: json: cannot unmarshal");
      assertThat(client.json("rpc.Config", "true"))
          .isEqualTo('"' + Base64.getEncoder().encodeToString(RawClient.utf8(CONFIG)) + '"');
      assertThat(client.call(RAW, "rpc.Config", new byte[0]).text()).isEqualTo(CONFIG);
      assertThat(client.call(RAW, "rpc.Version", new byte[0]).text())
          .isEqualTo("unknown Raw payload type");
    } finally {
      plugin.stop(SOON);
    }
  }

  @Test
  void tellsWhatBecameOfEachPlugin() throws Exception {
    RpcPlugin plugin = plugin("tcp://127.0.0.1:0");
    plugin.start();
    try (RawClient client = new RawClient(plugin.port())) {
      assertThat(client.json("rpc.Plugins", "true"))
          .isEqualTo(
              """
              [{"id":"rpc","version":"1.2.3","state":"live","reason":""},\
              {"id":"kv","version":"1.2.3","state":"disabled","reason":"no section \\"kv\\""}]\
              """);
    } finally {
      plugin.stop(SOON);
    }
  }

  @Test
  void servesTheMethodsOfOtherPluginsUnderTheirIds() throws Exception {
    RpcPlugin plugin = plugin("tcp://127.0.0.1:0");
    plugin.service(
        new Named("kv", 10), () -> Map.of("Has", a -> a.string(), "Get", RpcHandler.quick(a -> 1)));
    plugin.start();
    try (RawClient client = new RawClient(plugin.port())) {
      assertThat(client.json("kv.Has", "\"x\"")).isEqualTo("\"x\"");
      assertThat(client.json("kv.Get", "true")).isEqualTo("1");
      assertThat(client.call(JSON, "kv.Clear", new byte[0]).text())
          .isEqualTo("rpc: can't find method kv.Clear");
    } finally {
      plugin.stop(SOON);
    }
  }

  @Test
  void bearsEveryOrderOfStartAndStop() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      LifecycleContract.holds(
          () -> plugin("tcp://127.0.0.1:0"),
          () -> plugin("tcp://127.0.0.1:" + taken.getLocalPort()));
    }
  }

  @Test
  void aPortInUseNamesTheKeyAndTheAddress() throws Exception {
    RpcPlugin first = plugin("tcp://127.0.0.1:0");
    first.start();
    String taken = "tcp://127.0.0.1:" + first.port();
    RpcPlugin second = plugin(taken);
    try {
      assertThatThrownBy(second::start)
          .isInstanceOf(IOException.class)
          .hasMessage(
              "rpc.listen: cannot listen on "
                  + taken
                  + ": the address is in use by another program");
    } finally {
      second.stop(SOON);
      first.stop(SOON);
    }
  }

  @Test
  void aRelativeSocketLiesInTheWorkDirectory() throws Exception {
    RpcPlugin plugin = plugin("unix://rpc.sock");
    plugin.start();
    assertThat(folder.resolve("rpc.sock")).exists();
    plugin.stop(SOON);
    assertThat(folder.resolve("rpc.sock")).doesNotExist();
  }

  @Test
  void aHostThatNobodyKnowsIsNamed() throws Exception {
    RpcPlugin plugin = plugin("tcp://no.such.host.invalid:6001");
    try {
      assertThatThrownBy(plugin::start)
          .hasMessage(
              "rpc.listen: cannot listen on tcp://no.such.host.invalid:6001: unknown host"
                  + " no.such.host.invalid");
    } finally {
      plugin.stop(SOON);
    }
  }

  @Test
  void anEmptyAddressIsTheDefault() {
    assertThat(new RpcConfig("").listen()).isEqualTo("tcp://127.0.0.1:6001");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tcp://:18001", "tcp://[::]:18001", "unix://file.sock", "tcp://127.0.0.1:6001"})
  void takesAddresses(String listen) {
    Problems problems = new Problems();
    plugin(listen).check(problems);
    assertThat(problems.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":18001",
        "uni:unix.sock",
        "tcp://host://6001",
        "127.0.0.1:6001",
        "xinu://unix.sock",
        "tcp://a",
        "tcp://a:99999",
        "tcp://::1:80",
        "unix://"
      })
  void saysBeforeTheStartWhatIsNoAddress(String listen) {
    Problems problems = new Problems();
    plugin(listen).check(problems);
    assertThat(problems.found())
        .singleElement()
        .asString()
        .startsWith("rpc.listen: '" + listen + "' is no address: ")
        .contains("; allowed are tcp://host:port, tcp://:port");
  }
}
