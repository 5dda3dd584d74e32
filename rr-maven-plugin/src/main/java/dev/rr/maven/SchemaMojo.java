package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.TextFile;
import dev.rr.build.assemble.BuiltFile;
import dev.rr.build.assemble.Plan;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.NullUnmarked;

/**
 * Writes the JSON schema of the configuration that exactly this selection reads, for editors. Makes
 * the file first, which knows it.
 */
@NullUnmarked
@Mojo(name = "schema", requiresProject = false, threadSafe = true)
public final class SchemaMojo extends AssemblyMojo {
  /** The file to write; standard output when absent. */
  @Parameter(property = "rr.schema")
  private File schema;

  /** Made by Maven. */
  public SchemaMojo() {}

  @Override
  void run() throws BuildException, IOException, InterruptedException {
    Plan plan = build(false, false);
    if (schema == null) {
      tell(plan, Optional.empty());
      return;
    }
    Path told = Files.createTempFile("rr-schema", ".json");
    try {
      tell(plan, Optional.of(told));
      TextFile.write(schema.toPath(), Files.readString(told));
    } finally {
      Files.delete(told);
    }
    getLog().info("Wrote " + schema);
  }

  private void tell(Plan plan, Optional<Path> to)
      throws BuildException, IOException, InterruptedException {
    int exit =
        BuiltFile.run(output().toPath(), plan.jdk(), List.of("config", "schema"), folder(), to);
    if (exit != 0) {
      throw new BuildException("the file that was made could not tell its schema");
    }
  }
}
