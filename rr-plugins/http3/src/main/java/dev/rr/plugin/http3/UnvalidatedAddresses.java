package dev.rr.plugin.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends at most three bytes for each byte to an address of which nobody knows yet whether the
 * client is there, so that nobody is flooded in another's name (RFC 9000, section 8.1). Stands
 * between the socket and QUIC; on the loop only. What is dropped here is lost as packets are, and
 * sent again by QUIC.
 */
final class UnvalidatedAddresses extends ChannelDuplexHandler {
  /** A client fills up its datagrams to this length while it connects (section 14.1). */
  private static final int SMALLEST = 1200;

  private static final int FACTOR = 3;

  private final Map<SocketAddress, Account> accounts = new HashMap<>();
  private @Nullable SocketAddress sender;
  private int length;

  /** Bytes from and to an address, and how many connections begin there. */
  private static final class Account {
    private long received;
    private long sent;
    private int connections;
  }

  /** A connection begins with the datagram that has just come. */
  void begin(@Nullable SocketAddress client) {
    if (client != null) {
      Account account = accounts.computeIfAbsent(client, any -> new Account());
      if (account.connections++ == 0 && client.equals(sender)) {
        account.received = length;
      }
    }
  }

  /** A connection has begun, or is no more. */
  void end(@Nullable SocketAddress client) {
    Account account = client == null ? null : accounts.get(client);
    if (account != null && --account.connections == 0) {
      accounts.remove(client);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    DatagramPacket packet = (DatagramPacket) message;
    ByteBuf content = packet.content();
    if (content.readableBytes() < SMALLEST && begins(content)) {
      ReferenceCountUtil.release(packet);
      return;
    }
    sender = packet.sender();
    length = content.readableBytes();
    Account account = accounts.get(packet.sender());
    if (account != null) {
      account.received += length;
    }
    context.fireChannelRead(packet);
  }

  /** Whether it may begin a connection: an Initial packet, or one of a version nobody knows. */
  private static boolean begins(ByteBuf content) {
    int at = content.readerIndex();
    if (content.readableBytes() < 5) {
      return true;
    }
    int first = content.getUnsignedByte(at);
    boolean isLong = (first & 0x80) != 0;
    boolean isInitial = (first & 0x30) == 0;
    return isLong && (isInitial || content.getInt(at + 1) != 1);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    DatagramPacket packet = (DatagramPacket) message;
    Account account = accounts.get(packet.recipient());
    int bytes = packet.content().readableBytes();
    if (account != null && account.sent + bytes > FACTOR * account.received) {
      ReferenceCountUtil.release(packet);
      promise.trySuccess();
      return;
    }
    if (account != null) {
      account.sent += bytes;
    }
    context.write(packet, promise);
  }
}
