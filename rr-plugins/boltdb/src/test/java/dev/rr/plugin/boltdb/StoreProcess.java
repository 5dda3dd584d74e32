package dev.rr.plugin.boltdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.config.Problems;
import dev.rr.api.error.OperationException;
import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.JobSink;
import dev.rr.api.jobs.PipelineSpec;
import dev.rr.api.kv.KvItem;
import dev.rr.api.plugin.Deadline;
import dev.rr.journal.Journal;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.worker.RecordingLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A storage in a process of its own, which a test kills, or whose files cannot grow. Writes a line
 * for everything that was acknowledged.
 */
final class StoreProcess implements AutoCloseable {
  private static final int WRITERS = 8;

  private final Process process;
  private final BufferedReader lines;

  private StoreProcess(Process process) {
    this.process = process;
    this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /**
   * Starts one.
   *
   * @param limit what the shell does before, such as {@code ulimit}
   * @param what {@code count}: threads set their key to one number after the other from {@code
   *     from} on; {@code fill}: sets keys until it is refused, then tells why and whether it still
   *     reads; {@code fill jobs}: the same with jobs, of which one is to come again then
   */
  static StoreProcess start(String limit, String what, Path file, long from) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new StoreProcess(
        new ProcessBuilder(
                "sh",
                "-c",
                limit + "; exec \"$@\"",
                "sh",
                java,
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                StoreProcess.class.getName(),
                what,
                file.toString(),
                Long.toString(from))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** The next line; null at the end. */
  String line() throws IOException {
    return lines.readLine();
  }

  /** Kills it at once, and answers what it had written that was not read yet. */
  List<String> kill() throws IOException {
    // Process.destroyForcibly would close what is read here.
    boolean unused = process.toHandle().destroyForcibly();
    List<String> rest = new ArrayList<>();
    for (String line = line(); line != null; line = line()) {
      rest.add(line);
    }
    return rest;
  }

  @Override
  public void close() throws Exception {
    process.destroyForcibly().waitFor();
    lines.close();
  }

  /** A storage in a file, with the system's clock. */
  static BoltStore open(Path file) throws Exception {
    Journal.Options options =
        new Journal.Options(
            "kv.test", FileMode.of(0600), Duration.ofSeconds(60), new RecordingLog());
    InstantSource clock = InstantSource.system();
    return new BoltStore(
        Journal.open(file, options, () -> new KvIndex(clock)),
        clock,
        new IndexMemory(Long.MAX_VALUE));
  }

  public static void main(String[] args) throws Exception {
    if (args[0].equals("jobs")) {
      work(Path.of(args[1]), args[2]);
      return;
    }
    if (args[0].equals("fill jobs")) {
      fillJobs(Path.of(args[1]));
      return;
    }
    BoltStore store = open(Path.of(args[1]));
    if (args[0].equals("fill")) {
      fill(store);
    } else {
      for (int i = 0; i < WRITERS; i++) {
        String key = "k" + i;
        Thread.ofPlatform().start(() -> count(store, key, Long.parseLong(args[2])));
      }
    }
  }

  private static void count(BoltStore store, String key, long from) {
    try {
      for (long n = from; ; n++) {
        store.set(List.of(new KvItem(key, Long.toString(n).getBytes(UTF_8))));
        say(key + ' ' + n);
      }
    } catch (OperationException | InterruptedException e) {
      say(e.toString());
    }
  }

  /** A pipeline in a file, with the system's clock. */
  static BoltPipeline open(Path file, int prefetch, JobSink sink) throws Exception {
    return open(journal(file), prefetch, sink);
  }

  static Journal<JobIndex> journal(Path file) throws Exception {
    Journal.Options options =
        new Journal.Options("jobs.test", FileMode.of(0600), Duration.ofDays(1), new RecordingLog());
    return Journal.open(file, options, JobIndex::new);
  }

  static BoltPipeline open(Journal<JobIndex> journal, int prefetch, JobSink sink) {
    return open(journal, prefetch, sink, new IndexMemory(Long.MAX_VALUE));
  }

  static BoltPipeline open(
      Journal<JobIndex> journal, int prefetch, JobSink sink, IndexMemory memory) {
    PipelineSpec spec =
        new PipelineSpec(
            "test", 10, new FakeConfigurer().section("jobs.pipelines.test", new Problems()), false);
    return new BoltPipeline(spec, journal, prefetch, sink, InstantSource.system(), memory);
  }

  private static void work(Path file, String prefix) throws Exception {
    RecordingSink sink = new RecordingSink(100);
    BoltPipeline pipeline = open(file, 100, sink);
    pipeline.resume(Deadline.after(Duration.ofSeconds(10)));
    for (int i = 0; i < WRITERS; i++) {
      String name = prefix + '-' + i + '-';
      Thread.ofPlatform().start(() -> push(pipeline, name));
    }
    for (int done = 0; ; done++) {
      Delivery delivery = sink.take();
      if (done % 3 == 0) {
        delivery.requeue(Map.of("again", List.of("1")), Duration.ofMillis(done % 2 * 50L));
      } else {
        // From now on it may be gone.
        say("done " + delivery.job().id());
        delivery.ack();
      }
    }
  }

  /** Pushes until that is refused, then works on all; the first is to come again, much larger. */
  private static void fillJobs(Path file) throws Exception {
    RecordingSink sink = new RecordingSink(100);
    BoltPipeline pipeline = open(file, 1, sink);
    Deadline soon = Deadline.after(Duration.ofSeconds(30));
    int pushed = 0;
    try {
      while (true) {
        Job job = new Job("j" + pushed, "task", new byte[100_000], Map.of(), Job.Options.NONE);
        pipeline.push(List.of(job), soon);
        pushed++;
      }
    } catch (IOException e) {
      say("refused " + e.getMessage());
    }
    pipeline.resume(soon);
    try {
      sink.take().requeue(Map.of("h", List.of("x".repeat(200_000))), Duration.ZERO);
    } catch (IOException e) {
      say("not written");
    }
    for (int left = pushed; left > 0; left--) {
      Delivery next = sink.take();
      say(next.job().id());
      next.ack();
    }
    say("left " + (pipeline.state(soon).active() + pipeline.state(soon).delayed()));
    pipeline.stop(soon);
  }

  private static void push(BoltPipeline pipeline, String name) {
    try {
      for (int n = 0; ; n++) {
        Job job = new Job(name + n, "task", new byte[100], Map.of(), Job.Options.NONE);
        pipeline.push(List.of(job), Deadline.after(Duration.ofSeconds(10)));
        say("pushed " + job.id());
      }
    } catch (Exception e) {
      say(e.toString());
    }
  }

  private static void fill(BoltStore store) throws Exception {
    int set = 0;
    while (refusal(store, set).isEmpty()) {
      set++;
    }
    say(refusal(store, set));
    say(Integer.toString(set));
    store.set(List.of(new KvItem("small", new byte[1])));
    store.delete(List.of("k0"));
    say(store.has(List.of("k0", "k1", "small")).toString());
    store.close(Deadline.after(Duration.ofSeconds(10)));
  }

  /** Why a key cannot be set; empty when it was. */
  private static String refusal(BoltStore store, int key) throws InterruptedException {
    try {
      store.set(List.of(new KvItem("k" + key, new byte[100_000])));
      return "";
    } catch (OperationException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void say(String line) {
    // One call a line: lines of several threads do not mix.
    System.out.print(line + '\n');
    System.out.flush();
  }
}
