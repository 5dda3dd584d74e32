package dev.rr.plugin.http.fastcgi;

import dev.rr.api.http.HttpFault;
import dev.rr.http.Faults;
import dev.rr.http.HeaderNames;
import dev.rr.plugin.http.connection.Endpoint;
import dev.rr.plugin.http.connection.HeadWriter;
import dev.rr.plugin.http.connection.Loop;
import dev.rr.plugin.http.connection.RawConnection;
import dev.rr.plugin.http.connection.TimeLimits;
import dev.rr.plugin.http.text.ByteWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection from a web server that speaks FastCGI; many requests may share it at once. On its
 * loop only.
 *
 * <p>A request begins with BEGIN_REQUEST, tells its head in PARAMS and its body in STDIN, each
 * stream ended by an empty record (specification 1.0, section 3.3). Records of different requests
 * may come in any order, so each has a {@link Slot}; answers go out as they come. Unlike HTTP/2
 * there are no windows: when one reader is behind, the connection is not read from, and all wait.
 */
public final class FcgiConnection extends RawConnection {
  /** Bytes of bodies that wait for their readers; past it the web server is no longer read from. */
  private static final int MAX_HELD = 256 * 1024;

  private final HeadWriter out;
  private final FcgiRecords.Decoder decoder = new FcgiRecords.Decoder();
  private final Map<Integer, Slot> slots = new HashMap<>();

  /** Bytes of parameters whose requests have not begun; bounded for all of them together. */
  private long headBytes;

  /** Bytes of bodies that wait for their readers. */
  private long held;

  /** Whether no further request is taken: the server stops, or the web server asked for it. */
  private boolean draining;

  /** Whether the connection is closing: what comes is dropped. */
  private boolean lingering;

  /** Whether no request has begun yet. */
  private boolean first = true;

  /** Since when there is no request. */
  private long since = System.nanoTime();

  /** A request from its first record to its end. */
  private static final class Slot {
    private final int id;

    /** Whether the connection goes on after it. */
    private final boolean keep;

    /** When it began, later when its head was complete. */
    private long since = System.nanoTime();

    /** Its head as far as it is there; null once it is whole, or refused. */
    private @Nullable ByteWriter params = new ByteWriter(1024);

    private @Nullable FcgiExchange exchange;

    Slot(int id, boolean keep) {
      this.id = id;
      this.keep = keep;
    }
  }

  /** A connection on {@code loop}, which answers through the handler of {@code endpoint}. */
  public FcgiConnection(Loop loop, Endpoint endpoint) {
    super(loop, endpoint);
    this.out = new HeadWriter(loop);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    super.handlerAdded(context);
    loop.add(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    loop.remove(this);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    loop.remove(this);
    count();
    lingering = true;
    for (Slot slot : List.copyOf(slots.values())) {
      slots.remove(slot.id);
      abandon(slot, new HttpFault(400, "unexpected EOF"));
    }
  }

  private static void abandon(Slot slot, HttpFault why) {
    FcgiExchange running = slot.exchange;
    if (running != null) {
      running.gone(why);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      if (!lingering) {
        decoder.read(bytes, this::record);
        context.flush();
        readOrWait();
      }
    } catch (ProtocolException e) {
      loop.log().warn("FastCGI connection closed", "reason", e.getMessage());
      context.close();
    } finally {
      bytes.release();
    }
  }

  /** A record is whole; those of requests that are over or refused are dropped (section 3.2). */
  private void record(int type, int id, byte[] content) throws ProtocolException {
    if (lingering) {
      return;
    }
    Slot slot = slots.get(id);
    switch (type) {
      case FcgiRecords.BEGIN_REQUEST -> begin(id, content);
      case FcgiRecords.PARAMS -> params(slot, content);
      case FcgiRecords.STDIN -> {
        if (slot != null && slot.exchange != null) {
          slot.exchange.stdin(content);
        }
      }
      case FcgiRecords.ABORT_REQUEST -> abort(slot);
      case FcgiRecords.GET_VALUES -> values(content);
      case FcgiRecords.DATA -> {
        // Filters get it, responders do not.
      }
      default -> send(FcgiRecords.unknown(buffer(16), type));
    }
  }

  private ByteBuf buffer(int size) {
    return context().alloc().directBuffer(size);
  }

  private void send(ByteBuf bytes) {
    context().write(bytes, context().voidPromise());
  }

  /** Answers what the web server asks about this one (section 4.1); unknown names are left out. */
  private void values(byte[] content) throws ProtocolException {
    ByteBuf pairs = Unpooled.buffer();
    if (FcgiRecords.pairs(content).containsKey("FCGI_MPXS_CONNS")) {
      FcgiRecords.pair(pairs, "FCGI_MPXS_CONNS", "1");
    }
    ByteBuf answer = buffer(FcgiRecords.HEADER + pairs.readableBytes());
    FcgiRecords.header(answer, FcgiRecords.GET_VALUES_RESULT, 0, pairs.readableBytes());
    send(answer.writeBytes(pairs));
  }

  private void begin(int id, byte[] content) throws ProtocolException {
    if (content.length < 3 || id == 0) {
      throw new ProtocolException("a malformed FastCGI request");
    }
    if (slots.containsKey(id)) {
      throw new ProtocolException("FastCGI request " + id + " began twice");
    }
    since = System.nanoTime();
    first = false;
    int role = (content[0] & 0xff) << 8 | content[1] & 0xff;
    boolean keep = (content[2] & FcgiRecords.KEEP_CONNECTION) != 0;
    boolean overloaded = draining || slots.size() >= endpoint.maxStreams();
    if (role == FcgiRecords.RESPONDER && !overloaded) {
      slots.put(id, new Slot(id, keep));
      return;
    }
    // Refused at once, with a reason the web server knows (section 5.5).
    int why = overloaded ? FcgiRecords.OVERLOADED : FcgiRecords.UNKNOWN_ROLE;
    send(FcgiRecords.end(buffer(16), id, 0, why));
    draining |= !keep;
    closeIfUnused(true);
  }

  private void params(@Nullable Slot slot, byte[] content) throws ProtocolException {
    if (slot == null || slot.params == null) {
      return;
    }
    if (content.length == 0) {
      ByteWriter whole = slot.params;
      slot.params = null;
      headBytes -= whole.size();
      dispatch(slot, whole);
    } else if (headBytes + content.length > HeaderNames.MAX_SIZE) {
      headBytes -= slot.params.size();
      slot.params = null;
      refuse(slot, new HttpFault(431, "Request Header Fields Too Large"));
    } else {
      headBytes += content.length;
      slot.params.put(content);
    }
  }

  private void dispatch(Slot slot, ByteWriter params) throws ProtocolException {
    FcgiExchange made;
    try {
      made =
          new FcgiExchange(this, slot.id, FcgiHead.parse(params.array(), params.size()), loop, out);
    } catch (HttpFault fault) {
      if (fault.status() == 500) {
        // The web server's configuration is at fault: its error log is where somebody looks.
        tell(slot.id, "" + fault.getMessage());
      }
      refuse(slot, fault);
      return;
    }
    slot.exchange = made;
    slot.since = System.nanoTime();
    made.answerBy(endpoint.chain());
  }

  /** Writes into the web server's error log. */
  private void tell(int id, String text) {
    byte[] line = text.getBytes(StandardCharsets.UTF_8);
    ByteBuf bytes = buffer(2 * FcgiRecords.HEADER + line.length);
    FcgiRecords.header(bytes, FcgiRecords.STDERR, id, line.length).writeBytes(line);
    send(FcgiRecords.header(bytes, FcgiRecords.STDERR, id, 0));
  }

  private void refuse(Slot slot, HttpFault fault) {
    FcgiExchange running = slot.exchange;
    if (running == null) {
      running = new FcgiExchange(this, slot.id, FcgiHead.NONE, loop, out);
      slot.exchange = running;
    }
    loop.log().debug("request refused", "status", fault.status(), "reason", fault.getMessage());
    Faults.answer(running, fault);
  }

  private void abort(@Nullable Slot slot) {
    if (slot == null) {
      return;
    }
    if (slot.params != null) {
      headBytes -= slot.params.size();
    }
    abandon(slot, new HttpFault(400, "aborted by the web server"));
    if (slots.remove(slot.id) != null) {
      send(FcgiRecords.end(buffer(16), slot.id, 0, FcgiRecords.REQUEST_COMPLETE));
      over(slot);
    }
  }

  // What exchanges tell.

  /** Bytes of bodies more or fewer wait. */
  void held(int more) {
    held += more;
    readOrWait();
  }

  /** A web server that does not read its answers is no longer read from. */
  private void readOrWait() {
    Channel channel = context().channel();
    boolean reads = lingering || held <= MAX_HELD && channel.isWritable();
    if (channel.config().isAutoRead() != reads) {
      channel.config().setAutoRead(reads);
    }
  }

  /** The answer is complete. */
  void ended(FcgiExchange exchange) {
    Slot slot = slots.get(exchange.id());
    if (slot != null && slot.exchange == exchange) {
      slots.remove(slot.id);
      over(slot);
    }
  }

  /** The answer cannot be completed; the web server has to notice, the others must not. */
  void cut(FcgiExchange exchange) {
    Slot slot = slots.remove(exchange.id());
    if (slot == null || slots.isEmpty()) {
      context().close();
      return;
    }
    // FastCGI has no way to say it but an application status that is not 0.
    exchange.writeEnd(buffer(24), 1);
    exchange.push();
    over(slot);
  }

  private void over(Slot slot) {
    since = System.nanoTime();
    FcgiExchange exchange = slot.exchange;
    draining |= !slot.keep;
    closeIfUnused(exchange == null || exchange.requestRead());
  }

  /**
   * Closes once the last request is over.
   *
   * @param clean whether everything the web server sent was read; bytes left would turn the close
   *     into a reset that destroys the answer
   */
  private void closeIfUnused(boolean clean) {
    if (!draining || !slots.isEmpty() || lingering) {
      return;
    }
    lingering = true;
    finish(clean && !decoder.inRecord());
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    count();
    readOrWait();
    if (context.channel().isWritable()) {
      for (Slot slot : List.copyOf(slots.values())) {
        FcgiExchange running = slot.exchange;
        if (running != null) {
          running.becameWritable();
        }
      }
    }
    context.fireChannelWritabilityChanged();
  }

  // Deadlines.

  @Override
  protected void checkRequests(long now) {
    TimeLimits timeouts = endpoint.timeouts();
    if (slots.isEmpty()) {
      Duration limit = first ? timeouts.header() : timeouts.idle();
      if (!unread() && now - since > limit.toNanos()) {
        context().close();
      }
      return;
    }
    for (Slot slot : List.copyOf(slots.values())) {
      checkRequest(slot, now, timeouts);
    }
  }

  private void checkRequest(Slot slot, long now, TimeLimits timeouts) {
    FcgiExchange running = slot.exchange;
    HttpFault late = new HttpFault(408, "Request Timeout");
    if (running == null) {
      if (now - slot.since > timeouts.header().toNanos()) {
        if (slot.params != null) {
          headBytes -= slot.params.size();
          slot.params = null;
        }
        refuse(slot, late);
      }
    } else if (!running.requestRead()
        && running.length() != 0
        && now - slot.since > timeouts.read().toNanos()) {
      running.refuse(late);
    }
  }

  @Override
  protected void drain() {
    draining = true;
    closeIfUnused(true);
  }
}
