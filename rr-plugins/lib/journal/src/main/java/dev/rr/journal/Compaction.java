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
  /** What is copied at once; more than what one frame usually adds meanwhile. */
  private static final long BIT = 2 << 20;

  private final JournalFile from;
  private final JournalFile to;
  private final Iterator<byte[]> snapshot;
  private final S state;

  /** Up to where the old file has been copied. */
  private long copied;

  Compaction(JournalFile from, S old, S fresh) throws IOException {
    this.from = from;
    this.state = fresh;
    this.copied = from.end();
    this.to = JournalFile.beside(from.path(), ".compact");
    this.snapshot = old.snapshot(from);
  }

  /** Copies a bit; true when nothing is left to be copied. */
  boolean goOn() throws IOException {
    if (snapshot.hasNext()) {
      copySnapshot();
      return false;
    }
    copyAppended();
    return copied == from.end();
  }

  private void copySnapshot() throws IOException {
    List<byte[]> records = new ArrayList<>();
    for (long bytes = 0; bytes < BIT && snapshot.hasNext(); ) {
      byte[] record = snapshot.next();
      records.add(record);
      bytes += record.length;
    }
    append(records);
  }

  private void copyAppended() throws IOException {
    long until = Math.min(from.end(), copied + BIT);
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
      append(records);
    }
  }

  private void append(List<byte[]> records) throws IOException {
    if (!records.isEmpty()) {
      to.takeFrame(to.append(records), state::apply);
    }
  }

  S state() {
    return state;
  }

  /** Puts the new file in the place of the old one, from where on it is the only one. */
  JournalFile finish() throws IOException {
    to.rename(from.path());
    return to;
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
