package dev.rr.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.Reply;
import dev.rr.api.worker.WorkerSnapshot;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Workers die every 100 ms under load, for 5 s, or for a minute with {@code -Drr.long}. */
@ExtendWith(LeakCheck.class)
final class KillCampaignTest {
  private static final int CLIENTS = 16;
  private static final byte[] WORDS = "echo".getBytes(UTF_8);

  @TempDir Path folder;
  private final AtomicLong answered = new AtomicLong();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger wrong = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private volatile boolean over;

  @Test
  void costsAtMostOneRequestForEachWorkerThatDies() throws Exception {
    int seconds = System.getProperty("rr.long") == null ? 5 : 60;
    try (PoolFixture pool = new PoolFixture(4, folder).start()) {
      for (int i = 0; i < CLIENTS; i++) {
        running.incrementAndGet();
        new Client(pool.pool(), i).next();
      }
      int kills = killFor(seconds, pool);
      over = true;
      Await.until("every request ends", () -> running.get() == 0);
      assertThat(wrong.get()).isZero();
      assertThat(failed.get()).as("failed of %s", answered).isLessThanOrEqualTo(kills);
      assertThat(answered.get()).isPositive();
      Await.until("four workers again", () -> pool.pool().workers().size() == 4);
      Await.until("nobody is left who is dead", () -> zombies().isEmpty());
    }
  }

  /** Children of this process that have ended and were not waited for. */
  private static List<String> zombies() {
    String parent = " " + ProcessHandle.current().pid() + " ";
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .map(KillCampaignTest::stat)
          // The name, in brackets, may hold anything; the state and the parent follow.
          .map(stat -> stat.substring(stat.lastIndexOf(')') + 1))
          .filter(stat -> stat.startsWith(" Z" + parent))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String stat(Path process) {
    try {
      return Files.readString(process.resolve("stat"));
    } catch (IOException e) {
      // No process, or gone meanwhile.
      return "";
    }
  }

  private static int killFor(int seconds, PoolFixture pool) throws InterruptedException {
    Random random = new Random();
    int kills = 0;
    for (int i = 0; i < seconds * 10; i++) {
      Thread.sleep(100);
      List<WorkerSnapshot> workers = pool.pool().workers();
      if (!workers.isEmpty()) {
        PoolFixture.kill(workers.get(random.nextInt(workers.size())).pid());
        kills++;
      }
    }
    return kills;
  }

  /** Sends the next request when the last has ended. */
  private final class Client implements Reply {
    private final WorkerPool pool;
    private final int id;
    private int number;

    Client(WorkerPool pool, int id) {
      this.pool = pool;
      this.id = id;
    }

    void next() {
      if (over) {
        running.decrementAndGet();
        return;
      }
      number++;
      pool.exec(Payload.of(Payload.JSON, WORDS, text().getBytes(UTF_8)), this);
    }

    private String text() {
      return id + "/" + number;
    }

    @Override
    public boolean frame(
        int codec, ByteBuffer context, ByteBuffer body, long remaining, boolean last) {
      if (!UTF_8.decode(body).toString().equals(text())) {
        wrong.incrementAndGet();
      }
      answered.incrementAndGet();
      next();
      return true;
    }

    @Override
    public boolean body(ByteBuffer chunk, long remaining) {
      wrong.incrementAndGet();
      return true;
    }

    @Override
    public void failed(ExecException error) {
      failed.incrementAndGet();
      next();
    }
  }
}
