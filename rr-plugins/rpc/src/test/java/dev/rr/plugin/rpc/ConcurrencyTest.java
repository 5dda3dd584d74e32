package dev.rr.plugin.rpc;

import static dev.rr.plugin.rpc.RawClient.JSON;
import static dev.rr.plugin.rpc.RawClient.MSGPACK;
import static dev.rr.plugin.rpc.RawClient.PROTO;
import static dev.rr.plugin.rpc.RawClient.RAW;
import static dev.rr.plugin.rpc.RawClient.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Type;
import dev.rr.plugin.rpc.RawClient.Reply;
import dev.rr.testing.worker.LeakCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many calls of every kind at once on one connection; each answer belongs to its call. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class ConcurrencyTest {
  @BeforeAll
  static void warmUp() throws IOException {
    Services.warmUp();
  }

  private static final int CALLS = 300;

  /**
   * A call and what it must be answered.
   *
   * @param error whether the answer is an error text
   */
  private record Expected(String method, int flags, boolean error, byte[] body) {}

  private final Map<Integer, Expected> expected = new HashMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void threeHundredMixedCallsOnOneConnectionAreAllMatched(long seed) throws Exception {
    Random random = new Random(seed);
    try (Services services = new Services();
        RawClient client = services.client()) {
      services.gate.release(CALLS);
      ByteArrayOutputStream requests = new ByteArrayOutputStream();
      for (int i = 0; i < CALLS; i++) {
        requests.writeBytes(request(random, i + (int) seed * 100_000));
      }
      Thread writer = Thread.ofPlatform().start(() -> dribble(client, requests, random));
      for (int i = 0; i < CALLS; i++) {
        check(client.receive());
      }
      writer.join();
      assertThat(expected).isEmpty();
    }
  }

  @Test
  void answersThatComeLaterHoldUpNobodyAndFindTheirCalls() throws Exception {
    try (Services services = new Services();
        RawClient client = services.client();
        RawClient other = services.client()) {
      int first = client.send(JSON, "test.Later", utf8("\"a\""));
      int second = client.send(JSON, "test.Later", utf8("\"b\""));
      assertThat(client.json("test.Quick", "\"quick\"")).isEqualTo("\"quick\"");
      other.send(JSON, "test.Later", utf8("\"gone\""));
      other.close();

      services.later.complete("late");

      Map<Integer, String> answers = new HashMap<>();
      for (Reply reply : List.of(client.receive(), client.receive())) {
        answers.put(reply.sequence(), reply.text());
      }
      assertThat(answers).isEqualTo(Map.of(first, "\"late a\"", second, "\"late b\""));
      assertThat(client.json("test.Later", "\"c\"")).as("at once").isEqualTo("\"late c\"");
      Services.until(() -> services.server().taken() == 0);
    }
  }

  @Test
  void anErrorThatComesLaterIsTheCallsError() throws Exception {
    try (Services services = new Services();
        RawClient client = services.client()) {
      client.send(JSON, "test.Later", utf8("\"a\""));
      services.later.completeExceptionally(new IllegalStateException("it broke"));

      Reply reply = client.receive();

      assertThat(reply.isError()).isTrue();
      assertThat(reply.text()).isEqualTo("it broke");
    }
  }

  @Test
  void aQuickMethodThatHasToWaitDoesSoElsewhere() throws Exception {
    try (Services services = new Services();
        RawClient client = services.client()) {
      client.send(JSON, "test.Offload", utf8("\"a\""));
      assertThat(client.json("test.Quick", "\"quick\"")).isEqualTo("\"quick\"");
      services.gate.release();
      assertThat(client.receive().text()).isEqualTo("\"a true\"");

      Reply refused = client.call(JSON, "test.Offload", utf8("\"\""));
      assertThat(refused.isError()).isTrue();
      assertThat(refused.text()).isEqualTo("no text");

      services.gate.release();
      String large = "x".repeat(100_000);
      assertThat(client.json("test.Offload", '"' + large + '"')).isEqualTo('"' + large + " true\"");
    }
  }

  private byte[] request(Random random, int sequence) {
    byte[] noise = new byte[random.nextInt(random.nextInt(10) == 0 ? 100_000 : 200)];
    random.nextBytes(noise);
    String text = "call " + sequence;
    return switch (random.nextInt(8)) {
      case 0 -> expect(sequence, RAW, "test.Bytes", noise, noise);
      case 1 -> {
        byte[] type = Type.newBuilder().setName(text).build().toByteArray();
        yield expect(sequence, PROTO, "test.Type", type, type);
      }
      case 2 -> {
        byte[] packed = Msgpack.write(text);
        yield expect(sequence, MSGPACK, "test.Echo", packed, packed);
      }
      case 3 -> fail(sequence, "test.Fail", utf8("\"" + text + "\""), utf8(text));
      case 4 ->
          fail(
              sequence, text, new byte[0], utf8("rpc: service/method request ill-formed: " + text));
      case 5 -> expectText(sequence, "test.Wait", text);
      case 6 -> expectText(sequence, "test.Quick", text);
      default -> expectText(sequence, "test.Echo", text);
    };
  }

  private byte[] expectText(int sequence, String method, String text) {
    byte[] json = utf8("\"" + text + "\"");
    return expect(sequence, JSON, method, json, json);
  }

  private byte[] expect(int sequence, int flags, String method, byte[] body, byte[] answer) {
    expected.put(sequence, new Expected(method, flags, false, answer));
    return RawClient.frame(flags, sequence, method, body);
  }

  private byte[] fail(int sequence, String method, byte[] body, byte[] answer) {
    expected.put(sequence, new Expected(method, JSON, true, answer));
    return RawClient.frame(JSON, sequence, method, body);
  }

  /** Writes in pieces that have nothing to do with frames. */
  private static void dribble(RawClient client, ByteArrayOutputStream requests, Random random) {
    byte[] all = requests.toByteArray();
    try {
      for (int at = 0; at < all.length; ) {
        int piece = Math.min(all.length - at, 1 + random.nextInt(5_000));
        client.write(Arrays.copyOfRange(all, at, at + piece));
        at += piece;
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void check(Reply reply) {
    Expected wanted =
        Objects.requireNonNull(
            expected.remove(reply.sequence()), () -> "an answer nobody asked for: " + reply);
    assertThat(reply.method()).isEqualTo(wanted.method());
    assertThat(reply.flags()).isEqualTo(wanted.flags() | (wanted.error() ? 0x40 : 0));
    assertThat(reply.body()).isEqualTo(wanted.body());
  }
}
