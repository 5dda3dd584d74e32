package dev.rr.plugin.http.http2;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpUpgrade;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.http.RequestBody;
import dev.rr.api.log.Log;
import dev.rr.plugin.http.connection.Loop;
import dev.rr.plugin.http.connection.UpgradeWire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A stream that has left HTTP (RFC 8441): what was the request's body goes to its receiver, what is
 * written becomes the answer's. On its loop only.
 */
final class Http2Tunnel implements UpgradeWire.Line, RequestBody.Reader {
  private final Http2Exchange exchange;
  private final Loop loop;
  private final HttpUpgrade.Receiver receiver;
  private final UpgradeWire wire;

  /** What the client's window has no room for. */
  private final Queue<Piece> waiting = new ArrayDeque<>(2);

  /** Whether nothing more is to be written. */
  private boolean ended;

  /** Whether the receiver was told the end. */
  private boolean told;

  private @Nullable Throwable cause;

  private record Piece(ByteBuffer bytes, Runnable sent) {}

  Http2Tunnel(
      Http2Exchange exchange, Loop loop, MemoryBudget budget, HttpUpgrade.Receiver receiver) {
    this.exchange = exchange;
    this.loop = loop;
    this.receiver = receiver;
    this.wire = new UpgradeWire(loop, budget, this);
  }

  UpgradeWire wire() {
    return wire;
  }

  /** Begins, unless the client has left before or middleware has answered. */
  void begin(boolean switched) {
    if (!switched) {
      cause = new IOException("the request is over");
      over();
      return;
    }
    exchange.onWritable(this::drainWaiting);
    exchange.onClose(this::over);
    exchange.body().read(this);
  }

  // What arrives.

  @Override
  public void chunk(ByteBuffer bytes) {
    if (ended || told) {
      return;
    }
    try {
      if (!receiver.received(bytes)) {
        exchange.body().pause();
      }
    } catch (RuntimeException e) {
      cut(e);
    }
  }

  @Override
  public void end(HttpHeaders trailers) {
    drain();
  }

  @Override
  public void failed(HttpFault fault) {
    cause = fault;
    tell();
  }

  @Override
  public void resume() {
    exchange.body().resume();
  }

  /** Nothing more is to come; what the receiver writes now is still sent. */
  void drain() {
    tell();
    wire.close();
  }

  private void over() {
    ended = true;
    waiting.forEach(piece -> piece.sent().run());
    waiting.clear();
    tell();
  }

  private void tell() {
    if (told) {
      return;
    }
    told = true;
    try {
      receiver.closed(cause);
    } catch (RuntimeException e) {
      loop.log().log(Log.Level.ERROR, "internal server error", e, "message", e.toString());
    }
  }

  // What is sent.

  @Override
  public void send(ByteBuffer bytes, Runnable sent) {
    if (ended) {
      sent.run();
      return;
    }
    waiting.add(new Piece(bytes, sent));
    drainWaiting();
  }

  private void drainWaiting() {
    boolean wrote = false;
    while (exchange.writable() && !waiting.isEmpty()) {
      Piece next = waiting.remove();
      exchange.write(next.bytes());
      next.sent().run();
      wrote = true;
    }
    if (ended && waiting.isEmpty()) {
      exchange.end();
    } else if (wrote) {
      exchange.flush();
    }
  }

  @Override
  public boolean isOver() {
    return exchange.done();
  }

  @Override
  public void cut(Throwable why) {
    cause = why;
    exchange.abort(why);
  }

  @Override
  public void end() {
    if (!ended) {
      ended = true;
      drainWaiting();
    }
  }
}
