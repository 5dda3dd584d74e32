package dev.rr.maven;

import dev.rr.build.BuildException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.NullUnmarked;

/**
 * Makes the file with the PHP application in it: one file that serves, where PHP and Java are. The
 * other goals that make the file do so, too, when {@code rr.embed} is set.
 */
@NullUnmarked
@Mojo(name = "embed", requiresProject = false, threadSafe = true)
public final class EmbedMojo extends AssemblyMojo {
  /** The folder of the application, as {@code rr.embed} has it, by the name that rr:image knows. */
  @Parameter(property = "rr.app")
  private File app;

  /** Made by Maven. */
  public EmbedMojo() {}

  @Override
  Optional<Path> embedded() throws BuildException, IOException {
    Optional<Path> said = super.embedded();
    return said.isPresent() ? said : Optional.ofNullable(app).map(File::toPath);
  }

  @Override
  String embedKey() throws BuildException, IOException {
    return super.embedded().isPresent() ? super.embedKey() : "rr.app";
  }

  @Override
  void run() throws BuildException, IOException, InterruptedException {
    if (embedded().isEmpty()) {
      throw new BuildException(
          "rr.app: which folder is the application in? mvn rr:embed -Drr.app=FOLDER");
    }
    build(false, false);
  }
}
