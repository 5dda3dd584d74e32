package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.Input;
import dev.rr.build.TextFile;
import dev.rr.build.Versions;
import dev.rr.build.resolve.MavenResolver;
import dev.rr.build.sbom.Sbom;
import dev.rr.build.select.Selection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.NullUnmarked;

/**
 * Writes bills of the materials beside where the file goes: {@code rr.cdx.json} in CycloneDX and
 * {@code rr.spdx.json} in SPDX. With {@code rr.embed} the application is in them, and what its
 * {@code composer.lock} names. The same selection and application give the same bytes.
 */
@NullUnmarked
@Mojo(name = "sbom", requiresProject = false, threadSafe = true)
public final class SbomMojo extends AssemblyMojo {
  /** The moment that SPDX has to name: a time of ISO 8601, or seconds since 1970. */
  @Parameter(property = "project.build.outputTimestamp", defaultValue = "1980-01-01T00:00:02Z")
  private String outputTimestamp;

  /** Made by Maven. */
  public SbomMojo() {}

  @Override
  void run() throws BuildException, IOException {
    Versions versions = Versions.own();
    MavenResolver resolver = resolver(versions);
    Selection selection = select(resolver, versions);
    Path file = output().toPath().toAbsolutePath();
    String name = Objects.requireNonNull(file.getFileName()).toString();
    Sbom sbom =
        Sbom.of(
            selection,
            application(),
            name,
            version(versions),
            versions,
            resolver.edges(),
            resolver.licences(selection.inputs().stream().map(Input::coordinates).toList()));
    Path folder = Objects.requireNonNull(file.getParent());
    write(folder.resolve(name + ".cdx.json"), sbom.cycloneDx());
    write(folder.resolve(name + ".spdx.json"), sbom.spdx(created()));
  }

  private void write(Path file, String text) throws IOException {
    TextFile.write(file, text);
    getLog().info("Wrote " + file);
  }

  private Instant created() throws BuildException {
    try {
      return outputTimestamp.matches("[0-9]+")
          ? Instant.ofEpochSecond(Long.parseLong(outputTimestamp))
          : Instant.parse(outputTimestamp);
    } catch (DateTimeParseException e) {
      throw new BuildException(
          "project.build.outputTimestamp: \"%s\" is no time such as 2026-01-01T00:00:00Z"
              .formatted(outputTimestamp));
    }
  }
}
