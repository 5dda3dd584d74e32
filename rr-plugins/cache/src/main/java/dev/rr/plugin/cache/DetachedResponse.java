package dev.rr.plugin.cache;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The end of a way that no client waits at: takes an answer and drops it; {@link FetchResponse} has
 * noted it before.
 */
final class DetachedResponse implements HttpResponse {
  private final List<Runnable> onClose = new ArrayList<>();
  private boolean committed;
  private boolean over;

  @Override
  public void interim(int status, HttpHeaders headers) {}

  @Override
  public void head(int status, HttpHeaders headers) {
    committed = true;
  }

  @Override
  public void write(ByteBuffer bytes) {}

  @Override
  public void file(Path file, long offset, long length, Runnable after) {
    after.run();
  }

  @Override
  public void flush() {}

  @Override
  public void end(HttpHeaders trailers) {
    close();
  }

  @Override
  public void abort(Throwable cause) {
    close();
  }

  private void close() {
    if (!over) {
      over = true;
      onClose.forEach(Runnable::run);
    }
  }

  @Override
  public boolean committed() {
    return committed;
  }

  @Override
  public boolean writable() {
    return true;
  }

  @Override
  public void onWritable(Runnable callback) {}

  @Override
  public void onClose(Runnable callback) {
    onClose.add(callback);
  }
}
