package dev.rr.plugin.tcp;

import static dev.rr.plugin.tcp.TcpHarness.events;
import static dev.rr.plugin.tcp.TcpHarness.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.worker.ExecException;
import dev.rr.plugin.tcp.TcpHarness.Told;
import dev.rr.testing.plugin.RpcCalls;
import dev.rr.testing.plugin.Scrape;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.LeakCheck;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What workers are told of connections, and what becomes of their answers. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class TcpPluginTest {
  @TempDir Path folder;

  /** Workers that answer packets with these words and bytes, and everything else with CONTINUE. */
  private static FakePool answering(String word, String body) {
    return new FakePool((asked, reply) -> {
      boolean data = asked.context().endsWith("\"DATA\"}");
      FakePool.answer(reply, data ? word : "CONTINUE", data ? body : "");
    });
  }

  private static FakePool echoing() {
    return new FakePool((asked, reply) ->
        FakePool.answer(reply, asked.text().isEmpty() ? "CONTINUE" : "WRITE", asked.text()));
  }

  private static void awaitEvents(FakePool pool, String... expected) {
    Await.until(
        Duration.ofSeconds(30),
        () -> String.join(", ", events(pool)),
        () -> events(pool).equals(List.of(expected)));
  }

  @Test
  void aConnectionIsToldBeforeItSendsAnything() throws Exception {
    FakePool pool = echoing();
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client client = rr.connect()) {
      awaitEvents(pool, "CONNECTED");
      Told told = told(pool).getFirst();
      assertThat(told.client()).isEqualTo(client.address());
      assertThat(told.server()).isEqualTo("main");
      assertThat(told.uuid())
          .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
      assertThat(pool.requests().getFirst().payload().codec()).as("as upstream").isZero();
    }
  }

  @Test
  void aPacketComesWithItsDelimiterAndTheIdOfItsConnection() throws Exception {
    FakePool pool = answering("CONTINUE", "");
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client client = rr.connect()) {
      client.send("wuzaaaa\r\n");
      awaitEvents(pool, "CONNECTED", "DATA wuzaaaa\r\n");
      client.send("again\r\n");
      awaitEvents(pool, "CONNECTED", "DATA wuzaaaa\r\n", "DATA again\r\n");
      assertThat(told(pool).stream().map(Told::uuid).distinct()).hasSize(1);
    }
    awaitEvents(pool, "CONNECTED", "DATA wuzaaaa\r\n", "DATA again\r\n", "CLOSE");
  }

  @Test
  void writeAnswersAndGoesOn() throws Exception {
    try (TcpHarness rr = TcpHarness.main(folder, "", echoing());
        Client client = rr.connect()) {
      assertThat(client.ask("one\r\n")).isEqualTo("one");
      assertThat(client.ask("two\r\n")).isEqualTo("two");
    }
  }

  @Test
  void writeCloseAnswersAndCloses() throws Exception {
    FakePool pool = answering("WRITECLOSE", "bye\r\n");
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client client = rr.connect()) {
      assertThat(client.send("x\r\n").rest()).isEqualTo("bye\r\n");
      awaitEvents(pool, "CONNECTED", "DATA x\r\n", "CLOSE");
    }
  }

  @Test
  void closeAndEveryUnknownWordCloseWithoutAByte() throws Exception {
    for (String word : List.of("CLOSE", "NONSENSE", "", "write", "WRITE ")) {
      FakePool pool = answering(word, "not for the client");
      try (TcpHarness rr = TcpHarness.main(folder, "", pool);
          Client client = rr.connect()) {
        assertThat(client.send("x\r\n").rest()).isEmpty();
        awaitEvents(pool, "CONNECTED", "DATA x\r\n", "CLOSE");
      }
    }
  }

  @Test
  void theAnswerToAConnectionCountsAsThatToAPacket() throws Exception {
    for (String word : List.of("WRITE", "WRITECLOSE", "CLOSE")) {
      FakePool pool = FakePool.answering(word, "hello\r\n");
      try (TcpHarness rr = TcpHarness.main(folder, "", pool);
          Client client = rr.connect()) {
        assertThat(client.line()).isEqualTo(word.equals("CLOSE") ? "" : "hello");
        if (!word.equals("WRITE")) {
          assertThat(client.rest()).isEmpty();
          awaitEvents(pool, "CONNECTED", "CLOSE");
        }
      }
    }
  }

  @Test
  void anEmptyWriteGoesOn() throws Exception {
    FakePool pool = answering("WRITE", "");
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client client = rr.connect()) {
      client.send("one\r\n");
      awaitEvents(pool, "CONNECTED", "DATA one\r\n");
      client.send("two\r\n");
      awaitEvents(pool, "CONNECTED", "DATA one\r\n", "DATA two\r\n");
    }
  }

  @Test
  void delimitersMayBeAnyBytesAndComeInPieces() throws Exception {
    FakePool pool = echoing();
    String section = "{servers: {main: {addr: \"127.0.0.1:0\", delimiter: \"--end--\"}}}";
    try (TcpHarness rr = TcpHarness.of(folder, section, pool).start();
        Client client = rr.connect()) {
      awaitEvents(pool, "CONNECTED");
      for (String piece : List.of("payload-", "-en", "d-", "-")) {
        client.send(piece);
        // The pieces are to arrive one by one, whatever TCP makes of them: TCP_NODELAY is set.
        Thread.yield();
      }
      awaitEvents(pool, "CONNECTED", "DATA payload--end--");
      assertThat(client.read("payload--end--".length())).isEqualTo(14);
    }
  }

  @Test
  void whatComesTogetherIsToldTogether() throws Exception {
    FakePool pool = answering("CONTINUE", "");
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client client = rr.connect()) {
      awaitEvents(pool, "CONNECTED");
      client.send("a\r\nb\r\n");
      awaitEvents(pool, "CONNECTED", "DATA a\r\nb\r\n");
    }
  }

  @Test
  void aPacketShorterThanItsDelimiterIsRefused() throws Exception {
    FakePool pool = echoing();
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client client = rr.connect()) {
      assertThat(client.send("x").isClosed()).isTrue();
      awaitEvents(pool, "CONNECTED", "CLOSE");
      assertThat(rr.log.with("too small payload")).hasSize(1);
    }
  }

  @Test
  void aClientThatClosesIsToldOnce() throws Exception {
    FakePool pool = echoing();
    try (TcpHarness rr = TcpHarness.main(folder, "", pool)) {
      rr.connect().close();
      awaitEvents(pool, "CONNECTED", "CLOSE");
      Client reset = rr.connect();
      awaitEvents(pool, "CONNECTED", "CLOSE", "CONNECTED");
      reset.socket.setSoLinger(true, 0);
      reset.close();
      awaitEvents(pool, "CONNECTED", "CLOSE", "CONNECTED", "CLOSE");
    }
  }

  @Test
  void whoHasSaidTheLastStillGetsTheAnswer() throws Exception {
    FakePool pool = echoing();
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client client = rr.connect()) {
      client.send("last words\r\n");
      client.socket.shutdownOutput();
      assertThat(client.rest()).isEqualTo("last words\r\n");
      awaitEvents(pool, "CONNECTED", "DATA last words\r\n", "CLOSE");
    }
  }

  @Test
  void whatHasNoDelimiterAtTheEndIsAPacketAndThenTheEndIsTold() throws Exception {
    FakePool pool = echoing();
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client client = rr.connect()) {
      client.send("cut off");
      client.socket.shutdownOutput();
      assertThat(client.rest()).isEqualTo("cut off");
      awaitEvents(pool, "CONNECTED", "DATA cut off", "CLOSE");
    }
  }

  @Test
  void aWorkersErrorClosesWithoutAByteAndWithoutAnotherEvent() throws Exception {
    for (String at : List.of("CONNECTED", "DATA")) {
      FakePool pool =
          new FakePool((asked, reply) -> {
            if (asked.context().endsWith("\"" + at + "\"}")) {
              reply.failed(new ExecException(ExecException.Kind.SOFT_JOB, "no"));
            } else {
              FakePool.answer(reply, "CONTINUE", "");
            }
          });
      try (TcpHarness rr = TcpHarness.main(folder, "", pool);
          Client client = rr.connect()) {
        awaitEvents(pool, "CONNECTED");
        if (at.equals("DATA")) {
          client.send("x\r\n");
        }
        assertThat(client.isClosed()).isTrue();
        Await.until("gone", () -> connections(rr) == 0);
        assertThat(events(pool)).doesNotContain("CLOSE").last().asString().startsWith(at);
        assertThat(rr.log.with("execute error")).singleElement().asString().contains("no", "main");
      }
    }
  }

  @Test
  void aWorkerCannotStream() throws Exception {
    FakePool pool =
        new FakePool((asked, reply) -> {
          boolean wanted =
              reply.frame(0, FakePool.bytes("WRITE"), FakePool.bytes("first"), 0, false);
          assertThat(wanted).isFalse();
          reply.failed(new ExecException(ExecException.Kind.CANCELLED, "cancelled"));
        });
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client client = rr.connect()) {
      assertThat(client.isClosed()).isTrue();
      assertThat(rr.log.with("execute error"))
          .singleElement()
          .asString()
          .contains("streaming is not supported");
    }
  }

  @Test
  void thatNoWorkerTakesTheEndIsAWarning() throws Exception {
    FakePool pool =
        new FakePool((asked, reply) -> {
          if (asked.context().endsWith("\"CLOSE\"}")) {
            throw new IllegalStateException("no worker");
          }
          FakePool.answer(reply, "CLOSE", "");
        });
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client client = rr.connect()) {
      assertThat(client.isClosed()).isTrue();
      Await.until("warned", () -> rr.log.with("failed to send close event to worker").size() == 1);
    }
  }

  @Test
  void whatIsSentDuringAnEventWaitsForItsAnswer() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    FakePool pool =
        new FakePool((asked, reply) -> {
          answer.await();
          FakePool.answer(reply, "CONTINUE", "");
        });
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client client = rr.connect()) {
      client.send("one\r\n").send("two\r\n");
      awaitEvents(pool, "CONNECTED");
      // As long as nothing is answered nothing follows, and the client may go meanwhile.
      client.close();
      assertThat(events(pool)).containsExactly("CONNECTED");
      answer.countDown();
      Await.until("the end", () -> events(pool).contains("CLOSE"));
      assertThat(events(pool)).first().isEqualTo("CONNECTED");
      assertThat(events(pool)).last().isEqualTo("CLOSE");
      assertThat(String.join("", events(pool)).replace("DATA ", ""))
          .isEqualTo("CONNECTEDone\r\ntwo\r\nCLOSE");
    }
  }

  @Test
  void eachServerHasItsName() throws Exception {
    FakePool pool =
        new FakePool((asked, reply) -> {
          Told told = Told.of(asked);
          FakePool.answer(
              reply, told.body().isEmpty() ? "CONTINUE" : "WRITE", told.server() + "\n");
        });
    String section =
        "{servers: {One: {addr: \"127.0.0.1:0\", delimiter: \"\\n\"},"
            + " two: {addr: \"127.0.0.1:0\", delimiter: \".\"}}}";
    try (TcpHarness rr = TcpHarness.of(folder, section, pool).start();
        Client one = rr.connect("One");
        Client two = rr.connect("two")) {
      assertThat(one.ask("?\n")).isEqualTo("One");
      assertThat(two.ask("?\n.")).isEqualTo("two");
    }
  }

  @Test
  void rpcClosesAConnectionAndSaysYesToAnyId() throws Exception {
    FakePool pool = echoing();
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client client = rr.connect()) {
      awaitEvents(pool, "CONNECTED");
      TcpPluginRpc rpc = new TcpPluginRpc(rr.plugin);
      assertThat(RpcCalls.call(rpc, "Close", "unknown")).isEqualTo(true);
      assertThat(client.ask("still here\r\n")).isEqualTo("still here");
      assertThat(RpcCalls.call(rpc, "Close", told(pool).getFirst().uuid())).isEqualTo(true);
      assertThat(client.isClosed()).isTrue();
      awaitEvents(pool, "CONNECTED", "DATA still here\r\n", "CLOSE");
    }
  }

  @Test
  void aConnectionMayBeClosedDuringItsEvent() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    FakePool pool =
        new FakePool((asked, reply) -> {
          if (!asked.text().isEmpty()) {
            answer.await();
          }
          FakePool.answer(reply, asked.text().isEmpty() ? "CONTINUE" : "WRITE", "late\r\n");
        });
    try (TcpHarness rr = TcpHarness.main(folder, "", pool);
        Client client = rr.connect()) {
      client.send("x\r\n");
      awaitEvents(pool, "CONNECTED", "DATA x\r\n");
      rr.plugin.close(told(pool).getFirst().uuid());
      assertThat(client.isClosed()).isTrue();
      assertThat(events(pool)).doesNotContain("CLOSE");
      answer.countDown();
      awaitEvents(pool, "CONNECTED", "DATA x\r\n", "CLOSE");
    }
  }

  @Test
  void unixSocketsAreServedAsWell() throws Exception {
    FakePool pool = echoing();
    String section = "{servers: {local: {addr: \"unix://tcp.sock\"}}}";
    try (TcpHarness rr = TcpHarness.of(folder, section, pool).start();
        SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      client.connect(UnixDomainSocketAddress.of(folder.resolve("tcp.sock")));
      client.write(FakePool.bytes("x\r\n"));
      ByteBuffer answer = ByteBuffer.allocate(3);
      while (answer.hasRemaining() && client.read(answer) > 0) {}
      assertThat(answer.hasRemaining()).isFalse();
      assertThat(told(pool).getFirst().client()).isEqualTo("@");
    }
    assertThat(folder.resolve("tcp.sock")).doesNotExist();
  }

  @Test
  void countsConnectionsAndPacketsOfEachServer() throws Exception {
    FakePool pool = echoing();
    try (TcpHarness rr = TcpHarness.main(folder, "", pool)) {
      try (Client client = rr.connect()) {
        client.ask("x\r\n");
        assertThat(connections(rr)).isEqualTo(1);
        assertThat(figure(rr, "rr_tcp_packets_total{server=\"main\"}")).isEqualTo(1);
        assertThat(figure(rr, "rr_tcp_total_workers")).isZero();
      }
      Await.until("gone", () -> connections(rr) == 0);
      assertThat(figure(rr, "rr_tcp_connections_total{server=\"main\"}")).isEqualTo(1);
    }
  }

  static double connections(TcpHarness rr) {
    return figure(rr, "rr_tcp_connections{server=\"main\"}");
  }

  private static double figure(TcpHarness rr, String name) {
    return Scrape.of(rr.plugin.metrics()).values().getOrDefault(name, -1.0);
  }
}
