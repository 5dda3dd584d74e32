package dev.rr.operator;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.log.Log;
import dev.rr.http.Exchange;
import dev.rr.http.HeaderNames;
import dev.rr.http.SentFields;
import dev.rr.operator.Outbound.Outcome;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSinkChannel;

/** A request of a plain listener, and its answer through Undertow. On its IO thread. */
final class OperatorExchange extends Exchange {
  private final Log log;
  private final OperatorLoop timers;
  private final HttpServerExchange carrier;
  private final byte[] body;
  private final Duration writeTimeout;
  private final Outbound out = new Outbound();
  private @Nullable StreamSinkChannel channel;
  private boolean bodyGiven;
  private boolean bodyEnded;
  private boolean ended;
  private boolean sending;
  private boolean closed;
  private long sentBefore;
  private XnioExecutor.@Nullable Key stall;

  /** Closes a client that takes nothing for {@code writeTimeout}. */
  OperatorExchange(
      OperatorLoop loop,
      HttpServerExchange carrier,
      OperatorRequest request,
      Duration writeTimeout) {
    super(loop, request.head().request(), carrier.getSourceAddress());
    this.log = loop.log();
    this.timers = loop;
    this.carrier = carrier;
    this.body = request.body();
    this.writeTimeout = writeTimeout;
  }

  @Override
  public long length() {
    return body.length;
  }

  @Override
  protected void bodyWanted() {
    if (!bodyGiven && takesBody()) {
      bodyGiven = true;
      if (body.length > 0) {
        bodyChunk(ByteBuffer.wrap(body));
      }
    }
    if (!bodyEnded && takesBody()) {
      bodyEnded = true;
      bodyEnd(HttpHeaders.EMPTY);
    }
  }

  @Override
  protected void sendInterim(int code, HttpHeaders fields) {
    // Nothing asks for one here.
  }

  @Override
  protected void sendHead(
      int code, HttpHeaders fields, long length, @Nullable ByteBuffer first, boolean end) {
    carrier.setStatusCode(code);
    fields.forEach((name, value) ->
        carrier.getResponseHeaders().add(new HttpString(name), SentFields.clean(value)));
    if (length >= 0 && !fields.contains(HeaderNames.TRANSFER_ENCODING)) {
      carrier.setResponseContentLength(length);
    }
    StreamSinkChannel opened = carrier.getResponseChannel();
    opened.getWriteSetter().set(ready -> send());
    channel = opened;
    if (first != null) {
      out.add(first);
    }
    ended = end;
  }

  @Override
  protected void sendBody(ByteBuffer bytes) {
    out.add(bytes);
    if (out.isFull()) {
      send();
    }
  }

  @Override
  protected boolean sendRegion(FileChannel file, long offset, long length, Runnable after) {
    if (closed) {
      after.run();
    } else {
      out.add(file, offset, length, after);
      send();
    }
    return true;
  }

  @Override
  protected void sendEnd(HttpHeaders trailers) {
    ended = true;
  }

  @Override
  protected void push() {
    send();
  }

  @Override
  protected void answered() {
    send();
  }

  @Override
  protected boolean transportWritable() {
    return !closed && !out.isFull();
  }

  /** Sends what there is; called again when the client takes more. */
  private void send() {
    StreamSinkChannel to = channel;
    if (to == null || sending || closed) {
      return;
    }
    boolean waited = out.isFull();
    sending = true;
    Outcome outcome;
    try {
      outcome = sendAll(to);
    } catch (IOException e) {
      log.debug("an answer could not be sent", "uri", target(), "error", e);
      cut();
      return;
    } finally {
      sending = false;
    }
    if (closed) {
      return;
    }
    if (outcome == Outcome.SENT) {
      suspend(to);
      if (ended) {
        channel = null;
        carrier.endExchange();
      } else if (waited) {
        becameWritable();
      }
    } else {
      watch();
      to.resumeWrites();
    }
  }

  private Outcome sendAll(StreamSinkChannel to) throws IOException {
    Outcome outcome = out.send(to);
    if (outcome != Outcome.SENT) {
      return outcome;
    }
    if (ended) {
      to.shutdownWrites();
    }
    return to.flush() ? Outcome.SENT : Outcome.BLOCKED;
  }

  private void suspend(StreamSinkChannel to) {
    if (stall != null) {
      stall.remove();
      stall = null;
      to.suspendWrites();
    }
  }

  /** A client that takes nothing for too long is cut off. */
  private void watch() {
    if (stall == null) {
      sentBefore = out.sent();
      stall = timers.after(writeTimeout, this::checkStall);
    }
  }

  private void checkStall() {
    stall = null;
    if (closed || channel == null) {
      return;
    }
    if (out.sent() == sentBefore) {
      log.debug("a client that takes nothing of its answer is cut off", "uri", target());
      cut();
    } else {
      watch();
    }
  }

  @Override
  protected void cut() {
    IoUtils.safeClose(carrier.getConnection());
    closedByClient();
  }

  /** Nobody is there any more to take an answer. */
  void closedByClient() {
    if (closed) {
      return;
    }
    closed = true;
    if (stall != null) {
      stall.remove();
      stall = null;
    }
    abandon();
    out.drop();
    carrier.endExchange();
  }
}
