package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {
  @TempDir Path folder;

  @Test
  void aChangedScriptServesAndABrokenOneLeavesTheOldWorkers() throws Exception {
    Site site = Site.in(folder, "reload: {services: {http: {dirs: [.], recursive: true}}}\n");
    try (RrServer server = site.serve()) {
      assertThat(server.get("/").body()).startsWith("Hello from PHP");
      site.answer("Goodbye");
      RrServer.await("the new script", () -> answers(server, "Goodbye"));
      Files.writeString(folder.resolve("worker.php"), "<?php broken(");
      RrServer.await("the error", () -> says(server, "the workers could not be replaced"));
      assertThat(server.log()).contains("PHP Parse error", "Unclosed '('");
      assertThat(server.get("/").body()).startsWith("Goodbye from PHP");
      site.answer("Welcome");
      RrServer.await("the mended script", () -> answers(server, "Welcome"));
      assertThat(server.stop()).as(server.log()).isZero();
    }
  }

  private static boolean answers(RrServer server, String word) {
    try {
      return server.get("/").body().startsWith(word);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean says(RrServer server, String text) {
    try {
      return server.log().contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
