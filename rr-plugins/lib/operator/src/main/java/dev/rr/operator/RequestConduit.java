package dev.rr.operator;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.log.Log;
import dev.rr.http.Http1Head;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Stands between a socket and Undertow, whose parser takes much that {@code http} refuses. It reads
 * each request whole and strictly, keeps it, and lets Undertow see a head of its own in its place:
 * the method in as far as it decides whether an answer has a body, the version, and whether the
 * connection goes on. So no byte of a client is read by two parsers. On the connection's IO thread.
 */
final class RequestConduit extends AbstractStreamSourceConduit<StreamSourceConduit> {
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** What a byte takes: arrays grow by doubling, and a head stays as texts as well. */
  private static final long BYTES_PER_BYTE = 2;

  /** What is thrown away at once of a connection that is over. */
  private static final int DISCARD = 256 * 1024;

  private static final ThreadLocal<ByteBuffer> BUFFER =
      ThreadLocal.withInitial(() -> ByteBuffer.allocate(16 * 1024));

  private final StreamConnection connection;
  private final OperatorLoop loop;
  private final OperatorLimits limits;
  private final RequestReader in;
  private final MemoryBudget budget;

  /** Taken of the budget, for what is here of a request and for the one that is answered. */
  private long taken;

  /** What Undertow has yet to see. */
  private ByteBuffer shown = ByteBuffer.allocate(0);

  private OperatorRequest request = OperatorRequest.refused(new HttpFault(400, ""));

  /** Whether there may be a whole request among the bytes that are here. */
  private boolean mayHaveMore;

  /** Whether no request follows on this connection. */
  private boolean over;

  private boolean ended;
  private boolean watched;
  private @Nullable OperatorExchange exchange;
  private XnioExecutor.@Nullable Key timer;
  private boolean timesRequest;

  RequestConduit(StreamConnection connection, OperatorLimits limits, MemoryBudget budget, Log log) {
    super(connection.getSourceChannel().getConduit());
    this.loop = new OperatorLoop(connection.getIoThread(), log);
    this.connection = connection;
    this.limits = limits;
    this.budget = budget;
    this.in = new RequestReader(limits);
  }

  OperatorLoop loop() {
    return loop;
  }

  /** The request that Undertow has just seen the stand-in of. */
  OperatorRequest request() {
    return request;
  }

  /** An exchange begins; it learns when the connection closes. */
  void begin(HttpServerExchange carrier, OperatorExchange made) {
    exchange = made;
    if (!watched) {
      watched = true;
      carrier.getConnection().addCloseListener(closed -> closed());
    }
  }

  /** Nothing is read any more. Any thread. */
  void readsEnded() {
    loop.execute(() -> keep(0));
  }

  /** Has so many bytes taken of the budget from now on, fewer than before. */
  private void keep(long bytes) {
    budget.give(taken - bytes);
    taken = bytes;
  }

  private void closed() {
    disarm();
    OperatorExchange running = exchange;
    exchange = null;
    if (running != null) {
      running.execute(running::closedByClient);
    }
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    if (!shown.hasRemaining() && !advance()) {
      return ended ? -1 : 0;
    }
    int count = Math.min(shown.remaining(), to.remaining());
    to.put(to.position(), shown, shown.position(), count).position(to.position() + count);
    shown.position(shown.position() + count);
    return count;
  }

  /** Gets the next request; false when it is not all there. */
  private boolean advance() throws IOException {
    if (over) {
      discard();
      return false;
    }
    try {
      while (true) {
        OperatorRequest read = in.next();
        if (read != null) {
          show(read);
          return true;
        }
        if (in.takeExpectation()) {
          connection.getSinkChannel().write(ByteBuffer.wrap(CONTINUE));
        }
        ByteBuffer bytes = BUFFER.get().clear();
        int count = next.read(bytes);
        if (count <= 0) {
          mayHaveMore = false;
          ended = count < 0;
          arm();
          return false;
        }
        take(count);
        in.add(bytes.flip());
      }
    } catch (HttpFault fault) {
      show(OperatorRequest.refused(fault));
      return true;
    }
  }

  private void take(int count) throws HttpFault {
    long more = (long) count * BYTES_PER_BYTE;
    if (!budget.take(more)) {
      throw new HttpFault(503, "too many requests are under way, try again");
    }
    taken += more;
  }

  private void show(OperatorRequest read) {
    disarm();
    request = read;
    over = !read.goesOn();
    mayHaveMore = !over;
    Http1Head head = read.head();
    String standIn =
        (head.request().method().equals("HEAD") ? "HEAD" : "GET")
            + (head.http11() ? " / HTTP/1.1" : " / HTTP/1.0")
            + (over ? "\r\nConnection: close" : "\r\nConnection: keep-alive")
            + "\r\nHost: h\r\n\r\n";
    shown = ByteBuffer.wrap(standIn.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * What a client goes on sending is read for a while: closing a socket with unread bytes would
   * take the answer away from it.
   */
  private void discard() throws IOException {
    for (int total = 0; total < DISCARD; ) {
      int count = next.read(BUFFER.get().clear());
      if (count <= 0) {
        ended = count < 0;
        return;
      }
      total += count;
    }
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      if (to[i].hasRemaining()) {
        return read(to[i]);
      }
    }
    return 0;
  }

  @Override
  public long transferTo(long position, long count, FileChannel target) {
    throw new UnsupportedOperationException("bodies are read before Undertow sees a request");
  }

  @Override
  public long transferTo(long count, ByteBuffer through, StreamSinkChannel target) {
    throw new UnsupportedOperationException("bodies are read before Undertow sees a request");
  }

  @Override
  public void resumeReads() {
    if (!shown.hasRemaining() && !over) {
      // The request before is answered.
      keep(Math.min(taken, in.held() * BYTES_PER_BYTE));
    }
    if (shown.hasRemaining() || mayHaveMore && !in.isIdle()) {
      next.wakeupReads();
    } else {
      if (!over) {
        arm();
      }
      next.resumeReads();
    }
  }

  // Deadlines.

  /** Waits for a request, or for the rest of one; both have an end. */
  private void arm() {
    boolean begun = !in.isIdle();
    if (timer != null && timesRequest == begun || ended) {
      return;
    }
    disarm();
    timesRequest = begun;
    Duration time = begun ? limits.read() : limits.idle();
    timer = loop.after(time, this::late);
  }

  private void disarm() {
    if (timer != null) {
      timer.remove();
      timer = null;
    }
  }

  private void late() {
    timer = null;
    if (timesRequest) {
      show(OperatorRequest.refused(new HttpFault(408, "Request Timeout")));
      next.wakeupReads();
    } else {
      IoUtils.safeClose(connection);
    }
  }
}
