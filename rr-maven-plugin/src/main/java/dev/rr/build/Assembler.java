package dev.rr.build;

import dev.rr.processor.root.Root;
import dev.rr.processor.root.RootGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Generates, compiles, packs and tries out the file of a selection that fits together. */
public final class Assembler {
  private static final int LOCK_DIGITS = 12;

  private final Versions versions;
  private final Path jdk;
  private final List<Path> processors;
  private final Timer timer;

  /**
   * Makes one.
   *
   * @param jdk the home of a JDK 25
   * @param processors Dagger's compiler and what it needs
   */
  public Assembler(Versions versions, Path jdk, List<Path> processors, Timer timer) {
    this.versions = versions;
    this.jdk = jdk;
    this.processors = List.copyOf(processors);
    this.timer = timer;
  }

  /**
   * Makes the file.
   *
   * @param version the user's version of it
   * @param output where it shall stand
   * @param work a folder for generated sources and classes; emptied first
   * @param prove whether to make it twice, in different folders, and compare
   * @return what {@code --version} of the file printed
   */
  public String assemble(Selection selection, String version, Path output, Path work, boolean prove)
      throws BuildException, IOException, InterruptedException {
    byte[] file = make(selection, version, work);
    if (prove) {
      byte[] again = make(selection, version, work.resolveSibling(work.getFileName() + "-again"));
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
      delete(trial);
    }
  }

  private byte[] make(Selection selection, String version, Path work)
      throws BuildException, IOException, InterruptedException {
    Path sources = work.resolve("sources");
    Path classes = work.resolve("classes");
    delete(work);
    Files.createDirectories(classes);
    generate(selection, version, sources);
    timer.lap("generate");
    List<Path> classPath = selection.inputs().stream().map(Input::file).toList();
    new Javac(jdk, processors).compile(sources, classes, classPath);
    timer.lap("compile");
    Map<String, byte[]> generated = read(classes);
    generated.put(
        Lock.ENTRY,
        Lock.of(selection, version, versions).toJson().getBytes(StandardCharsets.UTF_8));
    byte[] file = new Packer(version).pack(selection.inputs(), generated);
    timer.lap("pack");
    return file;
  }

  private void generate(Selection selection, String version, Path sources) throws IOException {
    List<String> texts = List.of(version, versions.rr(), versions.dagger());
    String lock = Hash.of(texts, selection.inputs()).substring(0, LOCK_DIGITS);
    Root root = new Root(selection.graph(), selection.catalogue(), version, versions.rr(), lock);
    for (Map.Entry<String, String> source : RootGenerator.generate(root).entrySet()) {
      Path file = sources.resolve(source.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, source.getValue());
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

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(all::add);
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }
}
