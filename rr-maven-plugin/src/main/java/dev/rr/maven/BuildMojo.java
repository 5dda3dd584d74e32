package dev.rr.maven;

import dev.rr.build.BuildException;
import java.io.IOException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.NullUnmarked;

/** Checks the chosen plugins, wires them, and packs them into one file that runs. */
@NullUnmarked
@Mojo(
    name = "build",
    defaultPhase = LifecyclePhase.PACKAGE,
    requiresProject = false,
    threadSafe = true)
public final class BuildMojo extends AssemblyMojo {
  /**
   * Makes the file twice, in different folders, and fails unless both are the same byte for byte.
   */
  @Parameter(property = "rr.prove", defaultValue = "false")
  private boolean prove;

  /** Makes the file also when an earlier build made it from the same inputs. */
  @Parameter(property = "rr.force", defaultValue = "false")
  private boolean force;

  /** Made by Maven. */
  public BuildMojo() {}

  @Override
  void run() throws BuildException, IOException, InterruptedException {
    build(force, prove);
  }
}
