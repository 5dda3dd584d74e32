package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.TextFile;
import dev.rr.build.Versions;
import dev.rr.build.describe.GraphPicture;
import java.io.File;
import java.io.IOException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.NullUnmarked;

/** Draws who needs what from whom among the chosen plugins. */
@NullUnmarked
@Mojo(name = "graph", requiresProject = false, threadSafe = true)
public final class GraphMojo extends SelectionMojo {
  /** One of mermaid, dot, json. */
  @Parameter(property = "rr.format", defaultValue = "mermaid")
  private String format;

  /** The file to write; standard output when absent. */
  @Parameter(property = "rr.graph")
  private File file;

  /** Made by Maven. */
  public GraphMojo() {}

  @Override
  void run() throws BuildException, IOException {
    GraphPicture picture = GraphPicture.of(format);
    Versions versions = Versions.own();
    String text = picture.draw(select(resolver(versions), versions).graph());
    if (file == null) {
      // Not through the log: what is drawn shall be usable as it is, with mvn -q.
      System.out.print(text);
      return;
    }
    TextFile.write(file.toPath(), text);
    getLog().info("Wrote " + file);
  }
}
