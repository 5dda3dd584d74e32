package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.Coordinates;
import dev.rr.build.Input;
import dev.rr.build.Manifest;
import dev.rr.build.Versions;
import dev.rr.build.init.RrYaml;
import dev.rr.build.jdk.JdkFinder;
import dev.rr.build.resolve.MavenResolver;
import dev.rr.build.run.DevLoop;
import dev.rr.build.run.DevModule;
import dev.rr.build.run.DevProject;
import dev.rr.build.run.DevSettings;
import dev.rr.build.run.RememberingResolver;
import dev.rr.build.select.KnownPlugins;
import dev.rr.build.select.Resolver;
import dev.rr.build.select.Selection;
import dev.rr.build.select.Selector;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.artifact.DependencyResolutionRequiredException;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.Resource;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.NullUnmarked;

/**
 * Runs a plugin from its author's folder, with what it and the configuration need, and again
 * whenever a source, a resource or the configuration changes, also of a module of the same reactor
 * that it is compiled against ({@code mvn rr:run -pl MODULE} in the reactor's folder). Nothing is
 * packed: classes are compiled by a compiler that stays, only those that changed where that is
 * enough, and the component only when it would be another. What is wrong is told with its file and
 * line, and the server of before goes on. Ctrl+C ends it.
 */
@NullUnmarked
@Mojo(
    name = "run",
    requiresProject = false,
    requiresDependencyResolution = ResolutionScope.COMPILE,
    threadSafe = true)
public final class RunMojo extends AssemblyMojo {
  private static final String COMPILER = "org.apache.maven.plugins:maven-compiler-plugin";

  /** The configuration. The plugins that it asks for are part of the selection. */
  @Parameter(property = "rr.config", defaultValue = ".rr.yaml")
  private File config;

  /** What the server is started with; {@code -c} and the configuration follow. */
  @Parameter(property = "rr.arguments", defaultValue = "serve")
  private String arguments;

  /** Made by Maven. */
  public RunMojo() {}

  @Override
  void run() throws BuildException, IOException, InterruptedException {
    if (!hasNoPom() && project().getPackaging().equals("pom")) {
      throw new BuildException("rr:run runs one module: name it with -pl, or go to its folder");
    }
    Versions versions = Versions.own();
    MavenResolver maven = resolver(versions, own(classesFolder()));
    RememberingResolver resolver =
        new RememberingResolver(
            maven, siblings().stream().map(RunMojo::coordinates).collect(Collectors.toList()));
    Path configuration = folder().resolve(config.toPath());
    // rr-build.yaml, where there is no pom.
    Path project = hasNoPom() ? folder().resolve(Manifest.FILE) : project().getFile().toPath();
    long read = project.toFile().lastModified();
    DevProject selection =
        classes -> {
          if (project.toFile().lastModified() != read) {
            getLog().warn(project + " has changed; mvn rr:run reads it when it starts");
          }
          Optional<Input> own = own(classes);
          own.ifPresent(resolver::own);
          return select(resolver, own, versions, configuration);
        };
    DevSettings settings =
        new DevSettings(
            folder(),
            workFolder(),
            jdk(),
            versions,
            version(versions),
            maven.processors(),
            List.of(configuration, project),
            line(configuration));
    DevModule module = module(maven, versions);
    try (DevLoop loop = new DevLoop(settings, module, selection, getLog()::info, this::tellError)) {
      loop.run();
    }
  }

  private void tellError(String text) {
    text.lines().forEach(getLog()::error);
  }

  private Selection select(
      Resolver resolver, Optional<Input> own, Versions versions, Path configuration)
      throws BuildException, IOException {
    List<String> names = new ArrayList<>(named());
    if (Files.isRegularFile(configuration)) {
      KnownPlugins known = KnownPlugins.read(resolver.catalogue());
      // Its notes are about sections without a plugin of rr's, as the author's own.
      names.addAll(RrYaml.read(configuration, known).plugins());
    }
    return new Selector(resolver, own, versions).select(names, true);
  }

  private List<String> line(Path configuration) {
    List<String> line =
        Stream.of(arguments.trim().split("\\s+", -1))
            .filter(word -> !word.isEmpty())
            .collect(Collectors.toCollection(ArrayList::new));
    line.add("-c");
    line.add(configuration.toString());
    return line;
  }

  private DevModule module(MavenResolver maven, Versions versions)
      throws BuildException, IOException {
    if (hasNoPom()) {
      Coordinates none = new Coordinates("none", "none", "0");
      return new DevModule(none, List.of(), List.of(), List.of(), List.of(), List.of());
    }
    Plugin plugin = project().getPlugin(COMPILER);
    CompilerSettings compiler =
        CompilerSettings.of(plugin == null ? null : plugin.getConfiguration());
    List<MavenProject> modules = new ArrayList<>(siblings());
    modules.forEach(module -> getLog().info("With the sources of " + module.getArtifactId()));
    modules.add(project());
    return new DevModule(
        coordinates(),
        modules.stream()
            .flatMap(module -> paths(module.getCompileSourceRoots()).stream())
            .collect(Collectors.toList()),
        modules.stream().flatMap(module -> resources(module).stream()).collect(Collectors.toList()),
        classPath(),
        processors(compiler, maven, versions),
        options(compiler));
  }

  private static List<Path> processors(
      CompilerSettings compiler, MavenResolver maven, Versions versions) throws BuildException {
    List<Coordinates> all = new ArrayList<>();
    for (String name : compiler.processors()) {
      String[] parts = name.split(":", -1);
      Optional<String> version =
          parts.length > 2 ? Optional.of(parts[2]) : maven.version(parts[0], parts[1]);
      if (version.isEmpty()) {
        throw new BuildException(
            "annotationProcessorPaths names " + name + " without a version, and nothing fixes one");
      }
      all.add(new Coordinates(parts[0], parts[1], version.get()));
    }
    if (all.isEmpty()) {
      all.add(new Coordinates(MavenResolver.GROUP, "rr-processor", versions.rr()));
    }
    return maven.closure(all);
  }

  private List<String> options(CompilerSettings compiler) {
    String release =
        compiler
            .release()
            .orElse(
                project()
                    .getProperties()
                    .getProperty("maven.compiler.release", Integer.toString(JdkFinder.FEATURE)));
    String encoding =
        project().getProperties().getProperty("project.build.sourceEncoding", "UTF-8");
    List<String> options = new ArrayList<>(List.of("--release", release, "-encoding", encoding));
    options.addAll(compiler.processorOptions());
    return options;
  }

  /**
   * The modules of the same reactor that this one is compiled against: their sources are compiled
   * with its own. Maven knows them where it runs in the reactor's folder, with {@code -pl}.
   */
  private List<MavenProject> siblings() {
    if (hasNoPom() || session().getProjectDependencyGraph() == null) {
      return List.of();
    }
    Set<Coordinates> needed =
        project().getArtifacts().stream().map(RunMojo::coordinates).collect(Collectors.toSet());
    return session().getProjectDependencyGraph().getAllProjects().stream()
        .filter(other -> needed.contains(coordinates(other)))
        .collect(Collectors.toList());
  }

  private static Coordinates coordinates(MavenProject other) {
    return new Coordinates(other.getGroupId(), other.getArtifactId(), other.getVersion());
  }

  /** As its project calls it, a snapshot of a registry's too. */
  private static Coordinates coordinates(Artifact artifact) {
    return new Coordinates(
        artifact.getGroupId(), artifact.getArtifactId(), artifact.getBaseVersion());
  }

  private List<Path> resources(MavenProject module) {
    List<Path> all = new ArrayList<>();
    for (Resource resource : module.getResources()) {
      if (resource.isFiltering()) {
        getLog().warn(resource.getDirectory() + " is filtered by Maven, but not by rr:run");
      }
      all.add(Path.of(resource.getDirectory()));
    }
    return all;
  }

  private List<Path> classPath() throws BuildException {
    try {
      Set<Path> compiled = new HashSet<>(Set.of(classesFolder()));
      List<Coordinates> merged =
          siblings().stream().map(RunMojo::coordinates).collect(Collectors.toList());
      for (Artifact artifact : project().getArtifacts()) {
        if (merged.contains(coordinates(artifact)) && artifact.getFile() != null) {
          compiled.add(artifact.getFile().toPath());
        }
      }
      return paths(project().getCompileClasspathElements()).stream()
          .filter(path -> !compiled.contains(path))
          .collect(Collectors.toList());
    } catch (DependencyResolutionRequiredException e) {
      throw new BuildException("a dependency was not resolved: " + e.getMessage());
    }
  }

  private static List<Path> paths(List<String> names) {
    return names.stream().map(Path::of).collect(Collectors.toList());
  }

  private Optional<Input> own(Path classes) {
    return hasNoPom() ? Optional.empty() : Optional.of(new Input(coordinates(), classes));
  }

  private Path classesFolder() {
    return hasNoPom() ? folder() : Path.of(project().getBuild().getOutputDirectory());
  }

  /** Beside what other goals leave there, so that neither disturbs the other. */
  private Path workFolder() {
    return hasNoPom()
        ? folder().resolve("target/rr-run")
        : Path.of(project().getBuild().getDirectory(), "rr-run");
  }
}
