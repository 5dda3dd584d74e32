package dev.rr.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.tls.TestKeys;
import dev.rr.testing.worker.RecordingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateFilesTest {
  @TempDir Path folder;

  @BeforeEach
  void makeKeys() throws Exception {
    TestKeys.make(folder, "own", "EC");
    TestKeys.make(folder, "other", "EC");
    Files.writeString(folder.resolve("text"), "no PEM");
  }

  private CertificateFiles files(String cert, String key) {
    return new CertificateFiles("a.tls", cert, key, folder);
  }

  /** The places that a check complains at. */
  private List<String> places(String cert, String key) {
    Problems problems = new Problems();
    files(cert, key).check(new FakeConfigurer().section("a.tls", problems));
    return problems.found().stream().map(Problem::place).map(Problem.Place::path).toList();
  }

  @Test
  void findsEachFaultAtItsKey() {
    assertThat(places("own.crt", "own.key")).isEmpty();
    assertThat(places("own.crt", "")).containsExactly("a.tls.key");
    assertThat(places("none", "text")).containsExactly("a.tls.key", "a.tls.cert");
    assertThat(places("text", "own.key")).containsExactly("a.tls.cert");
    assertThat(places("own.crt", "other.key")).containsExactly("a.tls.cert");
  }

  @Test
  void loadsThePairOrNamesTheSection() throws Exception {
    assertThat(files("own.crt", "own.key").load().certificate().getSubjectX500Principal().getName())
        .isEqualTo("CN=own");
    assertThatThrownBy(() -> files("text", "own.key").load())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("a.tls: ");
  }

  @Test
  void saysInTheLogWhetherAReloadWentWell() {
    RecordingLog log = new RecordingLog();
    CertificateFiles.reload("own.crt", log, () -> {});
    assertThat(log.with("certificate reloaded")).hasSize(1);
    CertificateFiles.reload("own.crt", log, () -> files("text", "own.key").load());
    assertThat(log.with("not reloaded, the old one stays")).hasSize(1);
  }
}
