package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.assemble.BuiltFile;
import dev.rr.build.assemble.Plan;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.NullUnmarked;

/**
 * Holds a configuration against the selection: sections without a plugin and the coordinates of the
 * one to add, names of drivers and middleware that nothing offers, values that cannot be, plugins
 * that the configuration never switches on. Makes the file first, and has it look.
 */
@NullUnmarked
@Mojo(name = "doctor", requiresProject = false, threadSafe = true)
public final class DoctorMojo extends AssemblyMojo {
  /** The configuration. */
  @Parameter(property = "rr.config", defaultValue = ".rr.yaml")
  private File config;

  /** Made by Maven. */
  public DoctorMojo() {}

  @Override
  void run() throws BuildException, IOException, InterruptedException {
    Plan plan = build(false, false);
    Path file = folder().resolve(config.toPath());
    // What the check has told, the plugins would tell once more.
    if (ask(plan, file, "--strict", "config", "check") != 0 || ask(plan, file, "plugins") != 0) {
      throw new BuildException(file + " does not fit the selection; see above");
    }
  }

  private int ask(Plan plan, Path file, String... command)
      throws BuildException, IOException, InterruptedException {
    List<String> arguments =
        Stream.concat(Stream.of("-c", file.toString()), Stream.of(command)).toList();
    return BuiltFile.run(output().toPath(), plan.jdk(), arguments, folder(), Optional.empty());
  }
}
