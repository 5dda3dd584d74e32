package dev.rr.api.http;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Passes every call on. The base of a middleware's changes to an answer. */
public abstract class ForwardingResponse implements HttpResponse {
  /** Where calls go. */
  protected final HttpResponse next;

  /** Forwards to {@code next}. */
  protected ForwardingResponse(HttpResponse next) {
    this.next = next;
  }

  @Override
  public void interim(int status, HttpHeaders headers) {
    next.interim(status, headers);
  }

  @Override
  public void head(int status, HttpHeaders headers) {
    next.head(status, headers);
  }

  @Override
  public void write(ByteBuffer bytes) {
    next.write(bytes);
  }

  @Override
  public void file(Path file, long offset, long length, Runnable after) {
    next.file(file, offset, length, after);
  }

  @Override
  public void flush() {
    next.flush();
  }

  @Override
  public void end(HttpHeaders trailers) {
    next.end(trailers);
  }

  @Override
  public void abort(Throwable cause) {
    next.abort(cause);
  }

  @Override
  public boolean committed() {
    return next.committed();
  }

  @Override
  public boolean writable() {
    return next.writable();
  }

  @Override
  public void onWritable(Runnable callback) {
    next.onWritable(callback);
  }

  @Override
  public void onClose(Runnable callback) {
    next.onClose(callback);
  }
}
