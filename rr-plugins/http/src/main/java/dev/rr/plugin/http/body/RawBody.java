package dev.rr.plugin.http.body;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.RequestBody;
import dev.rr.api.worker.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes a body as it comes: a small one in memory while there is room, others on disk. On the
 * request's loop, but for the writing.
 */
final class RawBody implements RequestBody.Reader {
  /** Bytes that are kept in memory. */
  static final int IN_MEMORY = 256 * 1024;

  private final BodyTaker taker;
  private final BodyConsumer to;
  private final HttpRequest request;
  private final HttpResponse response;
  private final MemoryShare share;
  private byte[] bytes = new byte[0];
  private int size;
  private long total;
  private @Nullable BodyPipe pipe;
  private boolean refused;

  RawBody(BodyTaker taker, BodyConsumer to, HttpRequest request, HttpResponse response) {
    this.taker = taker;
    this.to = to;
    this.request = request;
    this.response = response;
    this.share = taker.memoryShare(response);
  }

  @Override
  public void chunk(ByteBuffer chunk) {
    total += chunk.remaining();
    if (refused) {
      return;
    }
    if (total > taker.limits().body()) {
      failed(new HttpFault(413, "http: request body too large"));
    } else if (pipe != null) {
      pipe.offer(chunk);
    } else if (size + chunk.remaining() > IN_MEMORY || !share.take(chunk.remaining())) {
      spool(chunk);
    } else {
      keep(chunk);
    }
  }

  private void keep(ByteBuffer chunk) {
    int count = chunk.remaining();
    if (size == 0 && chunk.hasArray() && chunk.array().length == count) {
      // Most bodies come in one piece, which is ours already.
      bytes = chunk.array();
      size = count;
      return;
    }
    if (bytes.length - size < count) {
      bytes = Arrays.copyOf(bytes, capacity(size + count));
    }
    chunk.get(bytes, size, count);
    size += count;
  }

  /** Not as much as is announced: whoever sends a byte of it would hold all of it. */
  private int capacity(int needed) {
    long announced = request.body().length();
    int doubled = Math.max(size * 2, needed);
    return announced < needed ? doubled : (int) Math.min(doubled, announced);
  }

  private void spool(ByteBuffer chunk) {
    BodyPipe made = new BodyPipe(request, taker.limits().timeout());
    pipe = made;
    if (size > 0) {
      made.offer(ByteBuffer.wrap(bytes, 0, size));
    }
    bytes = new byte[0];
    made.offer(chunk);
    request.offload(() -> write(made));
  }

  /** Writes what comes through the pipe to a file. On a virtual thread. */
  private void write(BodyPipe from) {
    Path file = null;
    try {
      file = taker.spool().create("rr-body");
      long length = 0;
      try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
        for (ByteBuffer next = from.take(); next != null; next = from.take()) {
          length += next.remaining();
          while (next.hasRemaining()) {
            if (out.write(next) < 0) {
              throw new IOException("nothing was written");
            }
          }
        }
      }
      handOver(file, length);
    } catch (HttpFault fault) {
      drop(file);
      request.execute(() -> to.refused(response, fault));
    } catch (InterruptedException e) {
      drop(file);
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      drop(file);
      request.execute(() -> {
        from.fail(new HttpFault(500, "the body could not be stored"));
        to.broken(response, e, "serve_http: the body could not be stored");
      });
    }
  }

  private static void drop(@Nullable Path file) {
    if (file != null) {
      Spool.deleteQuietly(file);
    }
  }

  private void handOver(Path file, long length) {
    TakenBody taken = TakenBody.raw(new Payload.Spooled(file, length));
    request.execute(() -> to.taken(request, response, taken));
  }

  @Override
  public void end(HttpHeaders trailers) {
    if (refused) {
      return;
    }
    if (pipe != null) {
      pipe.end();
      return;
    }
    to.taken(
        request,
        response,
        TakenBody.raw(bytes.length == size ? bytes : Arrays.copyOf(bytes, size)));
  }

  @Override
  public void failed(HttpFault fault) {
    if (refused) {
      return;
    }
    refused = true;
    if (pipe != null) {
      pipe.fail(fault);
    } else {
      to.refused(response, fault);
    }
  }
}
