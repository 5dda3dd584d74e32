package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.Coordinates;
import dev.rr.build.Input;
import dev.rr.build.select.DescriptorReader;
import dev.rr.build.select.KnownPlugins;
import dev.rr.processor.root.CatalogueEntry;
import dev.rr.processor.root.SelectedPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.inject.Inject;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.apache.maven.project.DefaultProjectBuildingRequest;
import org.apache.maven.project.MavenProject;
import org.apache.maven.project.ProjectBuilder;
import org.apache.maven.project.ProjectBuildingException;
import org.jspecify.annotations.NullUnmarked;

/**
 * Writes down every plugin among a module's dependencies, so that builds can name those they lack.
 */
@NullUnmarked
@Mojo(
    name = "catalogue",
    defaultPhase = LifecyclePhase.PROCESS_RESOURCES,
    requiresDependencyResolution = ResolutionScope.COMPILE_PLUS_RUNTIME,
    threadSafe = true)
public final class CatalogueMojo extends AbstractMojo {
  @Inject private ProjectBuilder projects;

  @Parameter(defaultValue = "${project}", readonly = true, required = true)
  private MavenProject project;

  @Parameter(defaultValue = "${session}", readonly = true, required = true)
  private MavenSession session;

  /** Made by Maven. */
  public CatalogueMojo() {}

  @Override
  public void execute() throws MojoExecutionException, MojoFailureException {
    try {
      List<CatalogueEntry> entries = new ArrayList<>();
      List<String> problems = new ArrayList<>();
      for (Artifact artifact : project.getArtifacts()) {
        for (SelectedPlugin member : DescriptorReader.read(input(artifact), problems)) {
          entries.add(CatalogueEntry.of(member, description(artifact)));
        }
      }
      if (!problems.isEmpty()) {
        throw new BuildException(problems);
      }
      write(new KnownPlugins(entries));
    } catch (BuildException e) {
      throw new MojoFailureException(e.getMessage());
    } catch (IOException | ProjectBuildingException e) {
      throw new MojoExecutionException("Cannot make the catalogue: " + e.getMessage(), e);
    }
  }

  private void write(KnownPlugins known) throws IOException {
    Path file = Path.of(project.getBuild().getOutputDirectory()).resolve(KnownPlugins.PATH);
    Files.createDirectories(file.getParent());
    Files.writeString(file, known.toJson());
    getLog().info("Catalogued " + known.entries().size() + " plugins");
  }

  private static Input input(Artifact a) {
    String classifier = a.hasClassifier() ? a.getClassifier() : "";
    Coordinates coordinates =
        new Coordinates(a.getGroupId(), a.getArtifactId(), a.getBaseVersion(), classifier);
    return new Input(coordinates, a.getFile().toPath());
  }

  private String description(Artifact artifact) throws ProjectBuildingException {
    var request = new DefaultProjectBuildingRequest(session.getProjectBuildingRequest());
    request.setProject(null);
    String text = projects.build(artifact, true, request).getProject().getDescription();
    return text == null ? "" : text.strip().replaceAll("\\s+", " ");
  }
}
