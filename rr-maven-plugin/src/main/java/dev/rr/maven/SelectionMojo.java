package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.Coordinates;
import dev.rr.build.Input;
import dev.rr.build.Manifest;
import dev.rr.build.Versions;
import dev.rr.build.init.Presets;
import dev.rr.build.resolve.MavenResolver;
import dev.rr.build.resolve.VersionsRule;
import dev.rr.build.select.DescriptorReader;
import dev.rr.build.select.Selection;
import dev.rr.build.select.Selector;
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
import org.eclipse.aether.repository.RemoteRepository;
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

  /** A selection with a name, beside {@code rr.plugins}: api, full, queue, realtime or web. */
  @Parameter(property = "rr.preset")
  private String preset;

  /** Adds plugins of rr that others need, instead of failing. */
  @Parameter(property = "rr.autoAdd", defaultValue = "false")
  private boolean autoAdd;

  /**
   * What happens when a plugin wants a newer version of a shared library than the file has, or
   * another major one: {@code strict} fails the build, {@code warn} warns.
   */
  @Parameter(property = "rr.versions", defaultValue = "strict")
  private String versionsRule;

  private Manifest manifest;

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
      throw new MojoExecutionException(BuildException.text(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MojoExecutionException("interrupted", e);
    }
  }

  abstract void run() throws BuildException, IOException, InterruptedException;

  /**
   * What the user named, by {@code rr.plugins} and {@code rr.preset}; by {@code rr-build.yaml}
   * where neither says anything.
   */
  final List<String> named() throws BuildException, IOException {
    List<String> all = named(plugins == null ? List.of() : plugins, preset);
    return all.isEmpty() ? named(manifest().plugins(), manifest().preset()) : all;
  }

  private static List<String> named(List<String> plugins, String preset) throws BuildException {
    List<String> all = new ArrayList<>(plugins);
    if (preset != null && !preset.isBlank()) {
      all.addAll(new Presets().plugins(preset));
    }
    return all;
  }

  /** What stands for a pom where there is none; says nothing where there is one. */
  final Manifest manifest() throws BuildException, IOException {
    if (manifest == null) {
      manifest =
          hasNoPom() ? Manifest.in(Path.of(session.getExecutionRootDirectory())) : Manifest.EMPTY;
    }
    return manifest;
  }

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

  final MavenResolver resolver(Versions versions) throws BuildException, IOException {
    return resolver(versions, own());
  }

  /** With these classes as the module's own. */
  final MavenResolver resolver(Versions versions, Optional<Input> own)
      throws BuildException, IOException {
    return new MavenResolver(
        system,
        session.getRepositorySession(),
        repositories(),
        manifest().replace(),
        new MavenResolver.Module(own, dependencies(project.getDependencies()), managed()),
        versions,
        VersionsRule.of(versionsRule == null ? "strict" : versionsRule, getLog()::warn));
  }

  /** The project's, and those of the manifest with what Maven's settings say of them. */
  private List<RemoteRepository> repositories() throws BuildException, IOException {
    List<RemoteRepository> more = new ArrayList<>();
    manifest()
        .repositories()
        .forEach((id, url) -> more.add(new RemoteRepository.Builder(id, "default", url).build()));
    List<RemoteRepository> all = new ArrayList<>(project.getRemoteProjectRepositories());
    all.addAll(system.newResolutionRepositories(session.getRepositorySession(), more));
    return all;
  }

  final Selection select(MavenResolver resolver, Versions versions)
      throws BuildException, IOException {
    List<String> modules = project.getModules();
    if (!modules.isEmpty() && named().isEmpty()) {
      throw new BuildException(
          "%s only holds modules and chooses no plugin. Run it in the module that does, for example mvn -pl %s package rr:build; these are: %s"
              .formatted(
                  project.getArtifactId(),
                  modules.get(modules.size() - 1),
                  String.join(", ", modules)));
    }
    Selection selection =
        new Selector(resolver, own(), versions).select(named(), autoAdd || manifest().autoAdd());
    selection.hints().forEach(getLog()::warn);
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
    Input input = new Input(coordinates(), classes);
    boolean plugin =
        Files.isDirectory(classes.resolve("META-INF/rr/plugin"))
            || DescriptorReader.hasAnnotatedClass(input);
    return plugin ? Optional.of(input) : Optional.empty();
  }

  /** Of the project. */
  final Coordinates coordinates() {
    return new Coordinates(project.getGroupId(), project.getArtifactId(), project.getVersion());
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
