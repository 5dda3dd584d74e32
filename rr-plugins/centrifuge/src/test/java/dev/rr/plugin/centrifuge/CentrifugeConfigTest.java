package dev.rr.plugin.centrifuge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.ConfigException;
import dev.rr.api.plugin.Deadline;
import dev.rr.config.Configuration;
import dev.rr.testing.plugin.FoundProblems;
import dev.rr.testing.tls.TestKeys;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.RecordingLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CentrifugeConfigTest {
  @TempDir Path folder;

  private CentrifugeConfig read(String keys) throws Exception {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, "version: \"3\"\ncentrifuge: {" + keys + "}\n");
    return Configuration.read(file).bind(CentrifugeConfigBinder.INSTANCE);
  }

  /** What a plugin of this section finds; it does not start. */
  private List<String> problems(String keys) throws Exception {
    FakePool pool = FakePool.answering("", "");
    try {
      return FoundProblems.of(TestCentrifuge.plugin(folder, keys, pool, new RecordingLog()));
    } finally {
      pool.stop(Deadline.after(Duration.ofSeconds(1)));
    }
  }

  @Test
  void everyKeyHasUpstreamsDefault() throws Exception {
    CentrifugeConfig config = read("");
    assertThat(config.proxyAddress()).isEqualTo("tcp://127.0.0.1:30000");
    assertThat(config.grpcApiAddress()).isEqualTo("127.0.0.1:10000");
    assertThat(config.apiKey()).isEmpty();
    assertThat(config.useCompressor()).isFalse();
    assertThat(config.name()).isEqualTo("roadrunner");
    assertThat(config.version()).isEqualTo("1.0.0");
    assertThat(config.tls()).isEmpty();
    assertThat(config.proxyTls()).isEmpty();
  }

  @Test
  void everyKeyIsRead() throws Exception {
    CentrifugeConfig config =
        read(
            "proxy_address: \"unix://proxy.sock\", grpc_api_address: \"tcp://there:11\", api_key:"
                + " s3cret, use_compressor: true, name: app, version: v2, tls: {key: k, cert: c,"
                + " root_ca: r}, proxy_tls: {key: k, cert: c, root_ca: r, client_auth_type: a},"
                + " pool: {num_workers: 3}");
    assertThat(config.proxy().text()).isEqualTo("unix://proxy.sock");
    assertThat(config.api().host()).isEqualTo("there");
    assertThat(config.api().port()).isEqualTo(11);
    assertThat(config.apiKey()).isEqualTo("s3cret");
    assertThat(config.useCompressor()).isTrue();
    assertThat(config.name()).isEqualTo("app");
    assertThat(config.version()).isEqualTo("v2");
    assertThat(config.tls()).contains(new CentrifugeConfig.ApiTls("k", "c", "r"));
    assertThat(config.proxyTls()).contains(new CentrifugeConfig.ProxyTls("k", "c", "r", "a"));
    assertThat(config.pool().numWorkers()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 127.0.0.1, 10000",
    "tcp://foo.bar, foo.bar, 443",
    "tcp://x, x, 443",
    "foo.bar:1, foo.bar, 1",
    "tcp://[::1]:2, ::1, 2",
    ":3, '', 3",
  })
  void theApisAddressMayBeginWithTcpAndNeedsNoPort(String text, String host, int port)
      throws Exception {
    CentrifugeConfig config = read("grpc_api_address: \"" + text + "\"");
    assertThat(config.api().host()).isEqualTo(host);
    assertThat(config.api().port()).isEqualTo(port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp:/foo.bar", "unix://api.sock", "foo:bar", "foo:70000"})
  void anApiAddressThatIsNoneIsAProblem(String text) {
    assertThatThrownBy(() -> read("grpc_api_address: \"" + text + "\""))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("centrifuge.grpc_api_address");
  }

  @Test
  void aKeyThatCannotBeSentIsAProblemThatDoesNotTellIt() {
    assertThatThrownBy(() -> read("api_key: \"s3cret\\nmore\""))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("centrifuge.api_key: only letters, digits and signs of ASCII")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aProxyAddressThatIsNoneIsAProblem() {
    assertThatThrownBy(() -> read("proxy_address: \"udp://127.0.0.1:1\""))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("centrifuge.proxy_address");
  }

  @Test
  void tlsOfTheProxyThatShowsNothingIsAProblem() {
    assertThatThrownBy(() -> read("proxy_tls: {root_ca: ca.crt}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("centrifuge.proxy_tls: key and cert are missing");
  }

  @Test
  void filesThatAreMissingAreProblems() throws Exception {
    assertThat(problems("tls: {key: a.key, cert: a.crt, root_ca: ca.crt}"))
        .hasSize(3)
        .anySatisfy(
            p -> assertThat(p).contains("centrifuge.tls.key", "key file 'a.key' does not exist"))
        .anySatisfy(
            p -> assertThat(p).contains("centrifuge.tls.cert", "cert file 'a.crt' does not exist"))
        .anySatisfy(p -> assertThat(p).contains("centrifuge.tls.root_ca", "ca.crt"));
    assertThat(problems("proxy_tls: {key: a.key, cert: a.crt}"))
        .hasSize(2)
        .allSatisfy(p -> assertThat(p).contains("centrifuge.proxy_tls."));
  }

  @Test
  void keyAndCertificateComeTogether() throws Exception {
    TestKeys.make(folder, "own", "EC");
    assertThat(problems("tls: {key: own.key}"))
        .singleElement()
        .asString()
        .contains("key and cert come together");
    assertThat(problems("tls: {}")).isEmpty();
    assertThat(problems("tls: {key: own.key, cert: own.crt}")).isEmpty();
  }

  @Test
  void whatIsAskedOfCentrifugoIsOneOfTheKnownWords() throws Exception {
    TestKeys.make(folder, "own", "EC");
    assertThat(problems("proxy_tls: {key: own.key, cert: own.crt, client_auth_type: please}"))
        .singleElement()
        .asString()
        .contains("'please' is unknown");
  }
}
