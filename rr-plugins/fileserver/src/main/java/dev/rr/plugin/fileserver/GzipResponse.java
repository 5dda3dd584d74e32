package dev.rr.plugin.fileserver;

import dev.rr.api.http.ForwardingResponse;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Compresses the one file of an answer, a piece at a time and only while the client keeps up. The
 * pieces are read and compressed on virtual threads of the request, one after the other.
 */
final class GzipResponse extends ForwardingResponse {
  private static final int PIECE = 64 * 1024;

  private final HttpRequest request;
  private final boolean bodyWanted;
  private final ByteArrayOutputStream compressed = new ByteArrayOutputStream(PIECE / 2);
  private @Nullable Runnable after;
  private @Nullable InputStream file;
  private @Nullable GZIPOutputStream compressor;
  private boolean reading;
  private boolean over;

  GzipResponse(HttpRequest request, HttpResponse next) {
    super(next);
    this.request = request;
    this.bodyWanted = !request.method().equals("HEAD");
  }

  /** Says what becomes of the file, of a HEAD answer as of the whole one. */
  @Override
  public void head(int status, HttpHeaders headers) {
    headers.remove("Accept-Ranges");
    String tag = headers.get("ETag", "");
    if (tag.startsWith("\"")) {
      // Other bytes than the file's, which a strong tag would promise.
      headers.set("ETag", "W/" + tag);
    }
    if (status == 200) {
      headers.set("Content-Encoding", "gzip").remove("Content-Length");
      if (!bodyWanted) {
        // An answer without a body would say that there is no byte of it.
        headers.set("Transfer-Encoding", "chunked");
      }
    }
    super.head(status, headers);
  }

  @Override
  public void file(Path path, long offset, long length, Runnable done) {
    after = done;
    onClose(this::close);
    next(path);
  }

  /** Everything after the file waits for it, and only the end comes after it. */
  @Override
  public void end(HttpHeaders trailers) {
    if (after == null || !bodyWanted) {
      super.end(trailers);
    }
  }

  private void next(Path path) {
    if (over) {
      return;
    }
    if (!next.writable()) {
      next.onWritable(() -> resume(path));
      return;
    }
    reading = true;
    request.offload(() -> {
      try {
        boolean more = compressPiece(path);
        byte[] piece = compressed.toByteArray();
        compressed.reset();
        request.execute(() -> send(path, piece, more));
      } catch (IOException e) {
        request.execute(() -> failed(e));
      }
    });
  }

  private void resume(Path path) {
    if (!reading) {
      next(path);
    }
  }

  /** Compresses a piece; false when it was the last one. */
  private boolean compressPiece(Path path) throws IOException {
    InputStream in = file;
    GZIPOutputStream out = compressor;
    if (in == null || out == null) {
      in = Files.newInputStream(path);
      file = in;
      out = new GZIPOutputStream(compressed);
      compressor = out;
    }
    byte[] piece = in.readNBytes(PIECE);
    out.write(piece);
    if (piece.length < PIECE) {
      out.finish();
      return false;
    }
    return true;
  }

  private void send(Path path, byte[] piece, boolean more) {
    reading = false;
    if (over) {
      release();
      return;
    }
    next.write(ByteBuffer.wrap(piece));
    if (more) {
      next.flush();
      next(path);
    } else {
      next.end();
    }
  }

  private void failed(IOException cause) {
    reading = false;
    abort(cause);
    release();
  }

  /** The answer is over, one way or another. */
  private void close() {
    over = true;
    if (!reading) {
      release();
    }
  }

  private void release() {
    Runnable done = after;
    after = null;
    try (InputStream in = file;
        GZIPOutputStream out = compressor) {
      file = null;
      compressor = null;
    } catch (IOException e) {
      // It was only read.
    }
    if (done != null) {
      done.run();
    }
  }
}
