package dev.rr.plugin.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.Configurer;
import dev.rr.api.log.Log;
import dev.rr.config.Configuration;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcmeConfigTest {
  @TempDir Path dir;

  private Configurer configurer(String keys) throws IOException {
    Files.writeString(
        dir.resolve(".rr.yaml"), "version: '3'\nhttp:\n  ssl:\n    acme:\n" + keys.indent(6));
    return Configuration.read(dir.resolve(".rr.yaml"));
  }

  private static final String SITE = "email: me@example.com\ndomains: [example.com]\n";

  private AcmeConfig read(String keys) throws IOException {
    return configurer(SITE + keys).bind(AcmeConfigBinder.INSTANCE);
  }

  @Test
  void hasUpstreamsDefaults() throws IOException {
    AcmeConfig config = read("");
    assertThat(config.cacheDir()).isEqualTo("rr_cache_dir");
    assertThat(config.challengeType()).isEqualTo("http-01");
    assertThat(config.altHttpPort()).isEqualTo(80);
    assertThat(config.altTlsalpnPort()).isZero();
    assertThat(config.challengePort()).isEqualTo(80);
    assertThat(config.directoryUrl())
        .isEqualTo("https://acme-staging-v02.api.letsencrypt.org/directory");
    assertThat(read("use_production_endpoint: true\n").directoryUrl())
        .isEqualTo("https://acme-v02.api.letsencrypt.org/directory");
  }

  @Test
  void leavesThePortsAloneWhenTheChallengeIsNamed() throws IOException {
    assertThat(read("challenge_type: tlsalpn-01\n").altHttpPort()).isZero();
    assertThat(read("challenge_type: tlsalpn-01\n").challengePort()).isEqualTo(443);
    assertThat(read("challenge_type: http-01\n").altHttpPort()).isZero();
    assertThat(read("challenge_type: http-01\n").challengePort()).isEqualTo(80);
    assertThat(read("alt_http_port: 8080\n").challengePort()).isEqualTo(8080);
  }

  @Test
  void saysEverythingThatIsWrongAtOnce() {
    assertThatThrownBy(() -> configurer("cache_dir: x\n").bind(AcmeConfigBinder.INSTANCE))
        .hasMessageContaining("http.ssl.acme.email: email could not be empty")
        .hasMessageContaining("http.ssl.acme.domains: should be at least 1 domain");
    assertThatThrownBy(() ->
            configurer(
                    """
                    email: me@example.com
                    domains: ['*.example.com', 'a/b', fine.example.com]
                    challenge_type: dns-01
                    directory: http://ca.example.com
                    use_production_endpoint: true
                    """)
                .bind(AcmeConfigBinder.INSTANCE))
        .hasMessageContaining("'*.example.com' needs a check over DNS, which is not offered")
        .hasMessageContaining("'a/b' is no domain name")
        .hasMessageContaining("'dns-01' is unknown; allowed are http-01 and tlsalpn-01")
        .hasMessageContaining("use_production_endpoint: is about Let's Encrypt")
        .hasMessageContaining("directory: 'http://ca.example.com' is no URL; allowed is https://")
        .message()
        .doesNotContain("fine");
  }

  @Test
  void looksForTheAuthoritiesBeforeItStarts() throws Exception {
    Configurer configurer = configurer(SITE + "root_ca: none.pem\n");
    AcmePlugin plugin =
        new AcmePlugin(
            configurer.bind(AcmeConfigBinder.INSTANCE),
            configurer,
            new FakeHost(dir),
            name -> Log.NONE);
    assertThat(FoundProblems.of(plugin))
        .containsExactly(
            ".rr.yaml:7: http.ssl.acme.root_ca: file 'none.pem' does not exist or cannot be read");
  }
}
