package dev.rr.build.run;

import dev.rr.build.Folders;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's archive of classes as they are when they are loaded and verified, of the jars that all
 * starts of a server share: with it a start takes about half of the time. Made in the background of
 * what a first server has loaded, and kept for as long as the jars are the same. A JVM for which it
 * is not right goes without. One thread.
 */
final class ClassArchive implements Closeable {
  private final Path jdk;
  private final Path folder;
  private final Path list;
  private final Path loaded;
  private @Nullable Process process;
  private @Nullable CompletableFuture<Boolean> made;

  /**
   * Makes one.
   *
   * @param folder where archives are kept
   * @param work a folder that the server may write to
   */
  ClassArchive(Path jdk, Path folder, Path work) {
    this.jdk = jdk;
    this.folder = folder;
    this.list = work.resolve("classes.lst");
    this.loaded = work.resolve("loaded.lst");
  }

  /** What a server over these jars is to be started with. */
  List<String> options(List<Path> jars) throws IOException {
    Path archive = file(jars);
    if (Files.exists(archive)) {
      // One that does not fit is no news.
      return List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off", "-Xlog:aot*=off");
    }
    return Files.exists(loaded) ? List.of() : List.of("-XX:DumpLoadedClassList=" + list);
  }

  /** Takes what a server has loaded, which has ended. */
  void ended() throws IOException {
    if (Files.exists(list)) {
      Files.move(list, loaded, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Makes the archive in the background, once, where it is known what it is to hold. */
  void make(List<Path> jars) throws IOException {
    Path archive = file(jars);
    if (made != null || Files.exists(archive) || !Files.exists(loaded)) {
      return;
    }
    // Those of other jars as well.
    Folders.delete(folder);
    Files.createDirectories(folder);
    Path fresh = folder.resolve("fresh.jsa");
    Process dump = start(fresh, jars);
    process = dump;
    made =
        dump.onExit()
            .thenApply(
                ended -> ended.exitValue() == 0 && fresh.toFile().renameTo(archive.toFile()));
  }

  private Process start(Path fresh, List<Path> jars) throws IOException {
    return new ProcessBuilder(
            jdk.resolve("bin/java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:dump",
            "-XX:SharedClassListFile=" + loaded,
            "-XX:SharedArchiveFile=" + fresh,
            "-cp",
            jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)))
        // What it leaves out, it tells.
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Its name changes with the jars. */
  private Path file(List<Path> jars) throws IOException {
    List<String> key = new ArrayList<>(List.of(jdk.toString()));
    for (Path jar : jars) {
      key.add(jar + " " + Files.getLastModifiedTime(jar).toMillis() + " " + Files.size(jar));
    }
    byte[] text = String.join("\n", key).getBytes(StandardCharsets.UTF_8);
    return folder.resolve(UUID.nameUUIDFromBytes(text) + ".jsa");
  }

  /** Whether an archive was made, once that is known; null as long as none had to be. */
  @Nullable CompletableFuture<Boolean> made() {
    return made;
  }

  @Override
  public void close() {
    Process dump = process;
    if (dump != null) {
      dump.destroyForcibly();
    }
  }
}
