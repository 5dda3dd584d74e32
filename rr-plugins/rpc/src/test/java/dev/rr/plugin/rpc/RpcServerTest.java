package dev.rr.plugin.rpc;

import static dev.rr.plugin.rpc.RawClient.GOB;
import static dev.rr.plugin.rpc.RawClient.JSON;
import static dev.rr.plugin.rpc.RawClient.MSGPACK;
import static dev.rr.plugin.rpc.RawClient.PROTO;
import static dev.rr.plugin.rpc.RawClient.RAW;
import static dev.rr.plugin.rpc.RawClient.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Field;
import com.google.protobuf.Type;
import dev.rr.json.DecodedSize;
import dev.rr.plugin.rpc.RawClient.Reply;
import dev.rr.testing.plugin.Scrape;
import dev.rr.testing.worker.LeakCheck;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ExtendWith(LeakCheck.class)
class RpcServerTest {
  @BeforeAll
  static void warmUp() throws IOException {
    Services.warmUp();
  }

  private static final byte[] NOTHING = new byte[0];

  @Test
  void answersTheFrameOfTheProtocolsDescription() throws Exception {
    try (Services services = new Services();
        RawClient client = services.client()) {
      client.write(
          HexFormat.of()
              .parseHex(
                  "1508160000000971dba700000100000010000000"
                      + HexFormat.of().formatHex(utf8("informer.Workers\"http\""))));
      assertThat(client.receive())
          .satisfies(reply -> assertThat(reply.flags()).isEqualTo(JSON))
          .satisfies(reply -> assertThat(reply.sequence()).isEqualTo(1))
          .satisfies(reply -> assertThat(reply.text()).startsWith("{\"workers\":[{\"pid\":7,"));
    }
  }

  @Test
  void sendsAnErrorAsTheFrameOfTheProtocolsDescription() {
    Call call = new Call(1, JSON, utf8("informer.Workers\"http\""), 16, 0);
    byte[] frame = new byte[40];
    var buffer =
        RpcReply.error(call, "boom").frame(io.netty.buffer.UnpooledByteBufAllocator.DEFAULT);
    buffer.readBytes(frame);
    assertThat(buffer.readableBytes()).isZero();
    buffer.release();
    assertThat(HexFormat.of().formatHex(frame))
        .isEqualTo(
            "154814000000cbe1215500000100000010000000"
                + HexFormat.of().formatHex(utf8("informer.Workersboom")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          test.Echo    | "hé"                  | "hé"
          test.Echo    | null                  | ""
          test.Echo    |                       | ""
          test.Quick   | "x"                   | "x"
          test.Negate  | true                  | false
          test.Negate  |                       | true
          test.Int     | -7                    | -7
          test.Long    | 9007199254740993      | 9007199254740993
          test.Decimal | 1.50                  | 1.5
          test.Decimal | 3                     | 3
          test.Bytes   | "aGk="                | "aGk="
          test.Bytes   | [104,105]             | "aGk="
          test.Strings | ["a",null]            | ["a",""]
          test.Strings | null                  | []
          test.Map     | {"a":{"b":[1,null]}}  | {"a":{"b":[1,null]}}
          test.Name    | {"Name":"x"}          | "x"
          test.Nothing | true                  | null
          a.b.Nested   | true                  | true
          """)
  void answersJson(String method, String argument, String expected) throws Exception {
    try (Services services = new Services();
        RawClient client = services.client()) {
      assertThat(client.json(method, argument == null ? "" : argument)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          test.Echo    | 12      | json: cannot unmarshal number into Go value of type string
          test.Echo    | [1]     | json: cannot unmarshal array into Go value of type string
          test.Echo    | {}      | json: cannot unmarshal object into Go value of type string
          test.Negate  | "x"     | json: cannot unmarshal string into Go value of type bool
          test.Int     | 1.5     | json: cannot unmarshal number 1.5 into Go value of type int
          test.Int     | 4294967296 | json: cannot unmarshal number 4294967296 into Go value of type int
          test.Strings | "x"     | json: cannot unmarshal string into Go value of type []string
          test.Bytes   | true    | json: cannot unmarshal bool into Go value of type []uint8
          test.Echo    | x       | invalid character 'x' looking for beginning of value
          test.Echo    | "x      | unexpected end of JSON input
          test.Echo    | "x" y   | invalid character 'y' after top-level value
          unknown      | true    | rpc: service/method request ill-formed: unknown
          foo.Bar      | true    | rpc: can't find service foo.Bar
          test.bar     | true    | rpc: can't find method test.bar
          a.Nested     | true    | rpc: can't find service a.Nested
          test.echo    | true    | rpc: can't find method test.echo
          test.Fail    | "boom"  | boom
          test.FailQuickly | "boom" | boom
          test.Silent  | true    | java.lang.IllegalStateException
          test.Crash   | true    | rpc: test.Crash failed: java.lang.AssertionError: a bug
          test.Object  | true    | json: unsupported type: java.lang.Object
          """)
  void answersErrorsInPlainTextAndGoesOn(String method, String argument, String text)
      throws Exception {
    try (Services services = new Services();
        RawClient client = services.client()) {
      Reply reply = client.call(JSON, method, utf8(argument));
      assertThat(reply.flags()).isEqualTo(JSON | 0x40);
      assertThat(reply.text()).isEqualTo(text);
      assertThat(client.json("test.Echo", "\"still here\"")).isEqualTo("\"still here\"");
    }
  }

  @Test
  void rawCarriesBytesAndNothingElse() throws Exception {
    try (Services services = new Services();
        RawClient client = services.client()) {
      byte[] random = new byte[100_000];
      new Random(1).nextBytes(random);
      Reply echo = client.call(RAW, "test.Bytes", random);
      assertThat(echo.flags()).isEqualTo(RAW);
      assertThat(echo.body()).isEqualTo(random);
      assertThat(client.call(RAW, "test.Bytes", NOTHING).body()).isEmpty();
      assertThat(client.call(RAW, "test.Echo", utf8("x")).text())
          .isEqualTo("unknown Raw payload type");
      assertThat(client.call(RAW, "test.Map", utf8("x")).text())
          .isEqualTo("unknown Raw payload type");
    }
  }

  @Test
  void protobufNeedsAMethodThatSpeaksIt() throws Exception {
    Type type =
        Type.newBuilder()
            .setName("t")
            .addFields(Field.newBuilder().setNumber(7).setKind(Field.Kind.TYPE_BOOL))
            .build();
    try (Services services = new Services();
        RawClient client = services.client()) {
      Reply echo = client.call(PROTO, "test.Type", type.toByteArray());
      assertThat(echo.flags()).isEqualTo(PROTO);
      assertThat(Type.parseFrom(echo.body())).isEqualTo(type);
      assertThat(client.call(PROTO | GOB, "test.Type", type.toByteArray()).flags())
          .isEqualTo(PROTO);
      assertThat(client.call(PROTO, "test.Type", NOTHING).body()).isEmpty();
      assertThat(client.call(PROTO, "test.Type", utf8("\u0001nonsense")).text())
          .startsWith("goridge_read_request_body: proto: cannot parse invalid wire-format data");
      assertThat(client.call(PROTO, "test.Echo", utf8("x")).text())
          .isEqualTo("goridge_read_request_body: message type is not a proto");
      assertThat(client.call(PROTO, "test.Echo", NOTHING).text())
          .contains("message type is not a proto");
    }
  }

  @Test
  void messagesTravelAsJsonTheWayGoWritesThem() throws Exception {
    try (Services services = new Services();
        RawClient client = services.client()) {
      assertThat(
              client.json(
                  "test.Type",
                  """
                  {"Name":"t","oneofs":["a"],"unknown":1,"syntax":1,"source_context":{"fileName":"f"},
                   "fields":[{"kind":"TYPE_BOOL","number":7,"type_url":"<u>"}]}
                  """))
          .isEqualTo(
              "{\"name\":\"t\",\"fields\":[{\"kind\":8,\"number\":7,\"type_url\":\"\\u003cu\\u003e\"}],"
                  + "\"oneofs\":[\"a\"],\"source_context\":{\"file_name\":\"f\"},\"syntax\":1}");
      assertThat(client.json("test.Type", "null")).isEqualTo("{}");
      assertThat(client.json("test.Type", "{\"name\":1}"))
          .isEqualTo(
              "error: json: cannot unmarshal number into Go struct field Type.name of type string");
      assertThat(client.json("test.Struct", "{\"fields\":{\"k\":{\"number_value\":2}}}"))
          .isEqualTo("{\"fields\":{\"k\":{\"number_value\":2}}}");
    }
  }

  @Test
  void msgpackCarriesValues() throws Exception {
    try (Services services = new Services();
        RawClient client = services.client()) {
      Reply echo = client.call(MSGPACK, "test.Echo", Msgpack.write("hé"));
      assertThat(echo.flags()).isEqualTo(MSGPACK);
      assertThat(Msgpack.read(echo.body(), 0, DecodedSize.UNCOUNTED)).isEqualTo("hé");
      byte[] map = Msgpack.write(java.util.Map.of("Name", "x"));
      assertThat(
              Msgpack.read(client.call(MSGPACK, "test.Name", map).body(), 0, DecodedSize.UNCOUNTED))
          .isEqualTo("x");
      assertThat(client.call(MSGPACK, "test.Bytes", Msgpack.write(new byte[] {1, -2})).body())
          .isEqualTo(Msgpack.write(new byte[] {1, -2}));
      assertThat(client.call(MSGPACK, "test.Echo", new byte[] {(byte) 0xdb, 127, 0, 0, 0}).flags())
          .isEqualTo(MSGPACK | 0x40);
      assertThat(client.call(MSGPACK, "test.Map", new byte[] {(byte) 0xdf, 127, 0, 0, 0}).text())
          .isEqualTo("msgpack: unexpected EOF");
    }
  }

  @Test
  void aFrameWithoutAKnownCodecGetsAnError() throws Exception {
    try (Services services = new Services();
        RawClient client = services.client()) {
      Reply reply = client.call(0, "test.Echo", utf8("x"));
      assertThat(reply.flags()).isEqualTo(GOB | 0x40);
      assertThat(reply.text())
          .isEqualTo("goridge_read_request_body: unknown decoder used in frame");
      assertThat(client.call(GOB, "test.Echo", NOTHING).text()).contains("not supported");
      assertThat(client.json("test.Echo", "\"on\"")).isEqualTo("\"on\"");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "one option",
        "no option",
        "three options",
        "bad checksum",
        "name over payload",
        "text"
      })
  void closesTheConnectionOfWhoSendsNoRequests(String fault) throws Exception {
    byte[] good = RawClient.frame(JSON, 1, "test.Echo", utf8("\"x\""));
    byte[] bad =
        switch (fault) {
          case "one option" -> RawClient.frame(JSON, new int[] {1}, utf8("test.Echo"));
          case "no option" -> RawClient.frame(JSON, new int[0], utf8("test.Echo"));
          case "three options" -> RawClient.frame(JSON, new int[] {1, 9, 0}, utf8("test.Echo"));
          case "bad checksum" -> {
            byte[] frame = good.clone();
            frame[7] ^= 1;
            yield frame;
          }
          case "name over payload" -> RawClient.frame(JSON, new int[] {1, 99}, utf8("test.Echo"));
          default -> utf8("GET / HTTP/1.1\r\n\r\n");
        };
    try (Services services = new Services();
        RawClient client = services.client();
        RawClient other = services.client()) {
      client.write(bad);
      assertThat(client.isClosed()).isTrue();
      assertThat(other.json("test.Echo", "\"on\"")).isEqualTo("\"on\"");
    }
  }

  @Test
  void echoesSixtyFiveMegabytes() throws Exception {
    byte[] large = new byte[65 << 20];
    new Random(2).nextBytes(large);
    try (Services services = new Services();
        RawClient client = services.client()) {
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  client.send(RAW, "test.Bytes", large);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      assertThat(Arrays.equals(client.receive().body(), large)).isTrue();
      writer.join();
    }
  }

  @Test
  void aRequestOverTheLimitIsAnsweredWithAnErrorAndTheConnectionLives() throws Exception {
    Limits limits = new Limits(1_000_000, 4_000_000, 16, Duration.ofSeconds(20));
    try (Services services = new Services(limits);
        RawClient client = services.client()) {
      Reply reply = client.call(RAW, "test.Bytes", new byte[3_000_000]);
      assertThat(reply.isError()).isTrue();
      assertThat(reply.text())
          .isEqualTo("rpc: the request of 3000010 bytes is over the limit of 1000000");
      assertThat(client.call(RAW, "test.Bytes", new byte[900_000]).body()).hasSize(900_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"maps in msgpack", "maps in JSON", "unknown fields", "empty messages"})
  void anArgumentThatIsTooLargeWhenDecodedIsRefusedAndTheNextIsServed(String kind)
      throws Exception {
    Limits limits = new Limits(1_000_000, 3_000_000, 16, Duration.ofSeconds(20));
    try (Services services = new Services(limits);
        RawClient client = services.client()) {
      Reply reply =
          switch (kind) {
            case "maps in msgpack" ->
                client.call(MSGPACK, "test.Quick", filled(500_000, 0x80, 0xdd, 0, 7, 0xa1, 0x15));
            case "maps in JSON" ->
                client.call(JSON, "test.Echo", utf8("[" + "{},".repeat(150_000) + "{}]"));
            // Field 400 is none of Type's, field 2 is a message.
            case "unknown fields" -> client.call(PROTO, "test.Type", pairs(0xb8, 0x19, 1));
            default -> client.call(PROTO, "test.Type", pairs(0x12, 0));
          };
      assertThat(reply.isError()).isTrue();
      assertThat(reply.text())
          .isEqualTo(
              "rpc: the argument takes more memory than is free when it is decoded; all calls"
                  + " together may take 3000000 bytes, a third of the heap");
      assertThat(client.json("test.Echo", "\"on\"")).isEqualTo("\"on\"");
      Services.until(() -> services.server().taken() == 0);
    }
  }

  @Test
  void anAnswerThatIsTooLargeIsLeftOutBeforeItIsEncoded() throws Exception {
    Limits limits = new Limits(1_000_000, 3_000_000, 256, Duration.ofSeconds(20));
    try (Services services = new Services(limits);
        RawClient client = services.client()) {
      byte[] name = Type.newBuilder().setName("x".repeat(900_000)).build().toByteArray();
      Reply reply = client.call(PROTO, "test.Often", name);
      assertThat(reply.isError()).isTrue();
      assertThat(reply.text()).contains(" bytes is left out: with those", "take, 3000000 bytes");
      Services.until(() -> services.server().taken() == 0);
    }
  }

  @Test
  void countsCallsErrorsAndConnections() throws Exception {
    try (Services services = new Services();
        RawClient client = services.client()) {
      client.json("test.Quick", "\"a\"");
      client.json("test.Echo", "\"b\"");
      assertThat(client.call(JSON, "none.Echo", utf8("1")).isError()).isTrue();

      assertThat(Scrape.of(services.server()::collect).values())
          .containsEntry("rr_rpc_calls_total", 3.0)
          .containsEntry("rr_rpc_errors_total", 1.0)
          .containsEntry("rr_rpc_connections", 1.0)
          .containsKey("rr_rpc_calls_bytes");
    }
  }

  /** Bytes that are all alike behind some others. */
  private static byte[] filled(int length, int value, int... first) {
    byte[] out = new byte[length];
    Arrays.fill(out, (byte) value);
    for (int i = 0; i < first.length; i++) {
      out[i] = (byte) first[i];
    }
    return out;
  }

  /** The same bytes a hundred thousand times. */
  private static byte[] pairs(int... once) {
    byte[] out = new byte[100_000 * once.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) once[i % once.length];
    }
    return out;
  }

  @Test
  void answersThatNobodyReadsAreLeftOutBeyondTheBudget() throws Exception {
    Limits limits = new Limits(100_000, 3_000_000, 256, Duration.ofSeconds(20));
    try (Services services = new Services(limits);
        RawClient greedy = services.client();
        RawClient other = services.client()) {
      for (int i = 0; i < 30; i++) {
        greedy.send(RAW, "test.Large", new byte[] {1});
      }
      // All answers are given at once: the system's buffers take a third of them at most.
      Services.until(() -> services.waiting.get() == 30);
      services.gate.release(30);
      assertThat(other.json("test.Echo", "\"on\"")).isEqualTo("\"on\"");
      int leftOut = 0;
      for (int i = 0; i < 30; i++) {
        Reply reply = greedy.receive();
        assertThat(reply.isError() || reply.body().length == 1_000_000).isTrue();
        leftOut += reply.text().contains("with those that wait for their callers") ? 1 : 0;
      }
      assertThat(leftOut).isBetween(1, 29);
      Services.until(() -> services.server().taken() == 0);
    }
  }

  @Test
  void clientsThatAnnounceMuchAndSendNothingStopNoSmallCall() throws Exception {
    Limits limits = new Limits(1_000_000, 3_000_000, 16, Duration.ofSeconds(20));
    byte[] large = RawClient.frame(JSON, 1, "test.Echo", new byte[900_000]);
    try (Services services = new Services(limits);
        RawClient first = services.client();
        RawClient second = services.client();
        RawClient small = services.client()) {
      first.write(Arrays.copyOf(large, 100));
      Services.until(() -> services.server().taken() > 900_000);
      second.write(Arrays.copyOf(large, 100));
      assertThat(small.json("test.Echo", "\"on\"")).isEqualTo("\"on\"");
    }
  }

  @Test
  void largeRequestsWaitForEachOtherWhenTogetherTheyAreTooMuch() throws Exception {
    Limits limits = new Limits(1_000_000, 3_000_000, 16, Duration.ofSeconds(20));
    try (Services services = new Services(limits);
        RawClient first = services.client();
        RawClient second = services.client();
        RawClient small = services.client()) {
      first.send(JSON, "test.Wait", utf8("\"" + "x".repeat(900_000) + "\""));
      Services.until(() -> services.waiting.get() == 1);
      Thread writer =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  second.send(JSON, "test.Wait", utf8("\"" + "y".repeat(900_000) + "\""));
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      assertThat(small.json("test.Echo", "\"small\"")).isEqualTo("\"small\"");
      assertThat(services.waiting.get()).isEqualTo(1);
      services.gate.release();
      assertThat(first.receive().body()).hasSize(900_002);
      services.gate.release();
      assertThat(second.receive().body()).hasSize(900_002);
      writer.join();
    }
  }

  @Test
  void callsOfOneConnectionRunAtOnceAndOvertakeEachOther() throws Exception {
    try (Services services = new Services();
        RawClient client = services.client()) {
      int slow = client.send(JSON, "test.Wait", utf8("\"slow\""));
      int fast = client.send(JSON, "test.Echo", utf8("\"fast\""));
      assertThat(client.receive().sequence()).isEqualTo(fast);
      services.gate.release();
      assertThat(client.receive().sequence()).isEqualTo(slow);
    }
  }

  @Test
  void callsInFlightAreBounded() throws Exception {
    Limits limits = new Limits(1 << 20, 4 << 20, 4, Duration.ofSeconds(20));
    try (Services services = new Services(limits);
        RawClient client = services.client();
        RawClient other = services.client()) {
      for (int i = 0; i < 20; i++) {
        client.send(JSON, "test.Wait", utf8("\"x\""));
      }
      Services.until(() -> services.waiting.get() == 4);
      assertThat(other.json("test.Echo", "\"x\"")).isEqualTo("\"x\"");
      assertThat(services.waiting.get()).isEqualTo(4);
      services.gate.release(20);
      for (int i = 0; i < 20; i++) {
        assertThat(client.receive().text()).isEqualTo("\"x\"");
      }
    }
  }

  @Test
  void aClientThatStopsInsideAFrameIsCutOff() throws Exception {
    Limits limits = new Limits(1 << 20, 4 << 20, 4, Duration.ofMillis(200));
    try (Services services = new Services(limits);
        RawClient client = services.client();
        RawClient idle = services.client()) {
      byte[] frame = RawClient.frame(JSON, 1, "test.Echo", utf8("\"x\""));
      client.write(Arrays.copyOf(frame, frame.length - 1));
      assertThat(client.isClosed()).isTrue();
      assertThat(idle.json("test.Echo", "\"idle is fine\"")).isEqualTo("\"idle is fine\"");
    }
  }

  @Test
  void aSlowClientThatGetsOnIsServed() throws Exception {
    Duration stall = Duration.ofMillis(400);
    try (Services services = new Services(new Limits(1 << 20, 4 << 20, 4, stall))) {
      // Where the machine stood still the client was too slow, and tries again.
      Services.until(() -> isServed(services, stall));
    }
  }

  /** Whether one that sends byte by byte is; it has to be unless it did not keep its pace. */
  private static boolean isServed(Services services, Duration stall) {
    byte[] frame = RawClient.frame(JSON, 1, "test.Echo", utf8("\"x\""));
    long longest = 0;
    try (RawClient client = services.client()) {
      long last = System.nanoTime();
      for (byte one : frame) {
        client.write(new byte[] {one});
        Thread.sleep(30); // the pace is what is tested
        longest = Math.max(longest, System.nanoTime() - last);
        last = System.nanoTime();
      }
      return client.receive().text().equals("\"x\"");
    } catch (IOException | InterruptedException e) {
      assertThat(Duration.ofNanos(longest))
          .as("its longest pause")
          .isGreaterThan(stall.dividedBy(2));
      return false;
    }
  }

  @Test
  void aClientThatTakesNoAnswersIsCutOffAndStopsNobodyElse() throws Exception {
    Limits limits = new Limits(1 << 20, 4 << 20, 64, Duration.ofMillis(300));
    try (Services services = new Services(limits);
        RawClient greedy = services.client();
        RawClient other = services.client()) {
      for (int i = 0; i < 8; i++) {
        greedy.send(RAW, "test.Bytes", new byte[1_000_000]);
      }
      assertThat(other.json("test.Echo", "\"on\"")).isEqualTo("\"on\"");
      Services.until(() -> services.server().connections() == 1);
    } catch (java.net.SocketException cutWhileWriting) {
      assertThat(cutWhileWriting).hasMessageMatching("(?i).*(reset|pipe).*");
    }
  }

  @Test
  void answersWhatWasAskedBeforeTheClientEnded() throws Exception {
    try (Services services = new Services();
        RawClient client = services.client()) {
      client.send(JSON, "test.Wait", utf8("\"last\""));
      client.endRequests();
      Services.until(() -> services.waiting.get() == 1);
      services.gate.release();
      assertThat(client.receive().text()).isEqualTo("\"last\"");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void aClientThatLeavesHarmsNobody() throws Exception {
    try (Services services = new Services();
        RawClient other = services.client()) {
      for (int i = 0; i < 50; i++) {
        try (RawClient client = services.client()) {
          client.send(JSON, "test.Wait", utf8("\"x\""));
          client.write(new byte[] {0x15, 0x08});
        }
      }
      Services.until(() -> services.waiting.get() == 50);
      services.gate.release(50);
      Services.until(() -> services.server().connections() == 1);
      assertThat(other.json("test.Echo", "\"on\"")).isEqualTo("\"on\"");
    }
  }

  @Test
  void aClientThatLeavesHasItsWaitingCallsCancelled() throws Exception {
    try (Services services = new Services();
        RawClient holder = services.client();
        RawClient next = services.client()) {
      assertThat(holder.json("test.Lock", "\"held\"")).isEqualTo("\"held\"");
      try (RawClient dead = services.client()) {
        dead.send(JSON, "test.Lock", utf8("\"dead\""));
        dead.send(JSON, "test.Wait", utf8("\"runs on\""));
        Services.until(() -> services.waiting.get() == 3);
      }
      Services.until(() -> services.spans.heard.contains("gave up dead true"));
      next.send(JSON, "test.Lock", utf8("\"next\""));
      services.lock.release();
      assertThat(next.receive().text()).isEqualTo("\"next\"");
    }
  }

  @Test
  void aCallHasASpanOnceItAsksForIt() throws Exception {
    try (Services services = new Services();
        RawClient client = services.client()) {
      assertThat(client.json("test.Echo", "\"x\"")).isEqualTo("\"x\"");
      assertThat(services.spans.heard).isEmpty();
      assertThat(client.json("test.Lock", "\"x\"")).isEqualTo("\"x\"");
      assertThat(services.spans.heard).containsExactly("test.Lock SERVER", "attribute", "end");
    }
  }

  @Test
  void stoppingAnswersRunningCallsAndRefusesNewClients() throws Exception {
    Services services = new Services();
    try (RawClient client = services.client();
        RawClient idle = services.client()) {
      client.send(JSON, "test.Wait", utf8("\"running\""));
      Services.until(() -> services.waiting.get() == 1);
      Thread stopper =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  services.stop(Duration.ofSeconds(20));
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(idle.isClosed()).isTrue();
      assertThatThrownBy(services::client).isInstanceOf(java.net.ConnectException.class);
      services.gate.release();
      assertThat(client.receive().text()).isEqualTo("\"running\"");
      assertThat(client.isClosed()).isTrue();
      stopper.join();
    }
  }

  @Test
  void stoppingEndsAtItsDeadline() throws Exception {
    Services services = new Services();
    try (RawClient client = services.client()) {
      client.send(JSON, "test.Wait", utf8("\"hangs\""));
      Services.until(() -> services.waiting.get() == 1);
      long start = System.nanoTime();
      services.stop(Duration.ofMillis(300));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
      assertThat(client.isClosed()).isTrue();
      services.gate.release();
    }
  }

  @Test
  void listensOnAUnixSocketAndReplacesAStaleFile(@TempDir Path folder) throws Exception {
    Path path = folder.resolve("rpc.sock");
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(path));
    }
    assertThat(Files.exists(path)).isTrue();
    try (Services services = new Services(Services.LIMITS, "unix://" + path);
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      client.write(ByteBuffer.wrap(RawClient.frame(JSON, 1, "test.Echo", utf8("\"unix\""))));
      ByteBuffer answer = ByteBuffer.allocate(20 + 9 + 6);
      while (answer.hasRemaining() && client.read(answer) >= 0) {}
      assertThat(new String(answer.array(), 29, 6, StandardCharsets.UTF_8)).isEqualTo("\"unix\"");
      assertThatThrownBy(() -> new Services(Services.LIMITS, "unix://" + path))
          .hasMessage(
              "rpc.listen: cannot listen on unix://"
                  + path
                  + ": the address is in use by another program");
      services.stop(Duration.ofSeconds(5));
      assertThat(Files.exists(path)).isFalse();
    }
  }

  @Test
  void doesNotDeleteAFileThatIsNoSocket(@TempDir Path folder) throws Exception {
    Path path = Files.writeString(folder.resolve("precious"), "data");
    assertThatThrownBy(() -> new Services(Services.LIMITS, "unix://" + path))
        .hasMessage(
            "rpc.listen: cannot listen on unix://"
                + path
                + ": the file exists and is not a socket");
    assertThat(path).hasContent("data");
  }

  @Test
  void aPortInUseIsAnError() throws Exception {
    try (Services services = new Services()) {
      String taken = "tcp://127.0.0.1:" + services.server().port();
      assertThatThrownBy(() -> new Services(Services.LIMITS, taken))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "rpc.listen: cannot listen on "
                  + taken
                  + ": the address is in use by another program");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp://localhost:0", "tcp://:0", "tcp://0.0.0.0:0"})
  void phpReachesTheNamesPeopleWrite(String listen) throws Exception {
    try (Services services = new Services(Services.LIMITS, listen);
        RawClient client = services.client()) {
      assertThat(client.json("test.Echo", "\"here\"")).isEqualTo("\"here\"");
    }
  }
}
