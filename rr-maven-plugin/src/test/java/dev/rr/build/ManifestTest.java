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
    assertThat(manifest.places())
        .hasSize(11)
        .containsEntry("output", folder.resolve("rr-build.yaml") + ":4: output");
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
                Map.of("com.acme:audit", classes),
                manifest.places()));
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
                repositories: https://me:secret@repo.example/maven
                replace:
                  audit: a.jar
                  com.acme:audit: gone.jar
                """))
        .isInstanceOfSatisfying(
            BuildException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(7)
                    .allMatch(p -> p.matches(".*rr-build.yaml:[1-9]: .*"))
                    .anyMatch(p -> p.contains(":1: ") && p.endsWith("did you mean plugins?"))
                    .anyMatch(
                        p -> p.endsWith(":2: plugins has to be a list, as [a, b], and is http"))
                    .anyMatch(p -> p.endsWith(":3: autoAdd has to be true or false, and is 1"))
                    .anyMatch(p -> p.endsWith(":4: version has to be text, and is a list"))
                    .anyMatch(p -> p.endsWith("and is https://***@repo.example/maven"))
                    .anyMatch(p -> p.endsWith(":7: replace.audit is no groupId:artifactId"))
                    .anyMatch(p -> p.contains(":8: replace.com.acme:audit there is no file")));
    assertThatThrownBy(() -> read("plugins: &all\n  again: *all\n"))
        .hasMessageContaining(":1: plugins has to be a list");
    assertThatThrownBy(() -> read("a: " + "[".repeat(1_000_000)))
        .isInstanceOf(BuildException.class);
    assertThatThrownBy(() -> read("plugins: [")).hasMessageContaining("cannot be read");
  }
}
