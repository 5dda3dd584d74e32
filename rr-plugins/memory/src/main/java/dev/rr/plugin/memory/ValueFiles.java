package dev.rr.plugin.memory;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The files behind a storage: a snapshot, and logs of what was changed since. A change is in a log
 * before it is answered, so that the end of the process loses nothing; it is on the disk within a
 * second, which is what a power cut may cost.
 *
 * <p>When the log has outgrown the snapshot, changes go to a new log and a new snapshot is written
 * from the table as it is meanwhile. That is right although the table goes on changing: a change
 * says what its key is from now on, not how it differs, and the logs are read behind the snapshot
 * that may know part of them already. Only when the snapshot has its name are the logs before it
 * deleted.
 *
 * <p>Not a {@code Journal} of lib/journal, since that syncs before it answers, and builds all of a
 * state a second time when it drops garbage, which here would be every value in the heap.
 *
 * <p>{@link #append} and {@link #close} are for one thread at a time, {@link #sync} is for any.
 */
final class ValueFiles {
  /** Below this many bytes a log is not worth a snapshot. */
  private static final long SMALL = 4 * 1024 * 1024;

  /** What a snapshot has to free at least where nothing else is left. */
  private static final long LEAST_ROOM = 64 * 1024;

  private final ValuePaths paths;
  private final ValueSnapshot snapshot;
  private final FileChannel lock;
  private final EntryTable table;
  private final Executor executor;
  private final LogFile.Opener opener;
  private final Log log;

  private volatile ValueLog out;
  private int number;

  /** Bytes of all logs that no snapshot has taken in. */
  private long logged;

  private volatile long snapshotAt;

  /** What the table had when a snapshot failed last. */
  private volatile long failedBytes = Long.MAX_VALUE;

  private volatile boolean dirty;
  private volatile boolean closing;
  private volatile boolean syncFailed;
  private CompletableFuture<Void> compaction = CompletableFuture.completedFuture(null);

  /**
   * Opens the files and reads them into a table.
   *
   * @param file the snapshot; logs stand beside it
   * @param table an empty one; has what was {@linkplain #append appended} from then on, and is read
   *     on another thread
   * @param executor writes snapshots
   * @throws IOException when they are in use, damaged, or hold more than there is room for; the
   *     message is for the user
   */
  static ValueFiles open(Path file, EntryTable table, Executor executor, Log log)
      throws IOException {
    return open(file, table, executor, log, LogFile::open);
  }

  /** As above, with logs that may fail. */
  static ValueFiles open(
      Path file, EntryTable table, Executor executor, Log log, LogFile.Opener opener)
      throws IOException {
    ValuePaths paths = new ValuePaths(file);
    FileChannel lock = paths.lock();
    try {
      return new ValueFiles(paths, lock, table, executor, log, opener);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private ValueFiles(
      ValuePaths paths,
      FileChannel lock,
      EntryTable table,
      Executor executor,
      Log log,
      LogFile.Opener opener)
      throws IOException {
    this.paths = paths;
    this.snapshot = new ValueSnapshot(paths);
    this.lock = lock;
    this.table = table;
    this.executor = executor;
    this.log = log;
    this.opener = opener;
    snapshot.discard();
    Recovery changes = new Recovery(paths.snapshot(), table);
    this.snapshotAt = Math.max(SMALL, snapshot.read(changes));
    TreeMap<Integer, Path> logs = paths.logs();
    this.number = logs.isEmpty() ? 1 : logs.lastKey();
    long last = 0;
    for (Path each : logs.values()) {
      last = readLog(each, changes, log);
      logged += last;
    }
    this.out = new ValueLog(paths.log(number), last, opener);
  }

  private static long readLog(Path each, ValueReader.Changes changes, Log log) throws IOException {
    ValueReader reader = new ValueReader(changes);
    long whole = reader.read(each);
    long beyond = Files.size(each) - whole;
    if (beyond > 0 && reader.isDamaged()) {
      Path copy = each.resolveSibling(each.getFileName() + ".damaged");
      Files.copy(each, copy, StandardCopyOption.REPLACE_EXISTING);
      log.error(
          "a log is damaged: changes that were kept stand behind that place and are left out",
          "file",
          each,
          "at",
          whole,
          "bytes",
          beyond,
          "copy",
          copy);
    } else if (beyond > 0) {
      log.warn(
          "the end of a log was not written whole and is left out: a change that had no answer,"
              + " or after a power cut those of the last second",
          "file",
          each,
          "bytes",
          beyond);
    }
    return whole;
  }

  /**
   * Writes a record, which the caller then puts into the table before it appends another. When
   * writing fails nothing of it stays.
   *
   * @throws IOException says which file and why, for example that the disk is full
   */
  void append(ValueBatch batch) throws IOException {
    // Before the record, while the table has everything that was appended: what is not in the table
    // yet would go with the old log.
    if (logged > snapshotAt && compaction.isDone()) {
      compact();
    }
    if (out.isTorn()) {
      finish(rotate());
    }
    byte[] record = batch.record();
    try {
      out.append(record);
    } catch (IOException e) {
      makeRoom(e);
      throw e;
    }
    logged += record.length;
    dirty = true;
  }

  /**
   * Writes a record that takes everything away, as {@link #append} does. What was written before is
   * of no use then and is deleted at once, on a full disk too.
   */
  void clear(ValueBatch batch) throws IOException {
    finish(rotate());
    append(batch);
    try {
      // Before the rest is gone: a power cut must not leave a part of it.
      out.sync();
      snapshot.delete();
      deleteLogs(number);
      logged = batch.size();
      snapshotAt = SMALL;
    } catch (IOException e) {
      warnOnce(e);
    }
  }

  private void deleteLogs(int end) throws IOException {
    for (Path old : paths.logs().headMap(end).values()) {
      Files.deleteIfExists(old);
    }
  }

  /** Has a snapshot take the place of all logs when that frees something on a full disk. */
  private void makeRoom(IOException failure) {
    long bytes = table.bytes();
    try {
      if (compaction.isDone()
          && bytes <= failedBytes / 2
          && paths.bytes() - LEAST_ROOM > 2 * bytes) {
        compact();
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Has what follows go to another log, and answers the one before, to be finished. */
  private ValueLog rotate() throws IOException {
    ValueLog before = out;
    out = new ValueLog(paths.log(number + 1), 0, opener);
    number++;
    return before;
  }

  /** Has the disk take the rest of a log. */
  private void finish(ValueLog before) {
    try (before) {
      before.sync();
    } catch (IOException e) {
      warnOnce(e);
    }
  }

  private void compact() {
    ValueLog before;
    try {
      before = rotate();
    } catch (IOException e) {
      retryLater(e);
      return;
    }
    logged = 0;
    int first = number;
    try {
      compaction =
          CompletableFuture.runAsync(
              () -> {
                // Not by who appends: others wait for him, and the disk may take its time.
                finish(before);
                writeSnapshot(first);
              },
              executor);
    } catch (RejectedExecutionException e) {
      finish(before);
      retryLater(e);
    }
  }

  private void retryLater(Exception e) {
    snapshotAt = snapshotAt * 2;
    failedBytes = table.bytes();
    log.warn(
        "the values in memory could not be written anew; their log grows on",
        "file",
        paths.snapshot(),
        "error",
        e.toString());
  }

  /** Writes the table's entries, and deletes the logs before the one of this number. */
  private void writeSnapshot(int first) {
    try {
      long written = snapshot.write(table.all(), () -> closing);
      if (!closing) {
        snapshot.replace();
        deleteLogs(first);
        snapshotAt = Math.max(SMALL, written);
        failedBytes = Long.MAX_VALUE;
      }
    } catch (IOException e) {
      retryLater(e);
    } finally {
      // On a full disk half a snapshot takes what the log needs.
      discard();
    }
  }

  private void discard() {
    try {
      snapshot.discard();
    } catch (IOException e) {
      log.warn("half a snapshot is left", "file", paths.unfinished(), "error", e.toString());
    }
  }

  /** Has the disk write what it was given. A failure is told once, and tried again. */
  void sync() {
    if (!dirty) {
      return;
    }
    dirty = false;
    ValueLog written = out;
    try {
      written.sync();
      syncFailed = false;
    } catch (IOException e) {
      // One that is not written any more is synced by who finishes it.
      if (written == out && !closing) {
        dirty = true;
        warnOnce(e);
      }
    }
  }

  private void warnOnce(IOException e) {
    if (!syncFailed) {
      syncFailed = true;
      log.warn(
          "the disk does not take what was written",
          "file",
          paths.snapshot(),
          "error",
          e.toString());
    }
  }

  /** Has everything written to the disk, and lets another server have the files. */
  void close(Deadline deadline) throws IOException, InterruptedException {
    closing = true;
    try {
      compaction.get(deadline.remaining().toMillis() + 1, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn(
          "a snapshot was not written to its end", "file", paths.snapshot(), "error", e.toString());
    }
    try (lock;
        ValueLog last = out) {
      last.sync();
    }
  }
}
