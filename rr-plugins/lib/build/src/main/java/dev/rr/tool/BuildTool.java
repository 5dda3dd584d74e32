package dev.rr.tool;

import dev.rr.build.BuildException;
import dev.rr.build.Folders;
import dev.rr.build.Manifest;
import dev.rr.build.Replaceable;
import dev.rr.build.Timer;
import dev.rr.build.Versions;
import dev.rr.build.application.Application;
import dev.rr.build.assemble.BuiltFile;
import dev.rr.build.assemble.Plan;
import dev.rr.build.assemble.WindowsScript;
import dev.rr.build.init.Presets;
import dev.rr.build.init.StartingPoint;
import dev.rr.build.jdk.JdkFinder;
import dev.rr.build.lock.Lock;
import dev.rr.build.lock.UpToDate;
import dev.rr.build.resolve.MavenResolver;
import dev.rr.build.resolve.VersionsRule;
import dev.rr.build.select.KnownPlugins;
import dev.rr.build.select.Selection;
import dev.rr.build.select.Selector;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.RepositorySystemSession.CloseableSession;
import org.eclipse.aether.supplier.RepositorySystemSupplier;

/** The main class of {@code rr-build.jar}. */
public final class BuildTool {
  private static final String VELOX = "velox.toml";

  private final ToolOptions options;
  private final PrintStream out;
  private final Path folder;

  private BuildTool(ToolOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
    this.folder = options.folder();
  }

  /** What is selected, and whether what it needs is added. */
  private record Wanted(List<String> plugins, boolean autoAdd) {}

  /** Makes the file. */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), System.out, System.err));
  }

  /** Makes the file; returns the exit code. */
  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    try {
      ToolOptions options = ToolOptions.parse(arguments);
      if (options.has("--help")) {
        out.print(ToolOptions.HELP);
      } else {
        new BuildTool(options, out).build();
      }
      return 0;
    } catch (BuildException e) {
      err.println("rr-build: " + ToolOptions.inFlags(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      err.println("rr-build: " + BuildException.text(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      err.println("rr-build: interrupted");
    }
    return 1;
  }

  private void build() throws BuildException, IOException, InterruptedException {
    Manifest manifest = Manifest.in(folder);
    MavenSettings settings =
        MavenSettings.read(
            options
                .value("--settings")
                .map(folder::resolve)
                .orElse(home().resolve(".m2/settings.xml")),
            MavenSettings.variables(System.getenv()));
    Path local =
        options
            .value("--local")
            .or(settings::localRepository)
            .map(folder::resolve)
            .orElse(home().resolve(".m2/repository"));
    Files.createDirectories(local);
    if (!Files.isWritable(local)) {
      throw new BuildException(
          "the local repository %s may not be written to; --local names another".formatted(local));
    }
    try (RepositorySystem system = new RepositorySystemSupplier().get();
        CloseableSession session =
            Repositories.session(system, settings, local, options.has("--offline"))) {
      build(manifest, resolver(system, session, manifest, settings));
    }
  }

  private MavenResolver resolver(
      RepositorySystem system,
      RepositorySystemSession session,
      Manifest manifest,
      MavenSettings settings)
      throws BuildException {
    Map<String, String> named = new TreeMap<>(manifest.repositories());
    for (String repository : options.values("--repository")) {
      int equals = repository.indexOf('=');
      if (equals < 1) {
        throw new BuildException("--repository: " + repository + " is not of the form ID=URL");
      }
      named.put(repository.substring(0, equals), repository.substring(equals + 1));
    }
    return new MavenResolver(
        system,
        session,
        system.newResolutionRepositories(session, Repositories.remote(named, settings)),
        manifest.replace(),
        new MavenResolver.Module(Optional.empty(), List.of(), List.of()),
        Versions.own(),
        VersionsRule.of(options.value("--versions").orElse("strict"), this::warn));
  }

  private void build(Manifest manifest, MavenResolver resolver)
      throws BuildException, IOException, InterruptedException {
    Timer timer = new Timer();
    Path output = output(manifest);
    Path lockFile = lockFile();
    requireOutput(manifest, output, lockFile);
    Plan plan = plan(manifest, resolver);
    if (options.has("--verify")) {
      verify(plan, lockFile, output);
      return;
    }
    boolean lock = options.has("--lock");
    if (!lock && Files.exists(lockFile)) {
      plan.requireLocked(lockFile);
    }
    make(plan, output, lock, timer);
    if (options.has("--cmd") || WindowsScript.wanted()) {
      out.println("Wrote " + WindowsScript.write(output));
    }
    if (lock) {
      plan.writeLock(lockFile, output);
      out.println("Wrote " + lockFile);
    }
  }

  private void make(Plan plan, Path output, boolean force, Timer timer)
      throws BuildException, IOException, InterruptedException {
    boolean prove = options.has("--prove");
    UpToDate upToDate = plan.upToDate(output, work());
    if (!force && !prove && upToDate.holds()) {
      out.println(output + " is up to date");
      return;
    }
    String said = plan.assemble(output, work(), prove, timer);
    upToDate.keep();
    plan.report(said, output, timer).forEach(out::println);
  }

  private Path lockFile() {
    return folder.resolve(options.value("--lock-file").orElse("rr.lock"));
  }

  private Path work() {
    return folder.resolve("target/rr-assembly");
  }

  private void verify(Plan plan, Path lockFile, Path output)
      throws BuildException, IOException, InterruptedException {
    if (!Files.exists(lockFile)) {
      throw new BuildException("there is no " + lockFile + "; --lock writes it");
    }
    Path work = Files.createTempDirectory("rr-verify");
    try {
      out.println(lockFile + " holds: " + plan.verify(lockFile, output, work));
    } finally {
      Folders.delete(work);
    }
  }

  private Plan plan(Manifest manifest, MavenResolver resolver) throws BuildException, IOException {
    Versions versions = Versions.own();
    String version =
        options
            .value("--version")
            .orElse(manifest.version().isEmpty() ? versions.rr() : manifest.version());
    Path jdk = jdk();
    Wanted wanted = wanted(manifest, KnownPlugins.read(resolver.catalogue()));
    Selection selection =
        new Selector(resolver, Optional.empty(), versions)
            .select(wanted.plugins(), wanted.autoAdd());
    selection.hints().forEach(this::warn);
    if (!selection.added().isEmpty()) {
      out.println("Added " + String.join(", ", selection.added()));
    }
    return Plan.of(jdk, resolver, selection, application(manifest), version, versions);
  }

  private Optional<Application> application(Manifest manifest) throws BuildException, IOException {
    Optional<String> said =
        options
            .value("--embed")
            .or(() -> Optional.of(manifest.embed()))
            .filter(text -> !text.isEmpty());
    if (said.isEmpty()) {
      return Optional.empty();
    }
    Path application = folder.resolve(said.get());
    List<String> excludes = list(options.values("--app-excludes"));
    return Optional.of(
        Application.of(
            key(manifest, "--embed", "embed"),
            application,
            Application.leftOut(
                application,
                excludes.isEmpty() ? manifest.appExcludes() : excludes,
                folder.resolve("target"),
                output(manifest),
                // It has the hash of the application, and cannot be in it.
                List.of(lockFile()))));
  }

  private static List<String> list(List<String> values) {
    return values.stream()
        .flatMap(v -> Stream.of(v.split(",", -1)))
        .map(String::trim)
        .filter(v -> !v.isEmpty())
        .toList();
  }

  /** By flags; where there are none by {@code rr-build.yaml}, then by {@code velox.toml}. */
  private Wanted wanted(Manifest manifest, KnownPlugins known) throws BuildException, IOException {
    boolean autoAdd = options.has("--auto-add") || manifest.autoAdd();
    List<String> named = named(options.values("--plugins"), options.value("--preset").orElse(""));
    Optional<String> from = options.value("--from");
    if (from.isEmpty() && named.isEmpty()) {
      named = named(manifest.plugins(), manifest.preset());
      if (named.isEmpty() && Files.isRegularFile(folder.resolve(VELOX))) {
        from = Optional.of(VELOX);
      }
    }
    if (from.isEmpty()) {
      return new Wanted(named, autoAdd);
    }
    StartingPoint start = StartingPoint.read(folder.resolve(from.get()), known);
    start.notes().forEach(this::warn);
    List<String> all = new ArrayList<>(start.plugins());
    all.addAll(named);
    // Such a file names what is used, not what that needs.
    return new Wanted(all, true);
  }

  private static List<String> named(List<String> plugins, String preset) throws BuildException {
    List<String> all = new ArrayList<>();
    plugins.stream().flatMap(p -> Stream.of(p.split(",", -1))).forEach(all::add);
    if (!preset.isEmpty()) {
      all.addAll(new Presets().plugins(preset));
    }
    return all;
  }

  private Path output(Manifest manifest) {
    String said = manifest.output().isEmpty() ? "target/rr" : manifest.output();
    return folder.resolve(options.value("--output").orElse(said));
  }

  /** Before anything is read: what is written over is gone. */
  private void requireOutput(Manifest manifest, Path output, Path lockFile)
      throws BuildException, IOException {
    String key = key(manifest, "--output", "output");
    if (options.has("--verify")) {
      Replaceable.requireFile(key, output);
      return;
    }
    BuiltFile.requireReplaceable(key, output);
    if (output.toAbsolutePath().normalize().equals(lockFile.toAbsolutePath().normalize())) {
      throw new BuildException("%s: %s is where --lock writes".formatted(key, output));
    }
    if (options.has("--lock")) {
      Lock.requireReplaceable("--lock-file", lockFile);
    }
  }

  /** By what name the user knows a value, with its line where it has one. */
  private String key(Manifest manifest, String flag, String key) {
    return options.value(flag).isPresent() ? flag : manifest.places().getOrDefault(key, flag);
  }

  private Path jdk() throws BuildException {
    Optional<Path> explicit = JdkFinder.explicit("--jdk", options.value("--jdk").orElse(""));
    return explicit.isPresent()
        ? explicit.get()
        : new JdkFinder()
            .at(
                "the Java that runs this",
                List.of(Objects.requireNonNull(System.getProperty("java.home"))))
            .variables(System.getenv())
            .usualFolders(home())
            .find();
  }

  private void warn(String text) {
    out.println("[WARN] " + ToolOptions.inFlags(text));
  }

  private static Path home() {
    return Path.of(System.getProperty("user.home"));
  }
}
