package dev.rr.build.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.rr.build.Coordinates;
import dev.rr.processor.descriptor.Descriptor;
import dev.rr.processor.descriptor.Descriptors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacesTest {
  @TempDir Path folder;
  private Path source = Path.of("unset");

  @BeforeEach
  void write() throws Exception {
    source = folder.resolve("sources/sample/AuditPlugin.java");
    Files.createDirectories(folder.resolve("sources/sample"));
    Files.writeString(
        source,
        """
        package sample;

        import dev.rr.api.http.Responder;

        final class AuditPlugin {
          AuditPlugin(
              Responder responder) {}
        }
        """);
    Path descriptor = folder.resolve("classes").resolve(Descriptors.path("audit"));
    Files.createDirectories(folder.resolve("classes/META-INF/rr/plugin"));
    Files.writeString(
        descriptor,
        JsonParser.parseString(
                """
                {"format": %d, "id": "audit", "type": "sample.AuditPlugin", "module": "m",
                 "weight": 1, "enabledBy": [], "anySection": false, "needs": [], "offers": [],
                 "collects": [], "sections": [], "rpc": []}
                """
                    .formatted(Descriptor.FORMAT))
            .toString());
  }

  private List<String> place(String problem) throws Exception {
    DevModule module =
        new DevModule(
            new Coordinates("com.example", "audit", "1"),
            List.of(folder.resolve("sources")),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    return new Places(module).of(List.of(problem), Optional.of(folder.resolve("classes")));
  }

  @Test
  void aNeedIsShownWhereItIsWritten() throws Exception {
    assertThat(place("audit needs dev.rr.api.http.Responder; nobody offers it"))
        .containsExactly(source + ":7: audit needs dev.rr.api.http.Responder; nobody offers it");
  }

  @Test
  void whatElseIsSaidOfAPluginIsShownAtItsClass() throws Exception {
    assertThat(place("Plugins wait for each other: audit -> http -> audit"))
        .containsExactly(source + ":5: Plugins wait for each other: audit -> http -> audit");
  }

  @Test
  void whatIsAboutOthersHasNoPlace() throws Exception {
    assertThat(place("http needs dev.rr.api.worker.Server"))
        .containsExactly("http needs dev.rr.api.worker.Server");
  }
}
