package dev.rr.api.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WholeReplyTest {
  private final WholeReply reply = new WholeReply(20);

  private static ByteBuffer bytes(String text) {
    return UTF_8.encode(text);
  }

  private CompletableFuture<WholeReply.Answer> answer() {
    return reply.answer().toCompletableFuture();
  }

  @Test
  void anAnswerIsThereOnceItsLastByteIs() {
    assertThat(reply.frame(Payload.JSON, bytes("{}"), bytes("ab"), 3, true)).isTrue();
    assertThat(answer()).isNotDone();
    assertThat(reply.body(bytes("cde"), 0)).isTrue();

    assertThat(answer())
        .isCompletedWithValueMatching(a ->
            a.codec() == Payload.JSON
                && new String(a.context(), UTF_8).equals("{}")
                && new String(a.body(), UTF_8).equals("abcde"));
  }

  @Test
  void aStreamsFramesAreOneBody() {
    reply.frame(Payload.RAW, bytes("first"), bytes("ab"), 0, false);
    reply.frame(0, bytes("more"), bytes("cd"), 0, false);
    reply.frame(0, bytes(""), bytes(""), 0, true);

    assertThat(answer())
        .isCompletedWithValueMatching(a ->
            a.codec() == Payload.RAW
                && new String(a.context(), UTF_8).equals("first")
                && new String(a.body(), UTF_8).equals("abcd"));
  }

  @Test
  void whatWouldBeTooLongIsRefusedBeforeItIsKept() {
    assertThat(reply.frame(Payload.RAW, bytes("1234567890"), bytes("1"), 10, true)).isFalse();

    assertThat(answer())
        .failsWithin(java.time.Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(IOException.class)
        .withMessage("the worker's answer is longer than 20 bytes");
  }

  @Test
  void aFailureIsTheAnswer() {
    ExecException error = new ExecException(ExecException.Kind.EXEC_TTL, "too slow");
    reply.failed(error);

    assertThat(answer()).failsWithin(java.time.Duration.ZERO).withThrowableThat().withCause(error);
  }
}
