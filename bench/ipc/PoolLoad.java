import com.sun.management.OperatingSystemMXBean;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.worker.ExecException;
import dev.rr.api.worker.Payload;
import dev.rr.api.worker.PoolConfig;
import dev.rr.api.worker.Reply;
import dev.rr.pool.PipeLauncher;
import dev.rr.pool.WorkerPool;
import dev.rr.process.ProcessCommand;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The pool alone, kept as busy as the native driver keeps its workers: one request in flight for
 * each, the next one handed over by whoever takes the answer. Arguments: workers, seconds, command.
 * Prints exchanges per second and microseconds of this process's CPU per exchange; three seconds of
 * warm-up are not counted.
 */
final class PoolLoad implements Reply {
  private static final byte[] CONTEXT =
      """
      {"remoteAddr":"127.0.0.1","protocol":"HTTP/1.1","method":"GET","uri":"http://127.0.0.1:8080/",\
      "headers":{"User-Agent":["bench"]},"cookies":{},"rawQuery":"","parsed":false,"uploads":null,\
      "attributes":{}}\
      """
          .getBytes(StandardCharsets.UTF_8);
  private static final Payload PAYLOAD = Payload.of(Payload.JSON, CONTEXT, new byte[0]);

  private final WorkerPool pool;
  private final LongAdder done;

  private PoolLoad(WorkerPool pool, LongAdder done) {
    this.pool = pool;
    this.done = done;
  }

  public static void main(String[] args) throws Exception {
    int workers = Integer.parseInt(args[0]);
    List<String> command = Arrays.asList(args).subList(2, args.length);
    ProcessCommand worker =
        new ProcessCommand(
            command, System.getenv(), Path.of("").toAbsolutePath(), Optional.empty());
    WorkerPool pool =
        new WorkerPool(
            "bench", PoolConfig.of(workers), () -> new PipeLauncher(worker), Log.NONE, Log.NONE);
    LongAdder done = new LongAdder();
    pool.start();
    for (int i = 0; i < workers; i++) {
      pool.exec(PAYLOAD, new PoolLoad(pool, done));
    }
    TimeUnit.SECONDS.sleep(3);
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long start = System.nanoTime();
    done.reset();
    TimeUnit.SECONDS.sleep(Integer.parseInt(args[1]));
    double exchanges = done.sum();
    System.out.printf(
        "%.0f %.2f%n",
        exchanges * 1e9 / (System.nanoTime() - start),
        (system.getProcessCpuTime() - cpu) / 1e3 / exchanges);
    pool.stop(Deadline.after(Duration.ofSeconds(5)));
    System.exit(0);
  }

  @Override
  public boolean frame(
      int codec, ByteBuffer context, ByteBuffer body, long remaining, boolean last) {
    if (last && remaining == 0) {
      next();
    }
    return true;
  }

  @Override
  public boolean body(ByteBuffer chunk, long remaining) {
    if (remaining == 0) {
      next();
    }
    return true;
  }

  private void next() {
    done.increment();
    pool.exec(PAYLOAD, this);
  }

  @Override
  public void failed(ExecException error) {
    // The pool stops with requests under way; anything before that shows in the figures.
  }
}
