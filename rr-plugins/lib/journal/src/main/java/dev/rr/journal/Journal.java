package dev.rr.journal;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Records in a file, and the state that they add up to. Who appends waits until his record is on
 * the disk; those who wait at the same time share one sync. A state shows only what is on the disk.
 *
 * <p>Any thread appends and reads. One thread writes: it takes all that waits, writes it as one
 * frame, syncs, lets the state take it in, and tells those who wait. When more than half of the
 * file is garbage it copies what is not into a new file, a bit after each frame, and puts that in
 * the place of the old one.
 *
 * <p>What waits is not bounded here: each record has somebody who waits for it.
 *
 * @param <S> the state
 */
public final class Journal<S extends JournalState> implements AutoCloseable {
  private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(20);
  private static final long OPEN_RETRY_MILLIS = 50;

  /** A small file is not worth the while. */
  private static final long LEAST_GARBAGE = 4 << 20;

  /** The files that this process has open, and for whom. The system's locks are a process's. */
  private static final Map<Path, String> OPEN = new ConcurrentHashMap<>();

  /** Is nobody's, and wakes the writer. */
  private static final Ticket WAKE = new Ticket(new byte[0]);

  private final Options options;
  private final Supplier<S> states;
  private final LinkedBlockingQueue<Ticket> waiting = new LinkedBlockingQueue<>();
  private final Thread writer;
  private final Path path;

  private volatile View<S> view;
  private volatile boolean closing;

  /** Why nothing can be written any more. */
  private volatile @Nullable IOException broken;

  private @Nullable Compaction<S> compaction;
  private long nextCompaction;

  /**
   * How a journal is opened.
   *
   * @param owner whom the file belongs to, for messages and the thread's name
   * @param permissions of a file that is made, less what the umask takes away
   * @param dropping how often what has expired is forgotten
   */
  public record Options(
      String owner, Set<PosixFilePermission> permissions, Duration dropping, Log log) {}

  /** What a reader sees: a state, and the file that its positions are about. */
  private record View<S>(S state, JournalFile file) {}

  /** A record on its way to the disk, and who waits for it. */
  private static final class Ticket extends CompletableFuture<Void> {
    final byte[] record;

    Ticket(byte[] record) {
      this.record = record;
    }
  }

  /**
   * Reads something of a state.
   *
   * @param <S> the state
   * @param <T> what is read
   */
  @FunctionalInterface
  public interface Reading<S, T extends @Nullable Object> {
    /** May be called again when the file was replaced meanwhile. */
    T of(S state, JournalReader values);
  }

  /**
   * Opens a file and takes in what it holds; makes it where it is missing. Waits for another
   * process to let go of it, 20 seconds at most.
   *
   * @param states makes an empty state; a file that replaces another has one of its own
   * @throws DamagedJournalException when it holds something else, or is damaged
   * @throws IOException when it cannot be opened
   */
  public static <S extends JournalState> Journal<S> open(
      Path file, Options options, Supplier<S> states) throws IOException, InterruptedException {
    Path real = Files.exists(file) ? file.toRealPath() : folderOf(file).resolve(file.getFileName());
    String other = OPEN.putIfAbsent(real, options.owner());
    if (other != null) {
      throw new IOException(
          file
              + " is the file of "
              + other
              + ", and cannot be that of "
              + options.owner()
              + " too");
    }
    try {
      return new Journal<>(real, options, states);
    } catch (AccessDeniedException e) {
      OPEN.remove(real);
      throw new IOException("cannot open " + file + ": permission denied", e);
    } catch (IOException | InterruptedException | RuntimeException e) {
      OPEN.remove(real);
      throw e;
    }
  }

  private static Path folderOf(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException("the folder of " + file + " does not exist");
    }
    return folder.toRealPath();
  }

  private Journal(Path path, Options options, Supplier<S> states)
      throws IOException, InterruptedException {
    this.path = path;
    this.options = options;
    this.states = states;
    JournalFile file = lock(path, options.permissions());
    S state = states.get();
    try {
      file.load(state::apply);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
    if (file.cutOff() > 0) {
      options
          .log()
          .info(
              "the last write was cut off by a crash, nobody was told that it was done",
              "file",
              path,
              "bytes",
              file.cutOff());
    }
    this.view = new View<>(state, file);
    this.writer = Thread.ofPlatform().name("rr-journal-" + options.owner()).unstarted(this::run);
    writer.start();
  }

  private static JournalFile lock(Path path, Set<PosixFilePermission> permissions)
      throws IOException, InterruptedException {
    Deadline deadline = Deadline.after(OPEN_TIMEOUT);
    while (true) {
      JournalFile file = JournalFile.open(path, permissions);
      if (file != null) {
        return file;
      }
      if (deadline.passed()) {
        throw new IOException(
            path + " is open in another process, which did not let go of it within 20 seconds");
      }
      Thread.sleep(OPEN_RETRY_MILLIS);
    }
  }

  /**
   * Appends a record, and waits until it is on the disk and the state has taken it in.
   *
   * @throws IOException when it is not there; when the deadline has passed it may come to be there
   * @throws InterruptedException likewise
   */
  public void append(byte[] record, Deadline deadline) throws IOException, InterruptedException {
    await(submit(record), deadline);
  }

  /**
   * Appends a record. Who waits for nothing has to see that not too many do so at once.
   *
   * @return completed when it is on the disk and the state has taken it in, on the thread that
   *     writes, which must not be held up; with an {@link IOException} when it is not there
   */
  public CompletableFuture<Void> submit(byte[] record) {
    Ticket ticket = new Ticket(record);
    try {
      if (record.length > JournalFile.MAX_RECORD) {
        throw new IOException(
            record.length + " bytes are more than a record may have, " + JournalFile.MAX_RECORD);
      }
      refuseBroken();
      waiting.add(ticket);
      if (closing && waiting.remove(ticket)) {
        throw new IOException(path + " is closed");
      }
    } catch (IOException e) {
      ticket.completeExceptionally(e);
    }
    return ticket;
  }

  /**
   * Waits for what was {@linkplain #submit submitted}.
   *
   * @throws IOException as {@link #append} does
   */
  public void await(CompletableFuture<Void> submitted, Deadline deadline)
      throws IOException, InterruptedException {
    try {
      var unused = submitted.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IOException("the disk has not taken what was written to " + path + " in time");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io
          ? new IOException(io.getMessage(), io)
          : new IOException(e.getCause());
    }
  }

  /** Whether this process has a file open. Whoever else opens and closes it ends its lock. */
  public static boolean isOpen(Path file) throws IOException {
    return Files.exists(file) && OPEN.containsKey(file.toRealPath());
  }

  private void refuseBroken() throws IOException {
    IOException why = broken;
    if (why != null) {
      throw new IOException(why.getMessage(), why);
    }
  }

  /** Reads something of the state as it is now. */
  public <T extends @Nullable Object> T read(Reading<S, T> reading) {
    while (true) {
      View<S> now = view;
      try {
        return reading.of(now.state(), now.file());
      } catch (IllegalStateException replaced) {
        if (now == view) {
          throw replaced;
        }
      }
    }
  }

  /** How many bytes of the file are in use, garbage included. */
  public long bytes() {
    return view.file().end();
  }

  private void run() {
    long dropping = options.dropping().toNanos();
    long nextDrop = System.nanoTime() + dropping;
    try {
      while (!closing || !waiting.isEmpty()) {
        long idle = compaction == null ? Math.max(0, nextDrop - System.nanoTime()) : 0;
        commit(waiting.poll(idle, TimeUnit.NANOSECONDS));
        compactABit();
        if (System.nanoTime() - nextDrop >= 0) {
          view.state().dropExpired();
          nextDrop = System.nanoTime() + dropping;
        }
      }
    } catch (InterruptedException e) {
      // The deadline of the stop has passed.
      broken = new IOException(path + " is closed");
    } catch (RuntimeException e) {
      breakOff(e);
    }
    end();
  }

  private void commit(@Nullable Ticket first) {
    List<Ticket> group = new ArrayList<>();
    List<byte[]> records = new ArrayList<>();
    long bytes = 0;
    for (Ticket next = first; next != null; next = waiting.poll()) {
      if (next == WAKE) {
        break;
      }
      group.add(next);
      records.add(next.record);
      bytes += next.record.length;
      if (bytes >= JournalFile.FULL_FRAME) {
        break;
      }
    }
    if (!group.isEmpty()) {
      commit(group, records);
    }
  }

  private void commit(List<Ticket> group, List<byte[]> records) {
    JournalFile file = view.file();
    try {
      refuseBroken();
      long frame = file.append(records);
      var unused = file.takeFrame(frame, view.state()::apply);
    } catch (UnsyncedException | RuntimeException e) {
      breakOff(e);
      group.forEach(ticket -> ticket.completeExceptionally(e));
      return;
    } catch (IOException e) {
      group.forEach(ticket -> ticket.completeExceptionally(e));
      return;
    }
    group.forEach(ticket -> ticket.complete(null));
  }

  /** Goes on with a compaction, or begins one when it is worth it. */
  private void compactABit() {
    View<S> now = view;
    long end = now.file().end();
    try {
      if (compaction == null) {
        if (end < nextCompaction || end - LEAST_GARBAGE < 2 * now.state().liveBytes()) {
          return;
        }
        compaction = new Compaction<>(now.file(), now.state(), states.get());
      }
      if (compaction.goOn()) {
        view = new View<>(compaction.state(), compaction.finish());
        compaction = null;
        now.file().close();
        JournalFile.syncFolder(path);
      }
    } catch (UnsyncedException e) {
      breakOff(e);
    } catch (IOException e) {
      giveUpCompaction(end, e);
    }
  }

  private void breakOff(Exception e) {
    broken = new IOException(e.getMessage(), e);
    options.log().error("a store is not written any more", e, "file", path);
  }

  private void giveUpCompaction(long end, IOException e) {
    if (compaction != null) {
      compaction.giveUp();
      compaction = null;
    }
    nextCompaction = end + Math.max(end / 2, LEAST_GARBAGE);
    options
        .log()
        .warn(
            "the garbage in a store's file cannot be dropped now, it grows on",
            e,
            "file",
            path,
            "bytes",
            end);
  }

  private void end() {
    if (compaction != null) {
      compaction.giveUp();
    }
    IOException closed = new IOException(path + " is closed");
    for (Ticket left = waiting.poll(); left != null; left = waiting.poll()) {
      left.completeExceptionally(closed);
    }
    try {
      view.file().close();
    } catch (IOException e) {
      options.log().warn("a store's file could not be closed", e, "file", path);
    }
    OPEN.remove(path);
  }

  /** As {@link #close(Deadline)}, ten seconds at most. */
  @Override
  public void close() throws InterruptedException {
    close(Deadline.after(Duration.ofSeconds(10)));
  }

  /**
   * Writes what waits, and closes the file. A second call does nothing.
   *
   * @param deadline when it has passed, what still waits is not written
   */
  public void close(Deadline deadline) throws InterruptedException {
    closing = true;
    waiting.add(WAKE);
    if (!writer.join(deadline.remaining())) {
      writer.interrupt();
      writer.join();
    }
  }
}
