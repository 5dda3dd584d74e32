package dev.rr.maven;

import dev.rr.build.Assembler;
import dev.rr.build.BuildException;
import dev.rr.build.JdkFinder;
import dev.rr.build.Selection;
import dev.rr.build.Timer;
import dev.rr.build.Versions;
import dev.rr.processor.root.SelectedPlugin;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.toolchain.Toolchain;
import org.apache.maven.toolchain.ToolchainManager;
import org.jspecify.annotations.NullUnmarked;

/** Checks the chosen plugins, wires them, and packs them into one file that runs. */
@NullUnmarked
@Mojo(
    name = "build",
    defaultPhase = LifecyclePhase.PACKAGE,
    requiresProject = false,
    threadSafe = true)
public final class BuildMojo extends SelectionMojo {
  @Inject private ToolchainManager toolchains;

  /** The file to write; {@code rr} in the build directory, which is target, unless said. */
  @Parameter(property = "rr.output")
  private File output;

  /**
   * Makes the file twice, in different folders, and fails unless both are the same byte for byte.
   */
  @Parameter(property = "rr.prove", defaultValue = "false")
  private boolean prove;

  /** The home of the JDK 25 that compiles and tries out the file; found unasked in most places. */
  @Parameter(property = "rr.jdk", defaultValue = "")
  private String jdk;

  /** The version that the file tells; the project's own, or rr's when there is no project. */
  @Parameter(property = "rr.version")
  private String version;

  /** Made by Maven. */
  public BuildMojo() {}

  @Override
  void run() throws BuildException, IOException, InterruptedException {
    Timer timer = new Timer();
    Versions versions = Versions.own();
    Path home = jdk();
    MavenResolver resolver = resolver(versions);
    Selection selection = select(resolver, versions);
    List<Path> processors = resolver.processors();
    timer.lap("resolve and check");
    Path work = work();
    try {
      String said =
          new Assembler(versions, home, processors, timer)
              .assemble(selection, version(versions), output().toPath(), work, prove);
      getLog().info(said.lines().findFirst().orElse(""));
      report(selection, timer);
    } finally {
      if (hasNoPom()) {
        delete(work);
      }
    }
  }

  private void report(Selection selection, Timer timer) {
    getLog()
        .info(
            "Plugins: "
                + selection.graph().order().stream()
                    .map(SelectedPlugin::id)
                    .collect(Collectors.joining(", ")));
    getLog().info("Wrote %s, %.1f MB, in %s".formatted(output(), output().length() / 1e6, timer));
  }

  // Without a project, Maven leaves the name of its build directory unresolved.
  private File output() {
    if (output != null) {
      return output;
    }
    return hasNoPom()
        ? new File(session().getExecutionRootDirectory(), "target/rr")
        : new File(project().getBuild().getDirectory(), "rr");
  }

  private String version(Versions versions) {
    if (version != null && !version.isBlank()) {
      return version;
    }
    return hasNoPom() ? versions.rr() : project().getVersion();
  }

  /** Where generated code can be read later; without a project nobody would look for it. */
  private Path work() throws IOException {
    return hasNoPom()
        ? Files.createTempDirectory("rr-build").resolve("assembly")
        : Path.of(project().getBuild().getDirectory(), "rr-assembly");
  }

  private static void delete(Path work) throws IOException {
    Path folder = Objects.requireNonNull(work.getParent());
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }

  private Path jdk() throws BuildException {
    Optional<Path> explicit = JdkFinder.explicit("rr.jdk", jdk == null ? "" : jdk);
    if (explicit.isPresent()) {
      return explicit.get();
    }
    Toolchain chosen = toolchains.getToolchainFromBuildContext("jdk", session());
    List<Toolchain> listed =
        toolchains.getToolchains(
            session(),
            "jdk",
            Map.of("version", "[%d,%d)".formatted(JdkFinder.FEATURE, JdkFinder.FEATURE + 1)));
    return new JdkFinder()
        .at("the build's toolchain", compilers(Stream.ofNullable(chosen)))
        .at("toolchains.xml", compilers(listed.stream()))
        .variables(System.getenv())
        .usualFolders(Path.of(System.getProperty("user.home")))
        .at("Maven's own Java", List.of(System.getProperty("java.home")))
        .find();
  }

  private static List<String> compilers(Stream<Toolchain> toolchains) {
    return toolchains.map(t -> t.findTool("javac")).filter(Objects::nonNull).toList();
  }
}
