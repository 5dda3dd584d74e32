package dev.rr.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks the PHP of this machine. */
final class PhpTest {
  @TempDir Path folder;

  private Php ask(String... command) throws InterruptedException {
    return Php.ask(List.of(command), folder, System.getenv());
  }

  @Test
  void phpSaysWhatItIs() throws Exception {
    Php php = ask("php", "worker.php");
    assertThat(php.fault()).isEmpty();
    assertThat(php.version()).matches("[78]\\.\\d+\\.\\d+.*");
    assertThat(php.extensions()).contains("json", "core");
    assertThat(php.offset()).matches("[-+]\\d\\d:\\d\\d");
  }

  @Test
  void theOptionsOfTheWorkersCommandCount() throws Exception {
    Php php =
        ask("php", "-d", "memory_limit=77M", "-dopcache.enable_cli=1", "worker.php", "-d", "x=y");
    assertThat(php.setting("memory_limit")).isEqualTo("77M");
    assertThat(php.on("opcache.enable_cli")).isTrue();
    assertThat(php.on("xdebug.mode")).isFalse();
  }

  @Test
  void aProgramThatIsNotThereIsAFault() throws Exception {
    assertThat(ask("php-of-nobody", "worker.php").fault())
        .isEqualTo("it cannot be started: there is no such program");
  }

  @Test
  void aProgramThatIsNoPhpIsAFault() throws Exception {
    Path script = folder.resolve("php-like");
    Files.writeString(script, "#!/bin/sh\necho hello\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    assertThat(ask("./php-like", "worker.php").fault()).isEqualTo("it did not say what it is");
  }

  @Test
  void onlyCommandsThatCallPhpAreLookedAt() {
    assertThat(Php.isCalledBy(List.of("/usr/bin/php8.3", "w.php"))).isTrue();
    assertThat(Php.isCalledBy(List.of("docker", "run", "php"))).isFalse();
    assertThat(Php.isCalledBy(List.of())).isFalse();
  }
}
