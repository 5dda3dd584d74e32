package dev.rr.plugin.websockets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.http.MemoryBudget;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageTest {
  private static String text(ByteBuffer bytes) {
    return UTF_8.decode(bytes).toString();
  }

  private static Message message(String payload) {
    return Message.published("foo", payload.getBytes(UTF_8), 7);
  }

  @Test
  void thePayloadIsTextAlsoWhenItIsJson() {
    assertThat(text(message("{\"a\":1}").event("e")))
        .isEqualTo("id: e-7\ndata: {\"topic\":\"foo\",\"payload\":\"{\\\"a\\\":1}\"}\n\n");
  }

  @Test
  void whatIsNoTextIsReplacedAndLineEndsAreEscaped() {
    Message message = Message.published("foo", new byte[] {'a', (byte) 0xff, '\n', '<'}, 0);
    assertThat(text(message.event("e")))
        .isEqualTo("data: {\"topic\":\"foo\",\"payload\":\"a\ufffd\\n\\u003c\"}\n\n");
  }

  @Test
  void anAnswerHasItsTopicsAsTheyCame() {
    assertThat(text(Message.reply("@join", List.of("b", "a")).event("e")))
        .isEqualTo("data: {\"topic\":\"@join\",\"payload\":[\"b\",\"a\"]}\n\n");
    assertThat(text(Message.reply("@join", null).event("e"))).contains("\"payload\":null");
  }

  @Test
  void bytesAreTheSameForAllClients() {
    Message message = message("x".repeat(1000));
    assertThat(message.frame().array()).isSameAs(message.frame().array());
    try (Deflation deflation = new Deflation()) {
      assertThat(message.frame(deflation).array()).isSameAs(message.frame(deflation).array());
      assertThat(message.frame(deflation).remaining()).isLessThan(message.frame().remaining());
      assertThat(message("short").frame(deflation)).isEqualTo(message("short").frame());
    }
  }

  @Test
  void itIsCountedOnceHoweverManyItWaitsFor() {
    MemoryBudget waiting = new MemoryBudget(1 << 20);
    Message message = message("payload");
    Runnable one = message.waits(waiting);
    Runnable two = message.waits(waiting);
    assertThat(waiting.taken()).isEqualTo(message.size());
    one.run();
    assertThat(waiting.taken()).isEqualTo(message.size());
    two.run();
    assertThat(waiting.taken()).isZero();
    message.waits(waiting).run();
    assertThat(waiting.taken()).isZero();
  }
}
