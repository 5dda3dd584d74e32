package dev.rr.plugin.memory;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;

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
 * <p>{@link #append} and {@link #close} are for one thread at a time, {@link #sync} is for any.
 */
final class ValueFiles {
  /** Below this many bytes a log is not worth a snapshot. */
  private static final long SMALL = 4 * 1024 * 1024;

  private static final int BLOCK = 64 * 1024;

  private final Path file;
  private final FileChannel lock;
  private final Executor executor;
  private final Log log;
  private final Supplier<Collection<Entry>> entries;

  private volatile RandomAccessFile out;
  private int number;

  /** Of the log that is written. */
  private long size;

  /** Of all logs that the snapshot has not taken in. */
  private long logged;

  private volatile long snapshotAt;
  private volatile boolean dirty;
  private volatile boolean closing;
  private boolean torn;
  private boolean syncFailed;
  private CompletableFuture<Void> compaction = CompletableFuture.completedFuture(null);

  private ValueFiles(
      Path file,
      FileChannel lock,
      Supplier<Collection<Entry>> entries,
      Executor executor,
      Log log,
      int number,
      RandomAccessFile out) {
    this.file = file;
    this.lock = lock;
    this.entries = entries;
    this.executor = executor;
    this.log = log;
    this.number = number;
    this.out = out;
  }

  /**
   * Opens the files and reads them.
   *
   * @param file the snapshot; logs stand beside it
   * @param changes takes what they hold
   * @param entries what a snapshot is written from, on another thread
   * @param executor writes snapshots
   * @throws IOException when they are in use, damaged, or hold more than there is room for; the
   *     message is for the user
   */
  static ValueFiles open(
      Path file,
      ValueReader.Changes changes,
      Supplier<Collection<Entry>> entries,
      Executor executor,
      Log log)
      throws IOException {
    FileChannel lock = lock(file);
    try {
      Files.deleteIfExists(unfinished(file));
      long snapshot = readSnapshot(file, changes);
      TreeMap<Integer, Path> logs = logs(file);
      int number = logs.isEmpty() ? 1 : logs.lastKey();
      long logged = 0;
      long size = 0;
      for (Path each : logs.values()) {
        size = new ValueReader(changes).read(each);
        warnOfTorn(each, size, log);
        logged += size;
      }
      RandomAccessFile out = new RandomAccessFile(logFile(file, number).toFile(), "rw");
      out.setLength(size);
      out.seek(size);
      ValueFiles journal = new ValueFiles(file, lock, entries, executor, log, number, out);
      journal.size = size;
      journal.logged = logged;
      journal.snapshotAt = Math.max(SMALL, snapshot);
      return journal;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static FileChannel lock(Path file) throws IOException {
    FileChannel lock =
        FileChannel.open(
            beside(file, ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (lock.tryLock() != null) {
        return lock;
      }
    } catch (OverlappingFileLockException e) {
      // Another storage of this process has it.
    }
    lock.close();
    throw new IOException(file + " is in use by another server or another storage");
  }

  private static long readSnapshot(Path file, ValueReader.Changes changes) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    ValueReader reader = new ValueReader(changes);
    long whole = reader.read(file);
    if (whole != Files.size(file) || !reader.isWholeSnapshot()) {
      throw new IOException(
          file
              + " was not written by this server, or is damaged behind byte "
              + whole
              + "; put a copy of it back, or move it away to begin without values");
    }
    return whole;
  }

  private static void warnOfTorn(Path each, long whole, Log log) throws IOException {
    long beyond = Files.size(each) - whole;
    if (beyond > 0) {
      log.warn(
          "the end of a log was not written whole and is left out; nobody was told that it was"
              + " kept",
          "file",
          each,
          "bytes",
          beyond);
    }
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private static Path unfinished(Path file) {
    return beside(file, ".new");
  }

  private static Path logFile(Path file, int number) {
    return beside(file, ".log." + number);
  }

  private static TreeMap<Integer, Path> logs(Path file) throws IOException {
    String prefix = file.getFileName() + ".log.";
    TreeMap<Integer, Path> found = new TreeMap<>();
    try (Stream<Path> all = Files.list(file.toAbsolutePath().getParent())) {
      for (Path each : (Iterable<Path>) all::iterator) {
        String name = each.getFileName().toString();
        if (name.startsWith(prefix) && name.substring(prefix.length()).matches("\\d{1,9}")) {
          found.put(Integer.parseInt(name.substring(prefix.length())), each);
        }
      }
    }
    return found;
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
    if (torn) {
      rotate();
    }
    byte[] record = batch.record();
    try {
      out.write(record);
    } catch (IOException e) {
      undo();
      throw new IOException("cannot write " + logFile(file, number) + ": " + e.getMessage(), e);
    }
    size += record.length;
    logged += record.length;
    dirty = true;
  }

  private void undo() {
    try {
      out.setLength(size);
      out.seek(size);
    } catch (IOException e) {
      // What follows goes to another log: behind half a record nothing would be read.
      torn = true;
    }
  }

  private void rotate() throws IOException {
    RandomAccessFile next = new RandomAccessFile(logFile(file, number + 1).toFile(), "rw");
    out.close();
    out = next;
    number++;
    size = 0;
    torn = false;
  }

  private void compact() {
    try {
      out.getFD().sync();
      rotate();
      logged = 0;
      int before = number;
      compaction = CompletableFuture.runAsync(() -> writeSnapshot(before), executor);
    } catch (IOException | RejectedExecutionException e) {
      retryLater(e);
    }
  }

  private void retryLater(Exception e) {
    snapshotAt = snapshotAt * 2;
    log.warn(
        "the values in memory could not be written anew; their log grows on",
        "file",
        file,
        "error",
        e.toString());
  }

  /** Writes the table's entries, and deletes the logs before the one of this number. */
  private void writeSnapshot(int before) {
    try {
      long written = write(unfinished(file));
      if (!closing) {
        replace();
        for (Path old : logs(file).headMap(before).values()) {
          Files.delete(old);
        }
        snapshotAt = Math.max(SMALL, written);
      }
    } catch (IOException e) {
      retryLater(e);
    } finally {
      // On a full disk half a snapshot takes what the log needs.
      discard();
    }
  }

  private void replace() throws IOException {
    Files.move(unfinished(file), file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
      folder.force(true);
    }
  }

  private void discard() {
    try {
      Files.deleteIfExists(unfinished(file));
    } catch (IOException e) {
      log.warn("half a snapshot is left", "file", unfinished(file), "error", e.toString());
    }
  }

  private long write(Path target) throws IOException {
    long written = 0;
    try (FileOutputStream stream = new FileOutputStream(target.toFile())) {
      long count = 0;
      ValueBatch batch = new ValueBatch();
      for (Entry entry : entries.get()) {
        batch.set(entry.key, entry.value, entry.expires);
        count++;
        if (batch.size() >= BLOCK) {
          written += write(stream, batch);
          batch = new ValueBatch();
        }
        if (closing) {
          return written;
        }
      }
      batch.end(count);
      written += write(stream, batch);
      stream.getFD().sync();
    }
    return written;
  }

  private static int write(OutputStream stream, ValueBatch batch) throws IOException {
    byte[] record = batch.record();
    stream.write(record);
    return record.length;
  }

  /** Has the disk write what it was given. A failure is told once, and tried again. */
  void sync() {
    if (!dirty) {
      return;
    }
    dirty = false;
    RandomAccessFile written = out;
    try {
      written.getFD().sync();
      syncFailed = false;
    } catch (IOException e) {
      // A log that was closed meanwhile was synced before.
      if (written == out && !closing) {
        dirty = true;
        warnOnce(e);
      }
    }
  }

  private void warnOnce(IOException e) {
    if (!syncFailed) {
      syncFailed = true;
      log.warn("the disk does not take what was written", "file", file, "error", e.toString());
    }
  }

  /** Has everything written to the disk, and lets another server have the files. */
  void close(Deadline deadline) throws IOException, InterruptedException {
    closing = true;
    try {
      compaction.get(deadline.remaining().toMillis() + 1, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("a snapshot was not written to its end", "file", file, "error", e.toString());
    }
    try (lock;
        RandomAccessFile last = out) {
      last.getFD().sync();
    }
  }
}
