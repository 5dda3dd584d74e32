package dev.rr.plugin.http.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.worker.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CodecChoiceTest {
  private static final String VERSION_4 =
      "{\"packages\":[{\"name\":\"x/y\",\"version\":\"1\",\"require\":{\"a\":\"b\"}},"
          + "{\"version\":\"v4.1.0\",\"name\":\"spiral/roadrunner-http\"}],\"dev\":true}";

  @TempDir Path folder;

  @BeforeEach
  void install() throws IOException {
    Path composer = Files.createDirectories(folder.resolve("vendor/composer"));
    Files.writeString(composer.resolve("installed.json"), VERSION_4);
    Files.createDirectories(folder.resolve("vendor/bin"));
    Files.createFile(folder.resolve("vendor/bin/worker"));
    Files.createDirectories(folder.resolve("src"));
    Files.createFile(folder.resolve("src/worker.php"));
  }

  private int chosen(String... command) {
    return CodecChoice.detect(List.of(command), folder).codec();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"php src/worker.php", "src/worker.php", "php -d a=1 vendor/bin/worker serve"})
  void findsThePackagesOfTheWorkersScript(String command) {
    assertThat(chosen(command.split(" "))).isEqualTo(Payload.PROTO);
  }

  @Test
  void speaksJsonWhereThereIsNoScriptOrPackage() {
    assertThat(chosen("php", "none.php")).isEqualTo(Payload.JSON);
    assertThat(chosen("vendor/bin/worker")).isEqualTo(Payload.JSON);
  }

  @Test
  void findsThePackageVersionInInstalledJson() {
    assertThat(CodecChoice.version(VERSION_4.getBytes(StandardCharsets.UTF_8))).isEqualTo("v4.1.0");
    assertThat(CodecChoice.version("[]".getBytes(StandardCharsets.UTF_8))).isEmpty();
  }
}
