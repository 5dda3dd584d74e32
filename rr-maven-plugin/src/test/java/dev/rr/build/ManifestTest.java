package dev.rr.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
  @TempDir Path folder;

  private Manifest read(String text) throws Exception {
    return Manifest.read(Files.writeString(folder.resolve(Manifest.FILE), text));
  }

  @Test
  void everyKeyIsRead() throws Exception {
    Path classes = Files.createDirectories(folder.resolve("audit/classes"));
    Manifest manifest =
        read(
            """
            plugins: [http, "com.acme:audit:1.2.0"]
            preset: web
            version: 1.4.0
            output: bin/rr
            autoAdd: true
            embed: app
            appExcludes: ["*.log"]
            repositories: {acme: "https://repo.acme.example/maven"}
            replace: {"com.acme:audit": audit/classes}
            """);
    assertThat(manifest)
        .isEqualTo(
            new Manifest(
                List.of("http", "com.acme:audit:1.2.0"),
                "web",
                "1.4.0",
                "bin/rr",
                true,
                "app",
                List.of("*.log"),
                Map.of("acme", "https://repo.acme.example/maven"),
                Map.of("com.acme:audit", classes)));
  }

  @Test
  void aFolderWithoutOneSaysNothing() throws Exception {
    assertThat(Manifest.in(folder)).isEqualTo(Manifest.EMPTY);
  }

  @Test
  void everythingThatCannotBeIsToldAtOnce() {
    assertThatThrownBy(() ->
            read(
                """
                plugin: [http]
                plugins: http
                autoAdd: 1
                version: [1]
                replace: {audit: a.jar, "com.acme:audit": gone.jar}
                """))
        .isInstanceOfSatisfying(
            BuildException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(6)
                    .anyMatch(p -> p.endsWith("did you mean plugins?"))
                    .anyMatch(p -> p.endsWith("plugins has to be a list"))
                    .anyMatch(p -> p.endsWith("autoAdd has to be true or false"))
                    .anyMatch(p -> p.endsWith("version has to be text"))
                    .anyMatch(p -> p.endsWith("replace.audit is no groupId:artifactId"))
                    .anyMatch(p -> p.contains("there is no file or folder")));
    assertThatThrownBy(() -> read("plugins: [")).hasMessageContaining("cannot be read");
  }
}
