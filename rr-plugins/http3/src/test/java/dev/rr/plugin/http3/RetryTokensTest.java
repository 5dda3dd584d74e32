package dev.rr.plugin.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryTokensTest {
  private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 4000);
  private static final byte[] ID = {1, 2, 3, 4, 5, 6, 7, 8};

  private long now = Long.MAX_VALUE - 5;
  private final RetryTokens tokens = new RetryTokens(() -> true, () -> now);

  private ByteBuf token() {
    ByteBuf out = Unpooled.buffer();
    assertThat(tokens.writeToken(out, Unpooled.wrappedBuffer(ID), CLIENT)).isTrue();
    assertThat(out.readableBytes()).isLessThanOrEqualTo(tokens.maxTokenLength());
    return out;
  }

  @Test
  void aTokenIsTakenFromItsClientAndTellsTheFirstConnectionId() {
    ByteBuf token = token();
    int at = tokens.validateToken(token, CLIENT);
    byte[] id = new byte[token.readableBytes() - at];
    token.getBytes(at, id);
    assertThat(id).isEqualTo(ID);
  }

  @Test
  void aTokenOfAnotherAddressOrPortIsRefused() {
    assertThat(tokens.validateToken(token(), new InetSocketAddress("192.0.2.2", 4000)))
        .isEqualTo(-1);
    assertThat(tokens.validateToken(token(), new InetSocketAddress("192.0.2.1", 4001)))
        .isEqualTo(-1);
  }

  @Test
  void aTokenIsOldAfterTenSeconds() {
    ByteBuf token = token();
    now += Duration.ofSeconds(9).toNanos();
    assertThat(tokens.validateToken(token, CLIENT)).isPositive();
    now += Duration.ofSeconds(1).toNanos();
    assertThat(tokens.validateToken(token, CLIENT)).isEqualTo(-1);
  }

  @Test
  void aTokenOfWhichAnyBitIsChangedIsRefusedAndOneThatIsCutToo() {
    for (int i = 0; i < 8 * token().readableBytes(); i++) {
      ByteBuf token = token();
      token.setByte(i / 8, token.getByte(i / 8) ^ 1 << i % 8);
      assertThat(tokens.validateToken(token, CLIENT)).isEqualTo(-1);
    }
    for (int length = 0; length < token().readableBytes(); length++) {
      assertThat(tokens.validateToken(token().slice(0, length), CLIENT)).isEqualTo(-1);
    }
  }

  @Test
  void noTokenIsAskedForInQuietTimes() {
    RetryTokens quiet = new RetryTokens(() -> false, () -> now);
    ByteBuf out = Unpooled.buffer();
    assertThat(quiet.writeToken(out, Unpooled.wrappedBuffer(ID), CLIENT)).isFalse();
    assertThat(out.isReadable()).isFalse();
  }
}
