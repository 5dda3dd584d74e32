package dev.rr.build.assemble;

import dev.rr.build.BuildException;
import dev.rr.build.Input;
import dev.rr.build.TextFile;
import dev.rr.build.Timer;
import dev.rr.build.Versions;
import dev.rr.build.application.Application;
import dev.rr.build.archive.Hash;
import dev.rr.build.jdk.JdkFinder;
import dev.rr.build.lock.Lock;
import dev.rr.build.lock.UpToDate;
import dev.rr.build.resolve.MavenResolver;
import dev.rr.build.select.Selection;
import dev.rr.processor.root.SelectedPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is made, and with what; and how. Immutable.
 *
 * @param jdk the home of the JDK
 * @param application that goes into the file
 * @param made what the file keeps of it
 */
public record Plan(
    Path jdk,
    MavenResolver resolver,
    Selection selection,
    Optional<Application> application,
    Lock made) {
  /**
   * Makes one.
   *
   * @param version the user's version of the file
   */
  public static Plan of(
      Path jdk,
      MavenResolver resolver,
      Selection selection,
      Optional<Application> application,
      String version,
      Versions versions)
      throws IOException {
    return new Plan(
        jdk, resolver, selection, application, Lock.of(selection, application, version, versions));
  }

  /** As the JDK tells it. */
  public String jdkVersion() {
    return JdkFinder.version(jdk).orElse("unknown");
  }

  /** What {@code rr.lock} says of it, with this hash of the file. */
  public Lock lock(String output) throws IOException {
    Map<String, Path> poms =
        resolver.poms(selection.inputs().stream().map(Input::coordinates).toList());
    return made.with(poms, jdkVersion(), output);
  }

  /** Writes {@code rr.lock} for a file that was made. */
  public void writeLock(Path lockFile, Path output) throws IOException {
    TextFile.write(lockFile, lock(Hash.of(output)).toJson());
  }

  /** Fails unless the selection is the locked one. */
  public void requireLocked(Path lockFile) throws BuildException, IOException {
    Lock lock = Lock.read(lockFile);
    Map<String, Path> files = new TreeMap<>();
    selection.inputs().forEach(input -> files.put(input.coordinates().toString(), input.file()));
    List<String> problems = new ArrayList<>();
    lock.differences(lock(""), files, this::bringers)
        .forEach(text -> problems.add(lockFile + ": " + text));
    if (!problems.isEmpty()) {
      throw new BuildException(problems);
    }
  }

  private Set<String> bringers(String artifact) {
    return resolver.paths().getOrDefault(artifact, List.of()).stream()
        .map(way -> way.get(0))
        .collect(Collectors.toSet());
  }

  /**
   * Makes the file again, elsewhere, and fails unless the inputs, the new file and the one that is
   * there are those of the lock, byte for byte.
   *
   * @param output the file, which may be missing
   * @param work an empty folder; the caller deletes it
   * @return the hash of the locked file
   */
  public String verify(Path lockFile, Path output, Path work)
      throws BuildException, IOException, InterruptedException {
    requireLocked(lockFile);
    Lock lock = Lock.read(lockFile);
    Path again = work.resolve("rr");
    String unused = assemble(again, work.resolve("assembly"), false, new Timer());
    String made = Hash.of(again);
    List<String> problems = new ArrayList<>();
    lock.outputDifference(made, jdkVersion())
        .ifPresent(text -> problems.add(lockFile + ": " + text));
    if (Files.exists(output) && !Hash.of(output).equals(lock.output())) {
      problems.add(
          "%s has the sha256 %s, locked is %s".formatted(output, Hash.of(output), lock.output()));
    }
    if (!problems.isEmpty()) {
      throw new BuildException(problems);
    }
    return made;
  }

  /** Whether the file that is there is the one that would be made. */
  public UpToDate upToDate(Path output, Path work) throws IOException {
    return UpToDate.of(selection, made, jdk, output, work);
  }

  /**
   * Makes the file; returns what its {@code --version} says.
   *
   * @param work a folder for generated sources and classes
   * @param prove whether it is made twice and compared
   */
  public String assemble(Path file, Path work, boolean prove, Timer timer)
      throws BuildException, IOException, InterruptedException {
    List<Path> processors = resolver.processors();
    timer.lap("resolve and check");
    return new Assembler(jdk, processors, application, timer)
        .assemble(selection, made, file, work, prove);
  }

  /** What there is to say about a file that was made, in lines. */
  public List<String> report(String said, Path output, Timer timer) throws IOException {
    return List.of(
        said.lines().findFirst().orElse(""),
        "Plugins: "
            + selection.graph().order().stream()
                .map(SelectedPlugin::id)
                .collect(Collectors.joining(", "))
            + application.map(app -> "; the application: " + app.size()).orElse(""),
        "Wrote %s, %.1f MB, in %s".formatted(output, Files.size(output) / 1e6, timer));
  }
}
