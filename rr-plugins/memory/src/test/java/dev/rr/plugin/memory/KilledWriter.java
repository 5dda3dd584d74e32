package dev.rr.plugin.memory;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.error.OperationException;
import dev.rr.api.kv.KvItem;
import dev.rr.api.log.Log;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * Sets keys until it is killed, and tells of each that it was kept; or, when a write fails, says so
 * and goes on with a small one. Arguments: the file, the number of the first key, bytes of a value.
 */
final class KilledWriter {
  private KilledWriter() {}

  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    Room room = new Room(Long.MAX_VALUE);
    EntryTable table = new EntryTable(EntryTable.Bounds.NONE, room, System::currentTimeMillis);
    ValueFiles journal =
        ValueFiles.open(
            file,
            table,
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory()),
            Log.NONE);
    MemoryStore store = new MemoryStore(table, room, journal);
    byte[] filling = new byte[Integer.parseInt(args[2])];
    for (int i = Integer.parseInt(args[1]); ; i++) {
      try {
        store.set(
            List.of(
                new KvItem("key" + i, Integer.toString(i).getBytes(UTF_8)),
                new KvItem("large" + i % 8, filling)));
        System.out.println("kept " + i);
      } catch (OperationException e) {
        System.out.println("failed " + i + " " + e.getMessage());
        store.set(List.of(new KvItem("after", new byte[1])));
        System.out.println("kept after");
        return;
      }
    }
  }
}
