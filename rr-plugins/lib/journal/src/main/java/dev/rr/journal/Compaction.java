package dev.rr.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The copy of what is no garbage into a new file: first a snapshot of the state, then what was
 * appended since it was begun. The writer's thread, a bit at a time.
 *
 * @param <S> the state
 */
final class Compaction<S extends JournalState> {
  /** What is copied at once, at least. */
  private static final long BIT = 2 << 20;

  /** Copied at once are so many times the bytes that were appended meanwhile, to catch up. */
  private static final long FASTER = 2;

  private final JournalFile from;
  private final JournalFile to;
  private final Iterator<byte[]> snapshot;
  private final S state;

  /** Up to where the old file has been copied. */
  private long copied;

  /** Where the old file ended when it was last looked at. */
  private long seen;

  /** What the next frame of the copy has, and how many bytes. */
  private final List<byte[]> frame = new ArrayList<>();

  private long frameBytes;

  Compaction(JournalFile from, S old, S fresh) throws IOException {
    this.from = from;
    this.state = fresh;
    this.copied = from.end();
    this.seen = copied;
    this.snapshot = old.snapshot(from);
    this.to = from.beside(".compact");
  }

  /** Copies a bit; true when nothing is left to be copied. */
  boolean goOn() throws IOException {
    long bit = Math.max(BIT, FASTER * (from.end() - seen));
    seen = from.end();
    boolean done = !snapshot.hasNext();
    if (done) {
      copyAppended(bit);
      done = copied == from.end();
    } else {
      copySnapshot(bit);
    }
    flush();
    return done;
  }

  private void copySnapshot(long bit) throws IOException {
    for (long left = bit; left > 0 && snapshot.hasNext(); ) {
      byte[] record = snapshot.next();
      copy(record);
      left -= record.length;
    }
  }

  private void copyAppended(long bit) throws IOException {
    long until = Math.min(from.end(), copied + bit);
    while (copied < until) {
      List<byte[]> records = new ArrayList<>();
      copied =
          from.takeFrame(
              copied,
              (record, at) -> {
                byte[] bytes = new byte[record.remaining()];
                record.get(bytes);
                records.add(bytes);
              });
      for (byte[] record : records) {
        copy(record);
      }
    }
  }

  /** Small frames become large ones: each is a sync, for which those who append wait. */
  private void copy(byte[] record) throws IOException {
    if (frameBytes + record.length > BIT) {
      flush();
    }
    frame.add(record);
    frameBytes += JournalFile.RECORD_HEAD + record.length;
  }

  private void flush() throws IOException {
    if (!frame.isEmpty()) {
      to.takeFrame(to.append(frame), state::apply);
      frame.clear();
      frameBytes = 0;
    }
  }

  S state() {
    return state;
  }

  /** The new file. */
  JournalFile file() {
    return to;
  }

  /** Puts the new file in the place of the old one, from where on it is the only one. */
  void finish() throws IOException {
    to.rename(from.path());
  }

  /** Leaves everything as it was. */
  void giveUp() {
    try {
      to.close();
      Files.deleteIfExists(to.path());
    } catch (IOException e) {
      // It is deleted when the next one begins.
    }
  }
}
