package dev.rr.plugin.boltdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.kv.KvItem;
import dev.rr.api.plugin.OsText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The values that RoadRunner has in a file of bbolt, on their way into a storage. RoadRunner keeps
 * no expiries, so the values have none. One thread.
 */
final class BoltImport implements BoltFile.Entries {
  private static final byte[] BUCKET = "default".getBytes(UTF_8);

  /** What is set at once. */
  private static final long BATCH = 1 << 20;

  private final BoltStore store;
  private final List<KvItem> batch = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private long batchBytes;
  private long values;

  /**
   * What came of it.
   *
   * @param leftOut keys whose values RoadRunner did not write, and buckets in the bucket
   */
  record Result(long values, List<String> leftOut) {}

  private BoltImport(BoltStore store) {
    this.store = store;
  }

  /**
   * Sets all of them; a key that is there already gets the value of the file.
   *
   * @throws IOException when the file is none of RoadRunner's, or cannot be read, or the storage
   *     cannot be written; some values may be there already
   */
  static Result run(BoltFile file, BoltStore store) throws IOException {
    BoltImport run = new BoltImport(store);
    if (!file.bucket(BUCKET, run)) {
      throw new IOException("the file has no bucket 'default': it was not written by kv");
    }
    run.flush();
    return new Result(run.values, run.leftOut);
  }

  @Override
  public void value(byte[] key, byte[] gob) throws IOException {
    Optional<byte[]> value = GobBytes.decode(gob);
    if (value.isEmpty()) {
      leftOut.add(OsText.of(key));
      return;
    }
    batch.add(new KvItem(OsText.of(key), value.get()));
    batchBytes += key.length + value.get().length;
    if (batchBytes >= BATCH) {
      flush();
    }
  }

  @Override
  public void bucket(byte[] name) {
    leftOut.add(OsText.of(name));
  }

  private void flush() throws IOException {
    if (batch.isEmpty()) {
      return;
    }
    try {
      store.set(batch);
    } catch (Exception e) {
      throw new IOException(e.getMessage(), e);
    }
    values += batch.size();
    batch.clear();
    batchBytes = 0;
  }
}
