package dev.rr.journal;

import dev.rr.api.log.Log;
import dev.rr.api.log.Log.Level;
import dev.rr.api.plugin.Deadline;
import dev.rr.journal.WaitingRecords.Ticket;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
  /** How long the end waits for a disk that has not taken what it has. */
  private static final Duration LAST_WRITE = Duration.ofSeconds(1);

  private final Options options;
  private final WaitingRecords waiting = new WaitingRecords();
  private final Thread writer;
  private final Path path;
  private final Compactor<S> compactor;

  private volatile View<S> view;
  private volatile boolean closing;

  /** Why nothing can be written any more. */
  private volatile @Nullable IOException broken;

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
    return open(file, options, states, Disk.REAL);
  }

  /** As the public one, on a disk that may fail. */
  static <S extends JournalState> Journal<S> open(
      Path file, Options options, Supplier<S> states, Disk disk)
      throws IOException, InterruptedException {
    Path real = OpenJournals.claim(file, options.owner());
    try {
      return new Journal<>(real, options, states, disk);
    } catch (AccessDeniedException e) {
      OpenJournals.release(real);
      throw new IOException("cannot open " + file + ": permission denied", e);
    } catch (IOException | InterruptedException | RuntimeException e) {
      OpenJournals.release(real);
      throw e;
    }
  }

  private Journal(Path path, Options options, Supplier<S> states, Disk disk)
      throws IOException, InterruptedException {
    this.path = path;
    this.options = options;
    this.compactor = new Compactor<>(states, options.log());
    JournalFile file = OpenJournals.open(path, options, disk);
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
    // A disk that holds it up for good must not hold up the end of the process.
    this.writer =
        Thread.ofPlatform().name("rr-journal-" + options.owner()).daemon().unstarted(this::run);
    writer.start();
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
      // The writer may have ended between these two, and then nobody takes it.
      if ((closing || broken != null) && waiting.remove(ticket)) {
        refuseBroken();
        throw closed();
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
    return OpenJournals.has(file);
  }

  private IOException closed() {
    return new IOException(path + " is closed");
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
        long idle = compactor.isRunning() ? 0 : Math.max(0, nextDrop - System.nanoTime());
        takeTurn(idle);
        if (System.nanoTime() - nextDrop >= 0) {
          dropExpired();
          nextDrop = System.nanoTime() + dropping;
        }
      }
    } finally {
      end();
    }
  }

  private void takeTurn(long idleNanos) {
    try {
      commit(waiting.take(idleNanos));
      dropGarbage();
    } catch (InterruptedException | RuntimeException | InternalError e) {
      // Nothing is written from here on, but what is there is read on.
      breakOff(e);
    }
  }

  private void commit(List<Ticket> group) {
    if (group.isEmpty()) {
      return;
    }
    JournalFile file = view.file();
    try {
      refuseBroken();
      long frame = file.append(group.stream().map(ticket -> ticket.record).toList());
      var unused = file.takeFrame(frame, view.state()::apply);
    } catch (UnsyncedException | RuntimeException | InternalError e) {
      breakOff(e);
      group.forEach(ticket -> ticket.completeExceptionally(e));
      return;
    } catch (IOException e) {
      compactor.noteFull();
      group.forEach(ticket -> ticket.completeExceptionally(e));
      return;
    }
    group.forEach(ticket -> ticket.complete(null));
  }

  private void dropGarbage() {
    if (broken != null || closing) {
      return;
    }
    View<S> old = view;
    Compaction<S> done = compactor.goOn(old.file(), old.state());
    if (done == null) {
      return;
    }
    view = new View<>(done.state(), done.file());
    close(old.file());
    try {
      JournalFile.syncFolder(path);
    } catch (IOException e) {
      // A crash may bring the old file back, which has nothing of what comes now.
      breakOff(e);
    }
  }

  private void dropExpired() {
    try {
      view.state().dropExpired();
    } catch (RuntimeException e) {
      options.log().log(
          Level.WARN, "what has expired in a store cannot be forgotten", e, "file", path);
    }
  }

  private void breakOff(Throwable e) {
    compactor.giveUp();
    broken = new IOException(e.getMessage(), e);
    options.log().log(Level.ERROR, "a store is not written any more", e, "file", path);
  }

  private void end() {
    compactor.giveUp();
    IOException why = closed();
    // Before what waits is let go: who comes later sees it.
    broken = why;
    waiting.refuse(why);
    close(view.file());
    OpenJournals.release(path);
  }

  private void close(JournalFile file) {
    try {
      file.close();
    } catch (IOException e) {
      options.log().log(Level.WARN, "a store's file could not be closed", e, "file", path);
    }
  }

  /** As {@link #close(Deadline)}, ten seconds at most. */
  @Override
  public void close() throws InterruptedException {
    close(Deadline.after(Duration.ofSeconds(10)));
  }

  /**
   * Writes what waits, and closes the file. A second call does nothing.
   *
   * @param deadline when it has passed, what still waits is not written; a write that the disk does
   *     not come to an end with is left to itself a second later
   */
  public void close(Deadline deadline) throws InterruptedException {
    closing = true;
    waiting.wake();
    if (writer.join(deadline.remaining())) {
      return;
    }
    broken = closed();
    if (!writer.join(LAST_WRITE)) {
      options.log().warn("the disk does not take a store's last write", "file", path);
    }
  }
}
