package dev.rr.plugin.beanstalk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.RefusedException;
import dev.rr.api.plugin.Deadline;
import dev.rr.net.AddressForms;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.LeakCheck;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Against a stand-in: no server refuses one job of several when it is asked to. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class TubeProducerTest {
  private final List<String> deleted = new CopyOnWriteArrayList<>();
  private final CountDownLatch late = new CountDownLatch(1);
  private ServerSocket listener;
  private final List<TubeProducer> dialed = new ArrayList<>();

  @BeforeEach
  void listen() throws Exception {
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws Exception {
    for (TubeProducer each : dialed) {
      each.close();
      each.join(Duration.ofSeconds(5));
    }
    listener.close();
  }

  /** Dials a stand-in that answers puts so, one behind the other; {@code late} waits first. */
  private TubeProducer dial(String... answers) throws Exception {
    Thread.ofVirtual().start(() -> serve(List.of(answers).iterator()));
    TubeProducer producer =
        TubeProducer.dial(
            new BeanstalkServer(
                AddressForms.DSN.parse("tcp://127.0.0.1:" + listener.getLocalPort()),
                Path.of("."),
                Duration.ofSeconds(30),
                "test"),
            "t");
    dialed.add(producer);
    return producer;
  }

  private void serve(Iterator<String> puts) {
    try (Socket socket = listener.accept();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream()) {
      for (String[] words = words(in); words.length > 0; words = words(in)) {
        out.write((answer(words, in, puts) + "\r\n").getBytes(US_ASCII));
      }
    } catch (IOException | InterruptedException e) {
      // The test is over.
    }
  }

  private static String[] words(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        return new String[0];
      }
      line.append((char) next);
    }
    return line.toString().strip().split(" ", -1);
  }

  private String answer(String[] words, DataInputStream in, Iterator<String> puts)
      throws IOException, InterruptedException {
    switch (words[0]) {
      case "use" -> {
        return "USING " + words[1];
      }
      case "stats" -> {
        return "OK 20\r\nmax-job-size: 65535\n";
      }
      case "delete" -> {
        deleted.add(words[1]);
        return "DELETED";
      }
      default -> {
        in.skipNBytes(Long.parseLong(words[4]) + 2);
        String answer = puts.next();
        if (answer.startsWith("late ")) {
          late.await();
        }
        return answer.replace("late ", "");
      }
    }
  }

  private static TubeProducer.Batch batch(int jobs) {
    return new TubeProducer.Batch(
        IntStream.range(0, jobs)
            .mapToObj(i -> new Job("" + i, "task", "x".getBytes(UTF_8), Map.of(), Job.Options.NONE))
            .map(job -> new JobBody(job, "test"))
            .toList(),
        0,
        60);
  }

  @Test
  void takesBackWhatWasPutBehindAJobThatItsServerRefuses() throws Exception {
    TubeProducer producer =
        dial("INSERTED 1", "OUT_OF_MEMORY", "INSERTED 3", "BURIED 4", "DRAINING");
    assertThatThrownBy(() -> producer.put(batch(5), Deadline.after(Duration.ofSeconds(10))))
        .isInstanceOf(RefusedException.class)
        .hasMessage("put: server is out of memory");
    Await.until("they are deleted", () -> deleted.size() == 2);
    assertThat(deleted).containsExactly("3", "4");
  }

  @Test
  void takesBackWhatItsServerTookAfterThePusherHadGivenUp() throws Exception {
    TubeProducer producer = dial("INSERTED 1", "late INSERTED 2", "INSERTED 3");
    assertThatThrownBy(() -> producer.put(batch(3), Deadline.after(Duration.ofMillis(200))))
        .hasMessageContaining("does not answer");
    late.countDown();
    Await.until("they are deleted", () -> deleted.size() == 2);
    assertThat(deleted).containsExactly("2", "3");
  }

  @Test
  void aLargeBatchIsPutSomeAtATime() throws Exception {
    String[] answers =
        IntStream.rangeClosed(1, 1000).mapToObj(i -> "INSERTED " + i).toArray(String[]::new);
    TubeProducer producer = dial(answers);
    TubeProducer.Batch batch = batch(1000);
    producer.put(batch, Deadline.after(Duration.ofSeconds(20)));
    assertThat(batch.isDone()).isTrue();
    assertThat(deleted).isEmpty();
  }
}
