package dev.rr.plugin.memory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Logs that fail where they are told to, and remember what became of them. */
final class FaultyLogs implements LogFile.Opener {
  /** Whether writing fails. */
  volatile boolean full;

  /** Whether cutting off fails. */
  volatile boolean stuck;

  /** What syncs wait for. */
  volatile CountDownLatch blocked = new CountDownLatch(0);

  /** Syncs and ends, with the names of the logs. */
  final List<String> done = new CopyOnWriteArrayList<>();

  @Override
  public LogFile open(Path path) throws IOException {
    LogFile file = LogFile.open(path);
    String name = String.valueOf(path.getFileName());
    return new LogFile() {
      @Override
      public void write(byte[] bytes) throws IOException {
        if (full) {
          file.write(new byte[1]);
          throw new IOException("no space left");
        }
        file.write(bytes);
      }

      @Override
      public void truncate(long size) throws IOException {
        if (stuck) {
          throw new IOException("not cut off");
        }
        file.truncate(size);
      }

      @Override
      public void sync() throws IOException {
        try {
          blocked.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        file.sync();
        done.add("synced " + name);
      }

      @Override
      public void close() throws IOException {
        file.close();
        done.add("closed " + name);
      }
    };
  }
}
