package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.Coordinates;
import dev.rr.build.DescriptorReader;
import dev.rr.build.Input;
import dev.rr.build.Selection;
import dev.rr.build.Selector;
import dev.rr.build.Versions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.maven.RepositoryUtils;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Dependency;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.ArtifactTypeRegistry;
import org.jspecify.annotations.NullUnmarked;

/** What every goal about a selection knows. Fields are filled by Maven. */
@NullUnmarked
abstract class SelectionMojo extends AbstractMojo {
  @Inject private RepositorySystem system;

  /**
   * The plugins, as short names (config), groupId:artifactId, or groupId:artifactId:version.
   * Plugins of this project's own module are part of the selection unasked.
   */
  @Parameter(property = "rr.plugins")
  private List<String> plugins;

  /** Adds plugins of rr that others need, instead of failing. */
  @Parameter(property = "rr.autoAdd", defaultValue = "false")
  private boolean autoAdd;

  @Parameter(defaultValue = "${project}", readonly = true, required = true)
  private MavenProject project;

  @Parameter(defaultValue = "${session}", readonly = true, required = true)
  private MavenSession session;

  @Override
  public final void execute() throws MojoExecutionException, MojoFailureException {
    try {
      run();
    } catch (BuildException e) {
      throw new MojoFailureException(e.getMessage());
    } catch (IOException e) {
      throw new MojoExecutionException("Cannot read or write: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MojoExecutionException("interrupted", e);
    }
  }

  abstract void run() throws BuildException, IOException, InterruptedException;

  final MavenProject project() {
    return project;
  }

  final MavenSession session() {
    return session;
  }

  /** Whether Maven runs in a folder without a pom. */
  final boolean hasNoPom() {
    return project.getFile() == null;
  }

  final MavenResolver resolver(Versions versions) throws BuildException {
    return new MavenResolver(
        system,
        session.getRepositorySession(),
        project.getRemoteProjectRepositories(),
        new MavenResolver.Module(own(), dependencies(project.getDependencies()), managed()),
        versions);
  }

  final Selection select(MavenResolver resolver, Versions versions) throws BuildException {
    List<String> names = plugins == null ? List.of() : plugins;
    Selection selection = new Selector(resolver, own(), versions).select(names, autoAdd);
    if (!selection.added().isEmpty()) {
      getLog().info("rr.autoAdd added " + String.join(", ", selection.added()));
    }
    return selection;
  }

  /** This project's classes, when there is a plugin among them. */
  private Optional<Input> own() throws BuildException {
    if (hasNoPom() || project.getPackaging().equals("pom")) {
      return Optional.empty();
    }
    Path classes = Path.of(project.getBuild().getOutputDirectory());
    if (!Files.isDirectory(classes)) {
      warnUncompiled();
      return Optional.empty();
    }
    Coordinates coordinates =
        new Coordinates(project.getGroupId(), project.getArtifactId(), project.getVersion());
    Input input = new Input(coordinates, classes);
    boolean plugin =
        Files.isDirectory(classes.resolve("META-INF/rr/plugin"))
            || DescriptorReader.hasAnnotatedClass(input);
    return plugin ? Optional.of(input) : Optional.empty();
  }

  private void warnUncompiled() {
    for (String root : project.getCompileSourceRoots()) {
      if (Files.isDirectory(Path.of(root))) {
        getLog()
            .warn(
                root
                    + " is not compiled, so no plugin of it is in the file; run mvn package"
                    + " rr:build");
        return;
      }
    }
  }

  private List<org.eclipse.aether.graph.Dependency> managed() {
    var management = project.getDependencyManagement();
    return management == null ? List.of() : dependencies(management.getDependencies());
  }

  private List<org.eclipse.aether.graph.Dependency> dependencies(List<Dependency> all) {
    RepositorySystemSession repository = session.getRepositorySession();
    ArtifactTypeRegistry types = repository.getArtifactTypeRegistry();
    List<org.eclipse.aether.graph.Dependency> atRunTime = new ArrayList<>();
    for (Dependency dependency : all) {
      String scope = dependency.getScope();
      if (scope == null || scope.isEmpty() || scope.equals("compile") || scope.equals("runtime")) {
        atRunTime.add(RepositoryUtils.toDependency(dependency, types));
      }
    }
    return atRunTime;
  }
}
