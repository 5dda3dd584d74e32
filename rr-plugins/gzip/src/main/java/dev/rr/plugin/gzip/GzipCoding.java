package dev.rr.plugin.gzip;

import dev.rr.api.http.ContentCoding;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The coding that is always there: the JDK has it. */
record GzipCoding(int level) implements ContentCoding {
  static final String TOKEN = "gzip";

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
