package dev.rr.build.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarWriterTest {
  @TempDir Path folder;

  @Test
  void tarTakesOutWhatWasPutIn() throws Exception {
    String deep = "long/" + "n".repeat(60) + "/" + "ä".repeat(60);
    Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\n");
    Path file = folder.resolve("a.tar");
    try (TarWriter tar = new TarWriter(Files.newOutputStream(file))) {
      tar.folder("long");
      tar.folder("long/" + "n".repeat(60));
      tar.file(deep, "content".getBytes(StandardCharsets.UTF_8));
      tar.file("empty", new byte[0]);
      tar.file("run", script, true);
      tar.link("link", deep);
    }
    Path out = Files.createDirectories(folder.resolve("out"));
    Process process =
        new ProcessBuilder("tar", "xpf", file.toString(), "--no-same-owner", "-C", out.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).isEmpty();
    assertThat(out.resolve(deep)).hasContent("content");
    assertThat(out.resolve("link")).hasContent("content");
    assertThat(out.resolve("empty")).isEmptyFile();
    assertThat(out.resolve("run")).isExecutable().hasContent("#!/bin/sh");
    assertThat(Files.isExecutable(out.resolve("empty"))).isFalse();
    assertThat(Files.getLastModifiedTime(out.resolve("run")).toMillis()).isEqualTo(1000);
  }
}
