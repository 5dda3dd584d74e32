package dev.rr.build.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  @TempDir Path folder;

  @Test
  void whatAFirstServerLoadedIsMappedByTheNextUntilAJarChanges() throws Exception {
    Path jar = jar();
    Path own = Files.createDirectories(folder.resolve("own"));
    Files.writeString(own.resolve("text"), "a folder that is not empty");
    try (ClassArchive archive = new ClassArchive(JDK, folder.resolve("archive"), folder)) {
      List<String> first = archive.options(List.of(jar));
      assertThat(run(first, jar, own)).contains("Sample source: file:");
      archive.ended();
      archive.make(List.of(jar));
      assertThat(Objects.requireNonNull(archive.made()).get(1, TimeUnit.MINUTES)).isTrue();
      List<String> next = archive.options(List.of(jar));
      assertThat(next).isNotEqualTo(first);
      assertThat(run(next, jar, own)).contains("Sample source: shared objects file");
      Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000));
      assertThat(archive.options(List.of(jar))).isEmpty();
      // A JVM for which it is not right says nothing about it.
      assertThat(run(next, jar, own)).contains("Sample source: file:").doesNotContain("warning");
    }
  }

  private Path jar() throws Exception {
    Path source =
        Files.writeString(
            folder.resolve("Sample.java"),
            "class Sample { public static void main(String[] arguments) {} }");
    int exit =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", folder.toString(), source.toString());
    assertThat(exit).isZero();
    Path jar = folder.resolve("sample.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry("Sample.class"));
      Files.copy(folder.resolve("Sample.class"), zip);
      zip.closeEntry();
    }
    return jar;
  }

  private static String run(List<String> options, Path jar, Path own) throws Exception {
    List<String> line = new ArrayList<>(List.of(JDK.resolve("bin/java").toString()));
    line.add("-XX:+UseSerialGC");
    line.addAll(options);
    line.addAll(List.of("-Xlog:class+load", "-cp", jar + File.pathSeparator + own, "Sample"));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
