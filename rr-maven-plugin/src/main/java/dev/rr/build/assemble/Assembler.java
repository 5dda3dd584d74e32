package dev.rr.build.assemble;

import dev.rr.build.BuildException;
import dev.rr.build.Folders;
import dev.rr.build.Input;
import dev.rr.build.TextFile;
import dev.rr.build.Timer;
import dev.rr.build.application.Application;
import dev.rr.build.archive.Archive;
import dev.rr.build.lock.Lock;
import dev.rr.build.select.Selection;
import dev.rr.processor.root.Root;
import dev.rr.processor.root.RootGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Generates, compiles, packs and tries out the file of a selection that fits together. */
final class Assembler {
  private final Path jdk;
  private final List<Path> processors;
  private final Optional<Application> application;
  private final Timer timer;

  /**
   * Makes one.
   *
   * @param jdk the home of a JDK 25
   * @param processors Dagger's compiler and what it needs
   * @param application that goes into the file
   */
  Assembler(Path jdk, List<Path> processors, Optional<Application> application, Timer timer) {
    this.jdk = jdk;
    this.processors = List.copyOf(processors);
    this.application = application;
    this.timer = timer;
  }

  /**
   * Makes the file.
   *
   * @param lock of the selection
   * @param output where it shall stand
   * @param work a folder for generated sources and classes; emptied first
   * @param prove whether to make it twice, in different folders, and compare
   * @return what {@code --version} of the file printed
   */
  String assemble(Selection selection, Lock lock, Path output, Path work, boolean prove)
      throws BuildException, IOException, InterruptedException {
    try (WorkLock unused = WorkLock.take(work)) {
      return assembleAlone(selection, lock, output, work, prove);
    }
  }

  private String assembleAlone(
      Selection selection, Lock lock, Path output, Path work, boolean prove)
      throws BuildException, IOException, InterruptedException {
    byte[] file = make(selection, lock, work);
    if (prove) {
      byte[] again = make(selection, lock, work.resolveSibling(work.getFileName() + "-again"));
      if (!Arrays.equals(file, again)) {
        throw new BuildException(
            "Two runs gave different bytes, first at byte " + Arrays.mismatch(file, again));
      }
      timer.lap("prove");
    }
    // Tried out before it takes the place of one that may be good, under its own name, on the same
    // file system.
    Path target = output.toAbsolutePath();
    Path folder = Objects.requireNonNull(target.getParent());
    Files.createDirectories(folder);
    Path trial = Files.createTempDirectory(folder, ".rr-");
    Path fresh = trial.resolve(Objects.requireNonNull(target.getFileName()));
    try {
      Packer.write(file, fresh);
      timer.lap("pack");
      String said = SmokeTest.run(fresh, jdk);
      timer.lap("smoke");
      Files.move(
          fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return said;
    } finally {
      Folders.delete(trial);
    }
  }

  private byte[] make(Selection selection, Lock lock, Path work)
      throws BuildException, IOException, InterruptedException {
    if (lock.version().chars().anyMatch(Character::isISOControl)) {
      // The manifest in the file has it in a line.
      throw new BuildException("the file's version has a control character");
    }
    Path sources = work.resolve("sources");
    Path classes = work.resolve("classes");
    Folders.delete(work);
    Files.createDirectories(classes);
    generate(selection, lock, sources);
    timer.lap("generate");
    List<Path> classPath = selection.inputs().stream().map(Input::file).toList();
    new Javac(jdk, processors).compile(sources, classes, classPath);
    timer.lap("compile");
    Map<String, byte[]> generated = read(classes);
    generated.put(Lock.ENTRY, lock.toJson().getBytes(StandardCharsets.UTF_8));
    generated.putAll(Application.entries(application));
    byte[] file = new Packer(lock.version()).pack(selection.inputs(), generated);
    timer.lap("pack");
    return file;
  }

  private static void generate(Selection selection, Lock lock, Path sources) throws IOException {
    Root root =
        new Root(
            selection.graph(), selection.catalogue(), lock.version(), lock.rr(), lock.digits());
    for (Map.Entry<String, String> source : RootGenerator.generate(root).entrySet()) {
      Path file = sources.resolve(source.getKey());
      Files.createDirectories(file.getParent());
      TextFile.write(file, source.getValue());
    }
  }

  private static Map<String, byte[]> read(Path classes) throws IOException {
    Map<String, byte[]> all = new TreeMap<>();
    try (Archive archive = Archive.open(classes)) {
      for (Archive.Entry entry : archive.entries()) {
        // What Dagger wrote as source is not wanted in the file.
        if (entry.name().endsWith(".class")) {
          all.put(entry.name(), entry.content());
        }
      }
    }
    return all;
  }
}
