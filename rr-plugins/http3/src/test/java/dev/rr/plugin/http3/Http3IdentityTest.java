package dev.rr.plugin.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.tls.Certificates;
import dev.rr.api.tls.Identity;
import dev.rr.config.Configuration;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.tls.TestKeys;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.RecordingLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the certificate comes from. */
class Http3IdentityTest {
  @TempDir Path dir;
  private final RecordingLog log = new RecordingLog();

  @BeforeEach
  void makeKeys() throws Exception {
    for (String name : List.of("own", "shared", "managed")) {
      TestKeys.make(dir, name, "EC");
    }
  }

  private static final class Managed implements Certificates {
    private final Identity identity;
    final List<Consumer<Identity>> takers = new ArrayList<>();

    Managed(Identity identity) {
      this.identity = identity;
    }

    @Override
    public Identity current() {
      return identity;
    }

    @Override
    public void onChange(Consumer<Identity> taker) {
      takers.add(taker);
    }

    @Override
    public Optional<Identity> challenge(String serverName) {
      return Optional.empty();
    }

    @Override
    public Optional<String> answer(String token) {
      return Optional.empty();
    }
  }

  private Http3Identity identity(String yaml, Optional<Certificates> managed) throws Exception {
    Files.writeString(dir.resolve(".rr.yaml"), "version: '3'\nhttp:\n" + yaml.indent(2));
    Configurer configurer = Configuration.read(dir.resolve(".rr.yaml"));
    Http3Identity identity =
        new Http3Identity(
            configurer.bind(Http3ConfigBinder.INSTANCE),
            configurer,
            managed,
            new FakeHost(dir),
            log);
    Problems problems = new Problems();
    identity.check(configurer.section("http.http3", problems));
    problems.throwIfAny();
    return identity;
  }

  private Optional<Certificates> managed() throws Exception {
    return Optional.of(new Managed(TestKeys.read(dir, "managed")));
  }

  private static String subject(Identity identity) {
    return identity.certificate().getSubjectX500Principal().getName();
  }

  @Test
  void comesFromItsOwnFilesElseFromAcmeElseFromTheFilesOfSsl() throws Exception {
    String own = "http3: {address: ':1', key: own.key, cert: own.crt}\n";
    String ssl = "ssl: {key: shared.key, cert: shared.crt}\n";
    String none = "http3: {address: ':1'}\n";
    assertThat(subject(identity(own + ssl, managed()).load())).isEqualTo("CN=own");
    assertThat(subject(identity(none + ssl, managed()).load())).isEqualTo("CN=managed");
    assertThat(subject(identity(none + ssl, Optional.empty()).load())).isEqualTo("CN=shared");
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> identity("http3: {address: ':1'}\n", Optional.empty()))
        .hasMessageContaining(
            "http.http3.key: is missing; HTTP/3 is always encrypted and needs key and cert, here or"
                + " in http.ssl");
    assertThatThrownBy(() -> identity("http3: {address: ':1', key: own.key}\n", managed()))
        .hasMessageContaining("http.http3.cert: key and cert come together");
    assertThatThrownBy(
            () -> identity("http3: {address: ':1', key: no.key, cert: own.crt}\n", managed()))
        .hasMessageContaining("http.http3.key: key file 'no.key' does not exist");
    assertThatThrownBy(() ->
            identity("http3: {address: ':1', key: own.key, cert: shared.crt}\n", Optional.empty()))
        .hasMessageContaining("http.http3.cert: the key in ")
        .hasMessageContaining("does not belong to the certificate in ");
  }

  @Test
  void checksThatTheFilesAreWhatTheyShouldBe() throws Exception {
    Files.writeString(dir.resolve("text.crt"), "no certificate");
    Files.writeString(dir.resolve("text.key"), "no key");
    assertThatThrownBy(() ->
            identity("http3: {address: ':1', key: text.key, cert: text.crt}\n", Optional.empty()))
        .hasMessageContaining("http.http3.key: ")
        .hasMessageContaining("http.http3.cert: ");
  }

  @Test
  void tellsANewPairOnceBothFilesFit() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    try (Http3Identity identity =
        identity("http3: {address: ':1', key: own.key, cert: own.crt}\n", Optional.empty())) {
      identity.onChange(i -> told.add(subject(i)));
      replace("shared.key", "own.key");
      Await.until(
          "half a pair was seen", () -> !log.with("not reloaded, the old one stays").isEmpty());
      assertThat(told).isEmpty();
      replace("shared.crt", "own.crt");
      Await.until("the pair was seen", () -> told.equals(List.of("CN=shared")));
    }
  }

  private void replace(String from, String to) throws Exception {
    Files.copy(dir.resolve(from), dir.resolve(to), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void tellsWhatAcmeRenewed() throws Exception {
    Managed managed = new Managed(TestKeys.read(dir, "managed"));
    List<String> told = new ArrayList<>();
    identity("http3: {address: ':1'}\n", Optional.of(managed)).onChange(i -> told.add(subject(i)));
    Identity renewed = TestKeys.read(dir, "shared");
    managed.takers.forEach(t -> t.accept(renewed));
    assertThat(told).containsExactly("CN=shared");
  }
}
