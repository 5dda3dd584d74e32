package dev.rr.http;

import dev.rr.api.http.ContentCoding;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The coding that is always there: the JDK has it.
 *
 * @param level 1 is fast, 9 is small
 */
public record GzipCoding(int level) implements ContentCoding {
  /** What it is called. */
  public static final String TOKEN = "gzip";

  @Override
  public String token() {
    return TOKEN;
  }

  @Override
  public void prepare() {}

  @Override
  public Compressor open(Consumer<ByteBuffer> out) {
    return new GzipStream(level, out);
  }
}
