package dev.rr.plugin.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerScriptTest {
  @TempDir Path folder;

  @BeforeEach
  void fill() throws IOException {
    Files.createFile(folder.resolve("worker.php"));
  }

  @Test
  void tellsAMissingScript() {
    assertThat(WorkerScript.fault(List.of("/usr/bin/php8.2", "-d", "x=y.php", "none.php"), folder))
        .hasValue(
            "the script of the worker /usr/bin/php8.2 -d x=y.php none.php does not exist in "
                + folder
                + ": none.php");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "php worker.php",
        "php -d auto_prepend_file=none.php worker.php none.php",
        "php artisan octane",
        "php",
        "docker exec app php none.php",
        "phpdbg none.php"
      })
  void saysNothingOfWhatItCannotJudge(String command) {
    assertThat(WorkerScript.fault(List.of(command.split(" ")), folder)).isEmpty();
  }
}
