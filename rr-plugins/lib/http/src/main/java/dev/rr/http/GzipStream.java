package dev.rr.http;

import dev.rr.api.http.ContentCoding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Compresses one body into gzip (RFC 1952). One thread. */
final class GzipStream implements ContentCoding.Compressor {
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};
  private static final int CHUNK = 16 * 1024;

  private final Deflater deflater;
  private final CRC32 crc = new CRC32();
  private final Consumer<ByteBuffer> out;
  private ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
  private boolean closed;

  GzipStream(int level, Consumer<ByteBuffer> out) {
    this.deflater = new Deflater(level, true);
    this.out = out;
    chunk.put(HEADER);
  }

  @Override
  public void write(ByteBuffer bytes) {
    crc.update(bytes.duplicate());
    deflater.setInput(bytes);
    drain(Deflater.NO_FLUSH);
  }

  @Override
  public void flush() {
    drain(Deflater.SYNC_FLUSH);
    emit();
  }

  @Override
  public void finish() {
    deflater.finish();
    drain(Deflater.NO_FLUSH);
    if (chunk.remaining() < 8) {
      emit();
    }
    chunk.order(ByteOrder.LITTLE_ENDIAN).putInt((int) crc.getValue());
    chunk.putInt((int) deflater.getBytesRead());
    emit();
    close();
  }

  private void drain(int flush) {
    while (true) {
      int n = deflater.deflate(chunk, flush);
      if (chunk.hasRemaining()) {
        if (n == 0 || deflater.finished() || deflater.needsInput() && flush == Deflater.NO_FLUSH) {
          return;
        }
        if (flush == Deflater.SYNC_FLUSH) {
          return;
        }
      } else {
        emit();
      }
    }
  }

  private void emit() {
    if (chunk.position() > 0) {
      ByteBuffer full = chunk.flip();
      chunk = ByteBuffer.allocate(CHUNK);
      out.accept(full);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      deflater.end();
    }
  }
}
