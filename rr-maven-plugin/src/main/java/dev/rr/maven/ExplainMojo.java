package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.Versions;
import dev.rr.build.describe.Explanation;
import dev.rr.build.resolve.MavenResolver;
import dev.rr.build.select.Selection;
import java.io.IOException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.NullUnmarked;

/** Tells why a plugin, a jar or a megabyte is in the file; nothing is packed for it. */
@NullUnmarked
@Mojo(name = "explain", requiresProject = false, threadSafe = true)
public final class ExplainMojo extends AssemblyMojo {
  /** A plugin's id, or a part of an artifact's coordinates; everything by size when absent. */
  @Parameter(property = "rr.explain")
  private String explain;

  /** Made by Maven. */
  public ExplainMojo() {}

  @Override
  void run() throws BuildException, IOException {
    Versions versions = Versions.own();
    MavenResolver resolver = resolver(versions);
    Selection selection = select(resolver, versions);
    Explanation explanation = new Explanation(selection, resolver.paths(), application());
    // Not through the log: what is printed shall be usable as it is, with mvn -q.
    System.out.print(
        explain == null || explain.isBlank() ? explanation.all() : explanation.of(explain.strip()));
  }
}
