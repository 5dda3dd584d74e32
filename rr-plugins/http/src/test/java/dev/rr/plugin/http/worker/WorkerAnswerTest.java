package dev.rr.plugin.http.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class WorkerAnswerTest {
  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsTheProtobufVector() {
    WorkerAnswer.Builder builder = new WorkerAnswer.Builder();
    byte[] bytes = HexFormat.of().parseHex("08c80112080a014112030a0162");
    ProtoReader.response(bytes, builder);
    WorkerAnswer answer = WorkerAnswer.decode(0x80, ByteBuffer.wrap(bytes));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers().all("A")).containsExactly("b");
  }

  @Test
  void readsJsonAnswersOfEveryShape() {
    WorkerAnswer answer =
        WorkerAnswer.decode(
            0,
            bytes(
                " {\"headers\" : {\"x-a\":[\"1\",\"\\u20ac\\n\"], \"N\":[7], \"S\":\"s\","
                    + " \"E\":[]},\"more\":{\"a\":[1,{\"b\":null}]},\"status\": 201 } "));
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.headers().all("X-A")).containsExactly("1", "\u00e2\u0082\u00ac\n");
    assertThat(answer.headers().get("N")).isEqualTo("7");
    assertThat(answer.headers().get("S")).isEqualTo("s");
    assertThat(WorkerAnswer.decode(8, bytes("{\"status\":200,\"headers\":[]}")).headers().size())
        .isZero();
  }
}
