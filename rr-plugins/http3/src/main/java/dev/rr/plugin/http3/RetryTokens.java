package dev.rr.plugin.http3;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The tokens of Retry packets (RFC 9000, section 8.1.2): a client that sends one back is where it
 * says it is. A token names its time and carries the first connection id; a signature binds both to
 * the client's address. On the loop only.
 */
final class RetryTokens implements QuicTokenHandler {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int TIME = Long.BYTES;
  private static final int SIGNATURE = 16;
  private static final int HEAD = TIME + SIGNATURE;

  /** RFC 9000, section 17.2. */
  private static final int MAX_CONNECTION_ID = 20;

  /** A client answers at once. */
  private static final Duration VALID = Duration.ofSeconds(10);

  private final BooleanSupplier wanted;
  private final LongSupplier clock;
  private final Mac mac;

  /**
   * A handler with a key of its own.
   *
   * @param wanted whether clients without a token have to come back with one
   * @param clock nanoseconds
   */
  RetryTokens(BooleanSupplier wanted, LongSupplier clock) {
    this.wanted = wanted;
    this.clock = clock;
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  @Override
  public boolean writeToken(ByteBuf out, ByteBuf connectionId, InetSocketAddress client) {
    if (!wanted.getAsBoolean()) {
      return false;
    }
    byte[] id = bytes(connectionId, connectionId.readerIndex(), connectionId.readableBytes());
    long now = clock.getAsLong();
    out.writeLong(now).writeBytes(sign(now, id, client)).writeBytes(id);
    return true;
  }

  @Override
  public int validateToken(ByteBuf token, InetSocketAddress client) {
    int at = token.readerIndex();
    int idLength = token.readableBytes() - HEAD;
    if (idLength <= 0 || idLength > MAX_CONNECTION_ID) {
      return -1;
    }
    long time = token.getLong(at);
    byte[] signature = bytes(token, at + TIME, SIGNATURE);
    byte[] id = bytes(token, at + HEAD, idLength);
    boolean valid =
        MessageDigest.isEqual(signature, sign(time, id, client))
            && clock.getAsLong() - time < VALID.toNanos();
    return valid ? HEAD : -1;
  }

  private byte[] sign(long time, byte[] id, InetSocketAddress client) {
    mac.update(
        ByteBuffer.allocate(TIME + Integer.BYTES).putLong(time).putInt(client.getPort()).flip());
    mac.update(client.getAddress().getAddress());
    return Arrays.copyOf(mac.doFinal(id), SIGNATURE);
  }

  private static byte[] bytes(ByteBuf from, int at, int length) {
    byte[] out = new byte[length];
    from.getBytes(at, out);
    return out;
  }

  @Override
  public int maxTokenLength() {
    return HEAD + MAX_CONNECTION_ID;
  }
}
