package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that the user hands over depends on the locale, which containers do not have. */
class LocaleTest {
  /** Made by the shell, as this test's own JVM has whatever locale it has. */
  private static final String APPLICATION =
      """
      app="$(printf 'pr\\303\\263j')" && mkdir -p "$app/$(printf 'd\\303\\255r')" && cd "$app"
      cp "$SAMPLE" sample.php
      mkdir "$(printf 'p\\303\\272blic')"
      printf 'a file' > "$(printf 'p\\303\\272blic/\\303\\251.txt')"
      cat > "$(printf 'w\\303\\266rker.php')" <<'END'
      <?php
      $right = getenv('FROM_ENVIRONMENT') === "\\u{f6}" && getenv('FROM_DOTENV') === "\\u{65e5}"
          && getenv('LATIN') === "\\xf6" && getenv('my.dotted') === 'dot' && getenv('EXPANDED') === 'dot'
          && getenv('LC_ALL') === 'POSIX' && getenv('_RR_LC_ALL') === false;
      $right || exit(1);
      require 'sample.php';
      END
      printf 'FROM_DOTENV=\\346\\227\\245\\n' > .env
      printf '
      version: "3"
      server: {command: "php w\\303\\266rker.php", env: {EXPANDED: "${my.dotted}"}}
      http:
        address: 127.0.0.1:%s
        middleware: [static]
        static: {dir: p\\303\\272blic}
        pool: {num_workers: 1}
      ' "$PORT" > .rr.yaml
      rr="$(printf 'd\\303\\255r/rr')" && cp "$RR" "$rr"
      exec env LC_ALL=POSIX my.dotted=dot FROM_ENVIRONMENT="$(printf '\\303\\266')" \\
        LATIN="$(printf '\\366')" "./$rr" serve --dotenv .env
      """;

  @TempDir Path folder;

  @Test
  void bytesOfTheUserReachPhpAndTheDiskUnchanged() throws Exception {
    int port = RrServer.freePort();
    ShellCommand command =
        ShellCommand.in(folder, "sh", "-c", APPLICATION)
            .with("SAMPLE", Web.SAMPLE.toString())
            .with("RR", Web.RR.toString())
            .with("PORT", Integer.toString(port));
    try (RrServer server = RrServer.start(command, port)) {
      assertThat(server.get("/").body()).startsWith("Hello from PHP ");
      assertThat(server.get("/%C3%A9.txt").body()).isEqualTo("a file");
      assertThat(server.stop()).as(server.log()).isZero();
    }
  }
}
