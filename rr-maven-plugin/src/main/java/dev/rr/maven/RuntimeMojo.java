package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.assemble.Plan;
import dev.rr.build.jdk.JavaRuntime;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.NullUnmarked;

/**
 * Makes a folder that runs where no Java is: the file, a Java of the modules that it uses, and the
 * script {@code rr} that puts the two together. Makes the file first.
 */
@NullUnmarked
@Mojo(name = "runtime", requiresProject = false, threadSafe = true)
public final class RuntimeMojo extends AssemblyMojo {
  /** The folder to write; {@code rr-runtime} beside the file unless said. */
  @Parameter(property = "rr.runtime")
  private File runtime;

  /**
   * An unpacked JDK 25 of another system, with its {@code jmods}, when the folder is for that
   * system.
   */
  @Parameter(property = "rr.runtimeJdk")
  private File runtimeJdk;

  /** Modules of Java that are wanted besides those that the file's classes name. */
  @Parameter(property = "rr.modules")
  private List<String> modules;

  /** Made by Maven. */
  public RuntimeMojo() {}

  @Override
  void run() throws BuildException, IOException, InterruptedException {
    Path file = output().toPath().toAbsolutePath();
    Path folder =
        runtime == null ? file.resolveSibling("rr-runtime") : runtime.toPath().toAbsolutePath();
    if (file.startsWith(folder)) {
      throw new BuildException(
          "rr.runtime: %s holds the file %s, and would be deleted".formatted(folder, file));
    }
    JavaRuntime.requireReplaceable("rr.runtime", folder);
    Plan plan = build(false, false);
    List<String> used =
        new JavaRuntime(plan.jdk(), Optional.ofNullable(runtimeJdk).map(File::toPath), true)
            .make(file, names(modules), folder);
    getLog().info("Java's modules: " + String.join(", ", used));
    getLog().info("Wrote %s; %s serve".formatted(folder, folder.resolve("rr")));
  }
}
