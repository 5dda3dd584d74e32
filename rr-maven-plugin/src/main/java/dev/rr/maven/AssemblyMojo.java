package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.Replaceable;
import dev.rr.build.Timer;
import dev.rr.build.Versions;
import dev.rr.build.application.Application;
import dev.rr.build.assemble.BuiltFile;
import dev.rr.build.assemble.Plan;
import dev.rr.build.assemble.WindowsScript;
import dev.rr.build.jdk.JdkFinder;
import dev.rr.build.lock.UpToDate;
import dev.rr.build.resolve.MavenResolver;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.toolchain.Toolchain;
import org.apache.maven.toolchain.ToolchainManager;
import org.jspecify.annotations.NullUnmarked;

/** What every goal that makes the file knows. Fields are filled by Maven. */
@NullUnmarked
abstract class AssemblyMojo extends SelectionMojo {
  @Inject private ToolchainManager toolchains;

  /** The file to write; {@code rr} in the build directory, which is target, unless said. */
  @Parameter(property = "rr.output")
  private File output;

  /** The home of the JDK 25 that compiles and tries out the file; found unasked in most places. */
  @Parameter(property = "rr.jdk", defaultValue = "")
  private String jdk;

  /**
   * The version that the file tells; the project's own, or rr's when there is no project. Not
   * {@code rr.version}, which poms call the version of rr that they build with.
   */
  @Parameter(property = "rr.fileVersion")
  private String version;

  /**
   * What the file has to be made of, to the byte: written by {@code rr:lock}, looked at by every
   * build while it is there; {@code rr.lock} in the project's folder unless said.
   */
  @Parameter(property = "rr.lockFile")
  private File lockFile;

  /**
   * A folder with the PHP application that goes into the file, which unpacks it when it starts;
   * none unless said.
   */
  @Parameter(property = "rr.embed")
  private File embed;

  /**
   * Globs of what stays out of the application: {@code *.log} wherever it is, {@code storage/logs}
   * and {@code /var} from its folder on. {@code .git} and what the build writes stay out unasked.
   */
  @Parameter(property = "rr.appExcludes")
  private List<String> appExcludes;

  /**
   * Whether a script for Windows is written beside the file, {@code rr.cmd}; by default on Windows
   * alone.
   */
  @Parameter(property = "rr.cmd")
  private Boolean cmd;

  /**
   * Makes the file, unless an earlier build made it of the same.
   *
   * @param force whether it is made all the same
   * @param prove whether it is made twice and compared
   */
  final Plan build(boolean force, boolean prove)
      throws BuildException, IOException, InterruptedException {
    Timer timer = new Timer();
    Plan plan = planToWrite();
    if (Files.exists(lockFile())) {
      plan.requireLocked(lockFile());
    }
    Path output = output().toPath();
    Plan made = make(plan, output, force, prove, timer);
    if (cmd == null ? WindowsScript.wanted() : cmd) {
      getLog().info("Wrote " + WindowsScript.write(output));
    }
    return made;
  }

  private Plan make(Plan plan, Path output, boolean force, boolean prove, Timer timer)
      throws BuildException, IOException, InterruptedException {
    Path work = work();
    UpToDate upToDate = plan.upToDate(output, work);
    if (!force && !prove && upToDate.holds()) {
      getLog().info("%s is up to date; -Drr.force makes it again".formatted(output));
      return plan;
    }
    String said = plan.assemble(output, work, prove, timer);
    upToDate.keep();
    plan.report(said, output, timer).forEach(getLog()::info);
    return plan;
  }

  final Plan plan() throws BuildException, IOException {
    Replaceable.requireFile(outputKey(), output().toPath());
    Versions versions = Versions.own();
    Path home = jdk();
    MavenResolver resolver = resolver(versions);
    return Plan.of(
        home, resolver, select(resolver, versions), application(), version(versions), versions);
  }

  /** The plan of a goal that writes the file; what is in its place is looked at first. */
  final Plan planToWrite() throws BuildException, IOException {
    Path file = output().toPath();
    BuiltFile.requireReplaceable(outputKey(), file);
    if (file.toAbsolutePath().normalize().equals(lockFile().toAbsolutePath().normalize())) {
      throw new BuildException("%s: %s is where rr:lock writes".formatted(outputKey(), file));
    }
    return plan();
  }

  /** By what name the user knows the file, with its line where it has one. */
  private String outputKey() throws BuildException, IOException {
    return output == null ? manifest().places().getOrDefault("output", "rr.output") : "rr.output";
  }

  /** What goes into the file besides the plugins. */
  final Optional<Application> application() throws BuildException, IOException {
    Optional<Path> folder = embedded();
    return folder.isEmpty()
        ? Optional.empty()
        : Optional.of(Application.of(embedKey(), folder.get(), leftOut(folder.get())));
  }

  /** The folder of the application that goes into the file. */
  Optional<Path> embedded() throws BuildException, IOException {
    return embed != null
        ? Optional.of(embed.toPath())
        : Optional.of(manifest().embed()).filter(e -> !e.isEmpty()).map(e -> folder().resolve(e));
  }

  /** By what name the user knows that folder. */
  String embedKey() throws BuildException, IOException {
    return embed == null ? manifest().places().getOrDefault("embed", "rr.embed") : "rr.embed";
  }

  /** Globs of what stays out of an application. */
  final List<String> leftOut(Path application, Path... written) throws BuildException, IOException {
    List<String> said = names(appExcludes);
    List<Path> more = new ArrayList<>(List.of(written));
    // It has the hash of the application, and cannot be in it.
    more.add(lockFile());
    return Application.leftOut(
        application,
        said.isEmpty() ? manifest().appExcludes() : said,
        work().getParent(),
        output().toPath(),
        more);
  }

  // Without a project, Maven leaves the name of its build directory unresolved.
  final File output() throws BuildException, IOException {
    if (output != null) {
      return output;
    }
    if (!manifest().output().isEmpty()) {
      return inFolder(manifest().output());
    }
    return hasNoPom() ? inFolder("target/rr") : new File(project().getBuild().getDirectory(), "rr");
  }

  final Path lockFile() {
    if (lockFile != null) {
      return lockFile.toPath();
    }
    return (hasNoPom() ? inFolder("rr.lock") : new File(project().getBasedir(), "rr.lock"))
        .toPath();
  }

  /** Where paths of the user begin: the project's folder, or the one that Maven runs in. */
  final Path folder() {
    return hasNoPom()
        ? Path.of(session().getExecutionRootDirectory())
        : project().getBasedir().toPath();
  }

  private File inFolder(String name) {
    return Path.of(session().getExecutionRootDirectory()).resolve(name).toFile();
  }

  final String version(Versions versions) throws BuildException, IOException {
    if (version != null && !version.isBlank()) {
      return version;
    }
    if (!manifest().version().isEmpty()) {
      return manifest().version();
    }
    return hasNoPom() ? versions.rr() : project().getVersion();
  }

  /** Where generated code can be read later, and a note says what the file was made of. */
  final Path work() {
    return hasNoPom()
        ? inFolder("target/rr-assembly").toPath()
        : Path.of(project().getBuild().getDirectory(), "rr-assembly");
  }

  /** The home of the JDK 25 to use. */
  final Path jdk() throws BuildException {
    Optional<Path> explicit = JdkFinder.explicit("rr.jdk", jdk == null ? "" : jdk);
    if (explicit.isPresent()) {
      return explicit.get();
    }
    // Without a pom nothing can have chosen one, and Maven 4.0.0-rc-5 throws when it is asked.
    Toolchain chosen =
        hasNoPom() ? null : toolchains.getToolchainFromBuildContext("jdk", session());
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

  /** A list of the command line, without what is empty in it. */
  static List<String> names(List<String> given) {
    return Stream.ofNullable(given)
        .flatMap(List::stream)
        .filter(Objects::nonNull)
        .map(String::trim)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toList());
  }

  private static List<String> compilers(Stream<Toolchain> toolchains) {
    return toolchains.map(t -> t.findTool("javac")).filter(Objects::nonNull).toList();
  }
}
