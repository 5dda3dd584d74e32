package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.assemble.BuiltFile;
import dev.rr.build.assemble.Plan;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.NullUnmarked;

/**
 * Makes the cache beside the file that lets it start faster: has the file run its own {@code aot},
 * with the configuration where there is one. The file takes the cache only with the very JVM that
 * made it and as long as it is the same file. Makes the file first.
 */
@NullUnmarked
@Mojo(name = "aot", requiresProject = false, threadSafe = true)
public final class AotMojo extends AssemblyMojo {
  /** A start, a training and the writing of the cache, each with a limit of its own in the file. */
  private static final Duration LIMIT = Duration.ofMinutes(6);

  /** The configuration that the training run serves. */
  @Parameter(property = "rr.config", defaultValue = ".rr.yaml")
  private File config;

  /** An address that is asked some times while the training run serves. */
  @Parameter(property = "rr.request", defaultValue = "")
  private String request;

  /** Made by Maven. */
  public AotMojo() {}

  @Override
  void run() throws BuildException, IOException, InterruptedException {
    if (File.separatorChar != '/') {
      throw new BuildException("rr:aot: the script that would use the cache runs on Unix only");
    }
    Plan plan = build(false, false);
    Path file = output().toPath();
    List<String> arguments =
        new ArrayList<>(List.of("-c", folder().resolve(config.toPath()).toString(), "aot"));
    if (request != null && !request.isEmpty()) {
      arguments.add("--request=" + request);
    }
    int exit = BuiltFile.run(file, plan.jdk(), arguments, folder(), Optional.empty(), LIMIT);
    if (exit != 0) {
      throw new BuildException("%s aot ended with %d; see above".formatted(file, exit));
    }
  }
}
