package dev.rr.plugin.tcp;

import static dev.rr.plugin.tcp.TcpHarness.events;
import static dev.rr.plugin.tcp.TcpPluginTest.connections;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.LeakCheck;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send too much, take too little, or stay too long. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
class TcpLimitsTest {
  private static final int MEGABYTE = 1 << 20;

  @TempDir Path folder;

  private static FakePool echoing() {
    return new FakePool((asked, reply) ->
        FakePool.answer(reply, asked.text().isEmpty() ? "CONTINUE" : "WRITE", asked.text()));
  }

  /** Answers each packet with so many bytes. */
  private static FakePool answering(int bytes) {
    String body = "x".repeat(bytes);
    return new FakePool((asked, reply) ->
        FakePool.answer(
            reply,
            asked.text().isEmpty() ? "CONTINUE" : "WRITE",
            asked.text().isEmpty() ? "" : body));
  }

  /** Sends so much, or until the server has had enough. */
  private static void flood(Client client, int megabytes) {
    byte[] block = new byte[MEGABYTE];
    try {
      for (int i = 0; i < megabytes; i++) {
        client.socket.getOutputStream().write(block);
      }
    } catch (IOException refused) {
      // As it should be.
    }
  }

  private static boolean isFree(TcpHarness rr) {
    return rr.plugin.budget().taken() == 0;
  }

  @Test
  void aPacketOfAHundredMegabytesIsRefusedAndOthersAreServed() throws Exception {
    FakePool pool = echoing();
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client hostile = rr.connect();
        Client good = rr.connect()) {
      flood(hostile, 100);
      assertThat(hostile.isClosed()).isTrue();
      assertThat(good.ask("x\r\n")).isEqualTo("x");
      Await.until("one has gone", () -> connections(rr) == 1);
      assertThat(events(pool)).containsOnly("CONNECTED", "CLOSE", "DATA x\r\n");
      assertThat(rr.log.records())
          .filteredOn(record -> record.startsWith("WARN"))
          .singleElement()
          .asString()
          .contains("main", "127.0.0.1")
          .containsAnyOf("longer than tcp.max_packet_size: 64 MB", "no memory for a packet");
      Await.until("all is given back", () -> isFree(rr));
    }
  }

  @Test
  void theLimitIsTheConfigurationsToTheByte() throws Exception {
    try (TcpHarness rr = TcpHarness.main(folder, ", max_packet_size: 1", echoing());
        Client client = rr.connect();
        Client longer = rr.connect()) {
      String most = "x".repeat(MEGABYTE - 2) + "\r\n";
      Thread.ofVirtual()
          .start(() -> {
            try {
              client.send(most);
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      assertThat(client.line()).hasSize(MEGABYTE - 2);
      flood(longer.send("y"), 1);
      assertThat(longer.isClosed()).isTrue();
      assertThat(rr.log.with("tcp.max_packet_size: 1 MB")).hasSize(1);
    }
  }

  @Test
  void whatAllClientsHoldTogetherIsBounded() throws Exception {
    FakePool pool = echoing();
    try (TcpHarness rr = TcpHarness.main(folder, "", pool)) {
      rr.plugin.budget().add(rr.plugin.budget().size() - 64 * 1024);
      try (Client large = rr.connect();
          Client small = rr.connect()) {
        assertThat(small.ask("x\r\n")).isEqualTo("x");
        flood(large, 1);
        assertThat(large.isClosed()).isTrue();
        assertThat(rr.log.with("there is no memory for a packet")).hasSize(1);
        assertThat(small.ask("x\r\n")).isEqualTo("x");
      }
    }
  }

  @Test
  void anAnswerThatFindsNoMemoryIsAnError() throws Exception {
    try (TcpHarness rr = TcpHarness.main(folder, "", answering(MEGABYTE));
        Client client = rr.connect()) {
      rr.plugin.budget().add(rr.plugin.budget().size() - 64 * 1024);
      assertThat(client.send("x\r\n").rest()).isEmpty();
      assertThat(rr.log.with("there is no memory for an answer of 1048576 bytes")).hasSize(1);
    }
  }

  @Test
  void anAnswerOfThePacketsSizeTakesItsRoom() throws Exception {
    try (TcpHarness rr = TcpHarness.main(folder, "", echoing());
        Client client = rr.connect()) {
      // So much that a packet of 2,000 bytes finds room, and another one beside it would not.
      long others = rr.plugin.budget().size() - 33_000;
      rr.plugin.budget().add(others);
      String packet = "x".repeat(1_998);
      assertThat(client.ask(packet + "\r\n")).isEqualTo(packet);
      Await.until("all room given back", () -> rr.plugin.budget().taken() == others);
    }
  }

  @Test
  void aSlowReaderGetsEverythingAndHoldsNobodyUp() throws Exception {
    int size = 16 * MEGABYTE;
    try (TcpHarness rr = TcpHarness.main(folder, "", answering(size));
        Client slow = rr.connect()) {
      slow.send("x\r\n");
      Await.until("the answer waits", () -> rr.plugin.budget().taken() >= size);
      try (Client other = rr.connect()) {
        other.send("x\r\n");
        assertThat(other.read(size)).isEqualTo(size);
      }
      assertThat(slow.read(size)).isEqualTo(size);
      Await.until("all is given back", () -> isFree(rr));
      slow.send("x\r\n");
      assertThat(slow.read(size)).as("it is not held against it").isEqualTo(size);
    }
  }

  @Test
  void whoTakesNothingOfAnAnswerIsClosed() throws Exception {
    FakePool pool = answering(16 * MEGABYTE);
    try (TcpHarness rr = TcpHarness.main(folder, ", timeouts: {write: 200ms}", pool);
        Client client = rr.connect()) {
      client.send("x\r\n");
      Await.until("closed", () -> events(pool).contains("CLOSE"));
      Await.until("all is given back", () -> isFree(rr) && connections(rr) == 0);
      assertThat(events(pool)).containsExactly("CONNECTED", "DATA x\r\n", "CLOSE");
    }
  }

  @Test
  void whoHoldsMuchAndDoesNothingIsClosedSoonWhileMemoryIsShort() throws Exception {
    FakePool pool = answering(16 * MEGABYTE);
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client takesNothing = rr.connect();
        Client doesNotGoOn = rr.connect();
        Client hasSaidLittle = rr.connect()) {
      takesNothing.send("x\r\n");
      doesNotGoOn.send("y".repeat(100_000));
      hasSaidLittle.send("little");
      Await.until("both are held", () -> rr.plugin.budget().taken() > 16 * MEGABYTE + 100_000);
      long others = rr.plugin.budget().size() / 2;
      rr.plugin.budget().add(others);
      Await.until("they are gone", () -> connections(rr) == 1);
      rr.plugin.budget().give(others);
      assertThat(hasSaidLittle.send("\r\n").read(1_000)).isEqualTo(1_000);
    }
  }

  @Test
  void aConnectionThatIsClosedWhileItsClientTakesNothingGoesAtOnce() throws Exception {
    FakePool pool = answering(16 * MEGABYTE);
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client client = rr.connect()) {
      client.send("x\r\n");
      Await.until("the answer waits", () -> rr.plugin.budget().taken() > 8 * MEGABYTE);
      rr.plugin.close(TcpHarness.told(pool).getFirst().uuid());
      Await.until("gone", () -> isFree(rr) && connections(rr) == 0);
      assertThat(events(pool)).endsWith("CLOSE");
    }
  }

  @Test
  void aPacketThatDoesNotEndIsClosed() throws Exception {
    FakePool pool = echoing();
    try (TcpHarness rr = TcpHarness.main(folder, ", timeouts: {read: 200ms}", pool);
        Client client = rr.connect()) {
      assertThat(client.ask("x\r\n")).isEqualTo("x");
      assertThat(client.send("no end").isClosed()).isTrue();
      Await.until("told", () -> events(pool).contains("CLOSE"));
      assertThat(events(pool)).containsExactly("CONNECTED", "DATA x\r\n", "CLOSE");
      Await.until("all is given back", () -> isFree(rr));
    }
  }

  @Test
  void dripsDoNotProlongAPacket() throws Exception {
    try (TcpHarness rr = TcpHarness.main(folder, ", timeouts: {read: 300ms}", echoing());
        Client client = rr.connect()) {
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      boolean closed = false;
      while (!closed && System.nanoTime() < end) {
        try {
          client.send("drip");
          Thread.sleep(20); // the client's own pace
        } catch (SocketException e) {
          closed = true;
        }
      }
      assertThat(closed).isTrue();
    }
  }

  @Test
  void whoIsIdleIsClosedButNotWhileAWorkerIsBusyForIt() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    FakePool pool =
        new FakePool((asked, reply) -> {
          if (!asked.text().isEmpty()) {
            answer.await();
          }
          FakePool.answer(reply, asked.text().isEmpty() ? "CONTINUE" : "WRITE", asked.text());
        });
    try (TcpHarness rr = TcpHarness.main(folder, ", timeouts: {idle: 500ms}", pool);
        Client idle = rr.connect();
        Client busy = rr.connect()) {
      busy.send("x\r\n");
      assertThat(idle.isClosed()).isTrue();
      answer.countDown();
      assertThat(busy.line()).isEqualTo("x");
      assertThat(busy.isClosed()).isTrue();
    }
  }

  @Test
  void moreConnectionsThanAllowedWait() throws Exception {
    FakePool pool = echoing();
    try (TcpHarness rr = TcpHarness.main(folder, ", max_connections: 2", pool)) {
      Client first = rr.connect();
      try (first;
          Client second = rr.connect();
          Client third = rr.connect()) {
        assertThat(first.ask("1\r\n")).isEqualTo("1");
        assertThat(second.ask("2\r\n")).isEqualTo("2");
        third.send("3\r\n");
        assertThat(second.ask("2\r\n")).isEqualTo("2");
        assertThat(events(pool)).doesNotContain("DATA 3\r\n");
        first.close();
        assertThat(third.line()).isEqualTo("3");
      }
    }
  }

  @Test
  void aFloodDuringAnEventStaysWithTheClient() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    FakePool pool =
        new FakePool((asked, reply) -> {
          answer.await();
          FakePool.answer(reply, "CONTINUE", "");
        });
    try (TcpHarness rr = TcpHarness.main(folder, ", max_packet_size: 1024", pool);
        Client client = rr.connect()) {
      Thread flood = Thread.ofPlatform().start(() -> flood(client, 200));
      Await.until("it has begun", () -> rr.plugin.budget().taken() > 0);
      assertThat(flood.join(Duration.ofMillis(500))).as("it is held up").isFalse();
      assertThat(rr.plugin.budget().taken()).as("what a read brings").isLessThan(2 * MEGABYTE);
      client.close();
      flood.join();
      answer.countDown();
    }
  }

  @Test
  void manyConnectionsAreServedAtOnce() throws Exception {
    int count = Integer.getInteger("rr.tcp.connections", 1_000);
    FakePool pool = echoing();
    List<Client> clients = new ArrayList<>();
    try (TcpHarness rr = TcpHarness.main(folder, "", pool)) {
      for (int i = 0; i < count; i++) {
        clients.add(client(rr, i));
      }
      Await.until(
          Duration.ofSeconds(60), () -> connections(rr) + " here", () -> connections(rr) == count);
      for (int i = 0; i < count; i++) {
        clients.get(i).send(i + "\r\n");
      }
      for (int i = 0; i < count; i++) {
        assertThat(clients.get(i).line()).isEqualTo(Integer.toString(i));
      }
      for (Client client : clients) {
        client.close();
      }
      Await.until(
          Duration.ofSeconds(60), () -> connections(rr) + " left", () -> connections(rr) == 0);
      Await.until("the ends are told", () -> pool.requests().size() == 3 * count);
      Await.until("all is given back", () -> isFree(rr));
    }
  }

  /** From one of several addresses, since each has no more ports than thirty thousand. */
  private static Client client(TcpHarness rr, int i) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress("127.0.0." + (2 + i % 4), 0));
    socket.connect(new InetSocketAddress("127.0.0.1", rr.port("main")), 10_000);
    return new Client(socket);
  }
}
