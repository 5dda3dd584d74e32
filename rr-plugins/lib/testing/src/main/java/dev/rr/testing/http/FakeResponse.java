package dev.rr.testing.http;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an answer for a test to look at, and fails the test on calls that the contract forbids: a
 * second head, a body without a head, anything after the end.
 */
public final class FakeResponse implements HttpResponse {
  private final List<Integer> interims = new ArrayList<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final List<Runnable> onClose = new ArrayList<>();
  private int status;
  private HttpHeaders headers = new HttpHeaders();
  private HttpHeaders trailers = new HttpHeaders();
  private boolean ended;
  private int flushes;
  private int fileWrites;
  private @Nullable Throwable aborted;
  private boolean writable = true;
  private Runnable onWritable = () -> {};

  /** The status; 0 before a head was given. */
  public int status() {
    return status;
  }

  /** The head's fields. */
  public HttpHeaders headers() {
    return headers;
  }

  /** The trailers, once ended. */
  public HttpHeaders trailers() {
    return trailers;
  }

  /** The body so far. */
  public byte[] bytes() {
    return body.toByteArray();
  }

  /** The body so far, as UTF-8 text. */
  public String text() {
    return body.toString(StandardCharsets.UTF_8);
  }

  /** The statuses of interim heads, in order. */
  public List<Integer> interims() {
    return List.copyOf(interims);
  }

  /** Whether the answer is complete. */
  public boolean ended() {
    return ended;
  }

  /** How often it was flushed. */
  public int flushes() {
    return flushes;
  }

  /** How often a part of a file was given as body. */
  public int fileWrites() {
    return fileWrites;
  }

  /** Why it was broken off, or null. */
  public @Nullable Throwable aborted() {
    return aborted;
  }

  /** Makes the response a slow one, or a fast one again. */
  public void setWritable(boolean now) {
    boolean before = writable;
    writable = now;
    if (now && !before) {
      onWritable.run();
    }
  }

  @Override
  public void interim(int code, HttpHeaders fields) {
    require(!ended && status == 0, "an interim head after the head");
    interims.add(code);
  }

  @Override
  public void head(int code, HttpHeaders fields) {
    if (status != 0) {
      throw new IllegalStateException("a second head: " + code + " after " + status);
    }
    require(!ended, "a head after the end");
    status = code;
    headers = fields;
  }

  @Override
  public void write(ByteBuffer bytes) {
    require(status != 0, "a body without a head");
    require(!ended, "a body after the end");
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    body.writeBytes(copy);
  }

  @Override
  public void file(Path file, long offset, long length, Runnable after) {
    require(status != 0, "a body without a head");
    require(!ended, "a body after the end");
    fileWrites++;
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(length));
      while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) > 0) {
        // until the part is whole
      }
      require(!bytes.hasRemaining(), "a file shorter than was said");
      body.writeBytes(bytes.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      after.run();
    }
  }

  @Override
  public void flush() {
    flushes++;
  }

  @Override
  public void end(HttpHeaders fields) {
    require(status != 0, "an end without a head");
    require(!ended, "a second end");
    ended = true;
    trailers = fields;
    onClose.reversed().forEach(Runnable::run);
  }

  @Override
  public void abort(Throwable cause) {
    aborted = cause;
    ended = true;
    onClose.reversed().forEach(Runnable::run);
  }

  @Override
  public boolean committed() {
    return status != 0;
  }

  @Override
  public boolean writable() {
    return writable;
  }

  @Override
  public void onWritable(Runnable callback) {
    onWritable = callback;
  }

  @Override
  public void onClose(Runnable callback) {
    onClose.add(callback);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("the contract forbids " + what);
    }
  }
}
