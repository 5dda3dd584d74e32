package dev.rr.plugin.tcp;

import dev.rr.json.JsonWriter;
import dev.rr.netty.LingeringClose;
import dev.rr.netty.Stall;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A client. Its life is a row of events, one at a time: nothing is told to workers before they have
 * answered what was told last and the client has taken what they said. Meanwhile no more is read
 * than one read brings. On its loop, but for what a method says.
 */
final class TcpConnection extends ChannelInboundHandlerAdapter {
  /** Goes through a connection's pipeline to have it end. */
  static final Object DRAIN = new Object();

  /** How long a packet may be shorter than what it has to end with. */
  private static final Duration TOO_SMALL = Duration.ofSeconds(1);

  /** How long a connection that has ended may need to say good-bye. */
  private static final Duration LAST = Duration.ofSeconds(5);

  /** How long a client may do nothing about many bytes that it holds, while memory is short. */
  private static final Duration LITTLE_PATIENCE = Duration.ofSeconds(2);

  /** Bytes of a packet that are many. */
  private static final int MANY = 64 * 1024;

  private static final byte[] NOTHING = {};

  private final Channel channel;
  private final TcpServer server;
  private final Connections connections;
  private final TcpConfig.Timeouts timeouts;
  private final boolean secure;
  private final PacketBuffer packet;

  private Phase phase = Phase.OPENING;
  private String id = "";
  private String client = "";
  private byte[] dataContext = NOTHING;

  /** What the client has yet to take. */
  private @Nullable EventReply sending;

  /** Whether it takes any of that. */
  private Stall stall = new Stall();

  /** When waiting for the client began. */
  private long since = System.nanoTime();

  /** When the client was last heard. */
  private long heard = since;

  /** Whether the client has said its last. */
  private boolean inputEnded;

  /** Whether there is no connection any more, or is not to be. */
  private boolean gone;

  /** What is waited for. */
  private enum Phase {
    /** The handshake of TLS. */
    OPENING,
    /** A worker's answer to an event. */
    TELLING,
    /** The client, to take an answer. */
    SENDING,
    /** The client, to send a packet. */
    READING,
    /** Nothing. */
    ENDED
  }

  TcpConnection(Channel channel, TcpServer server, Connections connections, boolean secure) {
    this.channel = channel;
    this.server = server;
    this.connections = connections;
    this.timeouts = connections.config().timeouts();
    this.secure = secure;
    this.packet = new PacketBuffer(connections.budget(), connections.config().packetBytes());
  }

  /** Any thread. */
  boolean isOn(EventLoop loop) {
    return channel.eventLoop() == loop;
  }

  // It begins.

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (!secure) {
      begin();
    }
  }

  private void begin() {
    if (connections.isDraining()) {
      hangUp();
      return;
    }
    client = address();
    id = connections.add(this);
    server.connected();
    dataContext = context(Event.DATA);
    tell(context(Event.CONNECTED), NOTHING);
  }

  /** As upstream writes it: a client of a unix socket has no name. */
  private String address() {
    return channel.remoteAddress() instanceof InetSocketAddress remote
        ? NetUtil.toSocketAddressString(remote)
        : "@";
  }

  /** What a worker is told beside the bytes, with upstream's keys in upstream's order. */
  private byte[] context(Event event) {
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("remote_addr", client);
    context.put("server", server.name());
    context.put("uuid", id);
    context.put("event", event.name());
    return JsonWriter.write(context);
  }

  // What the client sends.

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (!gone && in.isReadable()) {
        read(in);
      }
    } finally {
      in.release();
    }
  }

  private void read(ByteBuf in) {
    heard = System.nanoTime();
    if (packet.isEmpty()) {
      since = heard;
    }
    if (!packet.mayHave(in.readableBytes())) {
      refuse(
          "a packet is longer than tcp.max_packet_size: "
              + connections.config().maxPacketSize()
              + " MB");
    } else if (!packet.append(in)) {
      refuse("there is no memory for a packet");
    } else if (phase != Phase.READING) {
      channel.config().setAutoRead(false);
    } else if (packet.endsWith(server.delimiter())) {
      deliver();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    switch (event) {
      case SslHandshakeCompletionEvent handshake -> handshake(handshake);
      case ChannelInputShutdownEvent _ -> inputEnds();
      case SslCloseCompletionEvent end when end.isSuccess() -> inputEnds();
      default -> {
        if (event == DRAIN && (phase == Phase.READING || phase == Phase.OPENING)) {
          hangUp();
        }
      }
    }
  }

  private void handshake(SslHandshakeCompletionEvent handshake) {
    if (handshake.isSuccess()) {
      begin();
    } else {
      connections
          .log()
          .debug("TLS handshake failed", "error", String.valueOf(handshake.cause().getMessage()));
      hangUp();
    }
  }

  private void inputEnds() {
    inputEnded = true;
    if (gone) {
      channel.close();
    } else if (phase == Phase.READING) {
      atEnd();
    }
  }

  /** The client sends nothing more, so what it has sent is its last packet. */
  private void atEnd() {
    if (packet.isEmpty()) {
      hangUp();
    } else if (isTooSmall()) {
      refuseTooSmall();
    } else {
      deliver();
    }
  }

  private boolean isTooSmall() {
    return packet.size() < server.delimiter().length;
  }

  private void refuseTooSmall() {
    refuse("too small payload was received from the connection. less than delimiter");
  }

  private void refuse(String why) {
    connections.refused(why, server, client);
    hangUp();
  }

  // What workers are told and say.

  private void deliver() {
    server.packet();
    tell(dataContext, packet.take());
  }

  private void tell(byte[] context, byte[] body) {
    phase = Phase.TELLING;
    connections.tell(context, body, new EventReply(this, connections.budget(), body.length));
  }

  /** A worker has answered. Any thread. */
  void answered(EventReply reply) {
    execute(() -> act(reply));
  }

  /** No worker has answered, and the connection ends without another event. Any thread. */
  void failed(String error) {
    execute(() -> {
      connections.failed(error, server, client);
      phase = Phase.ENDED;
      hangUp();
    });
  }

  private void execute(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException e) {
      // The server has stopped, and closed this connection.
    }
  }

  private void act(EventReply reply) {
    phase = Phase.READING;
    if (gone) {
      reply.taken();
      end();
      return;
    }
    switch (reply.action()) {
      case CONTINUE -> next();
      case WRITE, WRITECLOSE -> send(reply);
      case CLOSE -> hangUp();
    }
  }

  private void next() {
    since = System.nanoTime();
    if (connections.isDraining()) {
      hangUp();
    } else if (packet.endsWith(server.delimiter())) {
      deliver();
    } else if (inputEnded) {
      atEnd();
    } else {
      channel.config().setAutoRead(true);
    }
  }

  // What the client gets.

  private void send(EventReply reply) {
    if (!reply.hasMore()) {
      sent(reply);
      return;
    }
    phase = Phase.SENDING;
    sending = reply;
    stall = new Stall();
    pump(reply);
  }

  /** Writes as much as the socket has room for: what is written is copied out of the heap. */
  private void pump(EventReply reply) {
    while (reply.hasMore() && channel.isWritable()) {
      var written = channel.write(Unpooled.wrappedBuffer(reply.next()));
      if (!reply.hasMore()) {
        written.addListener(done -> written(reply, done));
      }
    }
    channel.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (sending != null) {
      pump(sending);
    }
  }

  private void written(EventReply reply, Future<?> done) {
    if (phase != Phase.SENDING) {
      return;
    }
    if (done.isSuccess()) {
      sent(reply);
    } else {
      connections.log().debug("write response error", "error", "" + done.cause().getMessage());
      hangUp();
    }
  }

  private void sent(EventReply reply) {
    phase = Phase.READING;
    sending = null;
    reply.taken();
    if (reply.action() == EventReply.Action.WRITECLOSE) {
      hangUp();
    } else {
      next();
    }
  }

  // Who is late.

  /** Looks whether the client has taken too long for anything. */
  void look(long now) {
    switch (phase) {
      case SENDING -> {
        long rest = sending == null ? 0 : sending.rest();
        if (stall.lasts(channel, rest, now, patience())) {
          late("the client takes nothing of an answer");
        }
      }
      case READING -> lookAtPacket(now);
      case ENDED -> {
        if (isOver(LAST, now)) {
          cut();
        }
      }
      default -> {}
    }
  }

  private void lookAtPacket(long now) {
    if (packet.isEmpty()) {
      if (isOver(timeouts.idle(), now)) {
        late("the client is idle");
      }
    } else if (isTooSmall() && isOver(TOO_SMALL, now)) {
      refuseTooSmall();
    } else if (isOver(timeouts.read(), now)) {
      late("the client does not end its packet");
    } else if (packet.size() > MANY
        && connections.budget().tight()
        && now - heard > LITTLE_PATIENCE.toNanos()) {
      late("the client does not go on with its packet while memory is short");
    }
  }

  private Duration patience() {
    Duration usual = timeouts.write();
    return connections.budget().tight() && usual.compareTo(LITTLE_PATIENCE) > 0
        ? LITTLE_PATIENCE
        : usual;
  }

  private boolean isOver(Duration limit, long now) {
    return now - since > limit.toNanos();
  }

  private void late(String why) {
    connections.log().debug("connection closed", "reason", why, "remote_addr", client);
    hangUp();
  }

  // It ends.

  /** Closes it. Any thread. */
  void close() {
    execute(() -> {
      if (!gone) {
        hangUp();
      }
    });
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    hangUp();
    if (!id.isEmpty()) {
      connections.remove(id);
      server.gone();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    connections
        .log()
        .debug("read error, connection closed", "error", String.valueOf(cause.getMessage()));
    hangUp();
  }

  /** What a worker is busy with is waited for, so that the last event is the last. */
  private void hangUp() {
    boolean owes = phase == Phase.SENDING;
    gone = true;
    since = System.nanoTime();
    packet.clear();
    if (phase != Phase.TELLING) {
      end();
    }
    if (owes) {
      // The client takes nothing, and would not take an end either.
      cut();
    } else {
      channel.close();
    }
  }

  private void end() {
    if (phase != Phase.ENDED && phase != Phase.OPENING) {
      connections.tellClosed(context(Event.CLOSE));
    }
    phase = Phase.ENDED;
    if (sending != null) {
      sending.taken();
      sending = null;
    }
  }

  private void cut() {
    if (channel.pipeline().get(LingeringClose.class) != null) {
      channel.pipeline().remove(LingeringClose.class);
    }
    channel.close();
  }
}
