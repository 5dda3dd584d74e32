package dev.rr.http;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A file on its way into an answer, and what has to wait until it is sent. On the exchange's loop
 * only.
 */
final class FileSending extends PacedFile {
  private static final int CHUNK = 128 * 1024;

  private final Exchange exchange;
  private final Deque<Runnable> behind = new ArrayDeque<>(2);

  /** As {@link PacedFile}. */
  FileSending(Exchange exchange, Path path, long offset, long length, Runnable after) {
    super(exchange, path, offset, length, after);
    this.exchange = exchange;
  }

  /** Has something done once the file is sent, or has failed. */
  void then(Runnable next) {
    behind.add(next);
  }

  /** What waits, in order. */
  Deque<Runnable> behind() {
    return behind;
  }

  @Override
  boolean isOver() {
    return exchange.done();
  }

  @Override
  boolean isReady() {
    return exchange.transportWritable();
  }

  @Override
  boolean takesRegion(FileChannel opened, long from, long length) {
    if (!exchange.sendRegion(opened, from, length, this::allSent)) {
      return false;
    }
    if (!exchange.done()) {
      exchange.push();
    }
    return true;
  }

  @Override
  OutboundBuffer buffer(int length) {
    return exchange.outboundBuffer(Math.min(length, CHUNK));
  }

  @Override
  void sent() {
    exchange.push();
  }

  @Override
  void ended() {
    exchange.fileSent(this);
  }

  /** The exchange is over: what waits sends nothing any more, but lets go of its files. */
  void abandon() {
    resume();
    behind.forEach(Runnable::run);
  }

  @Override
  void failed(IOException cause) {
    exchange.abort(cause);
  }
}
