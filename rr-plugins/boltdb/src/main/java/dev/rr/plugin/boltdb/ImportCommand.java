package dev.rr.plugin.boltdb;

import dev.rr.api.cli.CliCommand;
import dev.rr.api.plugin.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The sub-command {@code rr kv import-bolt FILE [STORAGE]}: brings the values of a file of bbolt
 * into a storage. The file may be the storage's own; then the old one stays beside it.
 */
final class ImportCommand implements CliCommand {
  private static final String USAGE = "usage: rr kv import-bolt FILE [STORAGE]";
  private static final int TOLD = 10;

  private final Supplier<Map<String, Path>> storages;
  private final Opening opening;

  /** Opens a storage in another file than its own. */
  @FunctionalInterface
  interface Opening {
    BoltStore open(String storage, Path file) throws Exception;
  }

  /**
   * The command.
   *
   * @param storages the files of those that the configuration has, by name
   */
  ImportCommand(Supplier<Map<String, Path>> storages, Opening opening) {
    this.storages = storages;
    this.opening = opening;
  }

  @Override
  public int run(List<String> arguments, Console console) throws Exception {
    boolean known = !arguments.isEmpty() && arguments.getFirst().equals("import-bolt");
    if (!known || arguments.size() < 2 || arguments.size() > 3) {
      throw new IllegalArgumentException(USAGE);
    }
    Map<String, Path> all = storages.get();
    String storage = arguments.size() == 3 ? arguments.get(2) : only(all);
    Path target = all.get(storage);
    if (target == null) {
      throw new IllegalArgumentException(
          "the configuration has no storage " + storage + " with the driver boltdb" + names(all));
    }
    Path source = Path.of(arguments.get(1)).toAbsolutePath();
    try (BoltFile file = BoltFile.open(source)) {
      run(source, file, storage, target, console);
    }
    return 0;
  }

  private static String only(Map<String, Path> all) {
    if (all.size() == 1) {
      return all.keySet().iterator().next();
    }
    throw new IllegalArgumentException(
        USAGE + "; STORAGE is one whose driver is boltdb" + names(all));
  }

  private static String names(Map<String, Path> all) {
    return all.isEmpty()
        ? "; the configuration has none"
        : "; it has " + String.join(", ", all.keySet());
  }

  private void run(Path source, BoltFile file, String storage, Path target, Console console)
      throws Exception {
    boolean own = Files.exists(target) && Files.isSameFile(source, target);
    Path into = own ? beside(target, ".import") : target;
    Path kept = beside(target, ".bolt");
    if (own && Files.exists(kept)) {
      throw new IOException(kept + " is in the way of the old file, which is to be kept there");
    }
    if (own) {
      Files.deleteIfExists(into);
    } else if (BoltFile.isOne(into)) {
      throw new IOException(
          into + ", the file of " + storage + ", is one of bbolt itself: import that one first");
    }
    BoltImport.Result result = copy(file, storage, into);
    if (own) {
      Files.createLink(kept, target);
      Files.move(into, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
    console
        .out()
        .println(result.values() + " values are in " + target + " now, the file of " + storage);
    if (own) {
      console.out().println("what it was before is " + kept);
    }
    tellLeftOut(result.leftOut(), console);
  }

  private BoltImport.Result copy(BoltFile file, String storage, Path into) throws Exception {
    BoltStore store = opening.open(storage, into);
    try {
      return BoltImport.run(file, store);
    } finally {
      store.close(Deadline.after(Duration.ofSeconds(30)));
    }
  }

  private static void tellLeftOut(List<String> keys, Console console) {
    if (!keys.isEmpty()) {
      console
          .err()
          .println(
              keys.size()
                  + " keys are left out, RoadRunner's kv has not written their values: "
                  + String.join(", ", keys.subList(0, Math.min(TOLD, keys.size())))
                  + (keys.size() > TOLD ? ", …" : ""));
    }
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }
}
