package dev.rr.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.worker.RecordingLog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request is one letter. */
final class RequestReplyTest {
  private static final RequestReply.Limits LIMITS =
      new RequestReply.Limits(Duration.ofSeconds(10), Duration.ofSeconds(3));

  private final RecordingLog log = new RecordingLog();
  private final List<String> asked = new ArrayList<>();
  private final List<CompletableFuture<ByteBuf>> answers = new ArrayList<>();
  private final List<ChannelPromise> untaken = new ArrayList<>();
  private boolean takes = true;
  private final EmbeddedChannel channel = connect();

  private EmbeddedChannel connect() {
    EmbeddedChannel made =
        new EmbeddedChannel(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel begun) {
                begun.pipeline().addLast(new Client());
                new RequestReply(LIMITS, RequestReplyTest.this::answer, log)
                    .begin(begun, new FixedLengthFrameDecoder(1));
              }
            });
    made.freezeTime();
    return made;
  }

  @AfterEach
  void releaseAll() {
    channel.finishAndReleaseAll();
  }

  /** Takes answers at once, or never. */
  private final class Client extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      if (takes) {
        context.write(message, promise);
      } else {
        ((ByteBuf) message).release();
        untaken.add(promise);
      }
    }
  }

  private CompletionStage<ByteBuf> answer(ByteBuf request) {
    asked.add(request.toString(US_ASCII));
    answers.add(new CompletableFuture<>());
    return answers.getLast();
  }

  private void send(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, US_ASCII));
  }

  private void reply(String text) {
    answers.getLast().complete(Unpooled.copiedBuffer(text, US_ASCII));
    channel.runPendingTasks();
  }

  private void pass(Duration time) {
    channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void asksForOneRequestAtATime() {
    send("abc");
    assertThat(asked).containsExactly("a");
    reply("A");
    assertThat(asked).containsExactly("a", "b");
    reply("B");
    reply("C");
    assertThat(asked).containsExactly("a", "b", "c");
    for (String text : List.of("A", "B", "C")) {
      ByteBuf sent = channel.readOutbound();
      assertThat(sent.toString(US_ASCII)).isEqualTo(text);
      sent.release();
    }
    assertThat(channel.config().isAutoRead()).isFalse();
  }

  @Test
  void readsNothingMoreBeforeTheAnswerIsTaken() {
    takes = false;
    send("ab");
    reply("A");
    assertThat(asked).containsExactly("a");
    untaken.removeFirst().setSuccess();
    channel.runPendingTasks();
    assertThat(asked).containsExactly("a", "b");
  }

  @Test
  void closesWhenNoRequestComesInTimeButWaitsForItsOwnAnswer() {
    pass(Duration.ofSeconds(9));
    send("a");
    pass(Duration.ofSeconds(60));
    assertThat(channel.isOpen()).isTrue();
    reply("A");
    pass(Duration.ofSeconds(9));
    assertThat(channel.isOpen()).isTrue();
    pass(Duration.ofSeconds(2));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void closesWhenTheAnswerIsNotTakenInTime() {
    takes = false;
    send("a");
    reply("A");
    pass(Duration.ofSeconds(2));
    assertThat(channel.isOpen()).isTrue();
    pass(Duration.ofSeconds(2));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void closesWhenThereIsNoAnswer() {
    send("a");
    answers.getLast().completeExceptionally(new IllegalStateException("broken"));
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    assertThat(log.records()).anyMatch(record -> record.contains("broken"));
  }
}
