package dev.rr.pool;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.PoolConfig;
import dev.rr.api.worker.Reply;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Requests per second through a pool, for {@code bench/ipc}: arguments are the number of workers,
 * of requests in flight, of seconds, and the worker command. Prints one line: requests per second,
 * CPU microseconds per request of this process, and p50 and p99 of the time from exec to answer in
 * microseconds.
 */
final class IpcBench {
  private static final int SAMPLES = 1 << 20;

  private final AtomicLong answered = new AtomicLong();
  private final long[] waits = new long[SAMPLES];
  private final Payload payload = Payload.of(Payload.JSON, context(), new byte[0]);
  private volatile boolean over;

  private IpcBench() {}

  /** Runs it. */
  public static void main(String[] args) throws InterruptedException {
    int workers = Integer.parseInt(args[0]);
    int inFlight = Integer.parseInt(args[1]);
    int seconds = Integer.parseInt(args[2]);
    List<String> command = List.of(args).subList(3, args.length);
    WorkerCommand worker =
        new WorkerCommand(command, System.getenv(), Path.of("").toAbsolutePath(), Optional.empty());
    WorkerPool pool =
        new WorkerPool(
            "ipc", PoolConfig.of(workers), () -> new PipeLauncher(worker), Log.NONE, Log.NONE);
    pool.start();
    new IpcBench().run(pool, inFlight, seconds);
    pool.stop(Deadline.after(Duration.ofSeconds(5)));
  }

  private void run(WorkerPool pool, int inFlight, int seconds) throws InterruptedException {
    for (int i = 0; i < inFlight; i++) {
      new Client(pool).next();
    }
    Thread.sleep(2_000);
    long requests = answered.get();
    long cpu = cpuNanos();
    long start = System.nanoTime();
    Thread.sleep(seconds * 1_000L);
    requests = answered.get() - requests;
    cpu = cpuNanos() - cpu;
    double time = (System.nanoTime() - start) / 1e9;
    over = true;
    long[] sorted = waits.clone();
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "%.0f req/s, %.2f us CPU, p50 %.0f us, p99 %.0f us%n",
        requests / time,
        cpu / 1e3 / requests,
        sorted[SAMPLES / 2] / 1e3,
        sorted[(int) (SAMPLES * 0.99)] / 1e3);
  }

  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  private static byte[] context() {
    return "x".repeat(188).getBytes(UTF_8);
  }

  private final class Client implements Reply {
    private final WorkerPool pool;
    private long since;

    Client(WorkerPool pool) {
      this.pool = pool;
    }

    void next() {
      since = System.nanoTime();
      pool.exec(payload, this);
    }

    @Override
    public boolean frame(
        int codec, ByteBuffer context, ByteBuffer body, long remaining, boolean last) {
      long number = answered.incrementAndGet();
      waits[(int) (number & SAMPLES - 1)] = System.nanoTime() - since;
      if (!over) {
        next();
      }
      return true;
    }

    @Override
    public boolean body(ByteBuffer chunk, long remaining) {
      return true;
    }

    @Override
    public void failed(ExecException error) {
      over = true;
      System.err.println(error.getMessage());
    }
  }
}
