package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.init.NewPlugin;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.NullUnmarked;

/**
 * Makes the project of a plugin of your own, in a folder of its name: a class, its configuration, a
 * test, and a pom whose {@code mvn verify} writes an rr with it.
 */
@NullUnmarked
@Mojo(name = "new-plugin", requiresProject = false, threadSafe = true)
public final class NewPluginMojo extends SelectionMojo {
  /** Lower-case words with hyphens between, as {@code proxy-ip-parser}. */
  @Parameter(property = "rr.name")
  private String name;

  /**
   * The shape that it begins with: plain, middleware, rpc, command, worker, page, host or driver.
   */
  @Parameter(property = "rr.kind", defaultValue = "plain")
  private String kind;

  /** Its groupId and the beginning of its package. */
  @Parameter(property = "rr.group", defaultValue = "com.example")
  private String group;

  /** Made by Maven. */
  public NewPluginMojo() {}

  @Override
  void run() throws BuildException, IOException {
    NewPlugin made = NewPlugin.of(name == null ? "" : name, kind, group);
    Path folder = Path.of(session().getExecutionRootDirectory(), name);
    made.write(folder);
    getLog()
        .info(
            "Made %s. In it, mvn verify tests it and target/rr, the file that it writes;"
                .formatted(folder));
    getLog().info("mvn rr:run runs it while it is written. Its .rr.yaml:");
    made.yaml().lines().forEach(getLog()::info);
  }
}
