package dev.rr.plugin.http.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.rr.proto.HttpProto;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AnswerDecoderTest {
  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsTheProtobufVector() {
    byte[] bytes = HexFormat.of().parseHex("08c80112080a014112030a0162");
    WorkerAnswer answer = AnswerDecoder.decode(0x80, ByteBuffer.wrap(bytes));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers().all("A")).containsExactly("b");
  }

  @Test
  void readsWhatProtobufsOwnWriterWrites() {
    String large = "x".repeat(20_000);
    HttpProto.Response response =
        HttpProto.Response.newBuilder()
            .setStatus(404)
            .putHeaders(
                "x-large",
                HttpProto.HeaderValue.newBuilder()
                    .addValue(ByteString.copyFromUtf8(large))
                    .addValue(ByteString.fromHex("ff"))
                    .build())
            .putHeaders("Empty", HttpProto.HeaderValue.getDefaultInstance())
            .build();
    WorkerAnswer answer = AnswerDecoder.decode(0x80, ByteBuffer.wrap(response.toByteArray()));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.headers().all("X-Large")).containsExactly(large, "\u00ff");
    assertThat(answer.headers().size()).isEqualTo(2);
  }

  @Test
  void readsJsonAnswersOfEveryShape() {
    WorkerAnswer answer =
        AnswerDecoder.decode(
            0,
            bytes(
                " {\"headers\" : {\"x-a\":[\"1\",\"\\u20ac\\n\"], \"N\":[7], \"S\":\"s\","
                    + " \"E\":[]},\"more\":{\"a\":[1,{\"b\":null}]},\"status\": 201 } "));
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.headers().all("X-A")).containsExactly("1", "\u00e2\u0082\u00ac\n");
    assertThat(answer.headers().get("N")).isEqualTo("7");
    assertThat(answer.headers().get("S")).isEqualTo("s");
    assertThat(AnswerDecoder.decode(8, bytes("{\"status\":200,\"headers\":[]}")).headers().size())
        .isZero();
  }

  /** A context is the front of a frame, and the frame's array is not copied. */
  private static ByteBuffer within(ByteBuffer context) {
    byte[] frame = new byte[context.remaining() + 20];
    context.get(frame, 7, context.remaining());
    return ByteBuffer.wrap(frame, 7, frame.length - 20).slice();
  }

  @Test
  void readsAContextWhereverItIsInItsArray() {
    byte[] proto = HexFormat.of().parseHex("08c80112080a014112030a0162");
    assertThat(AnswerDecoder.decode(0, within(ByteBuffer.wrap(proto))).headers().get("A"))
        .isEqualTo("b");
    WorkerAnswer json = AnswerDecoder.decode(0, within(bytes("{\"status\":201}")));
    assertThat(json.status()).isEqualTo(201);
  }

  @Test
  void readsNothingBehindAContextAndTellsWhereItIsMalformed() {
    assertThatThrownBy(() -> AnswerDecoder.decode(8, within(bytes("{\"status\":20"))))
        .hasMessage("malformed JSON at byte 12");
    ByteBuffer cut = ByteBuffer.wrap(HexFormat.of().parseHex("08c8"));
    assertThatThrownBy(() -> AnswerDecoder.decode(0x80, within(cut)))
        .hasMessage("malformed protobuf at byte 2");
  }
}
