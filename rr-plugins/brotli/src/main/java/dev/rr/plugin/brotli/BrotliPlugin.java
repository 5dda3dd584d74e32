package dev.rr.plugin.brotli;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import dev.rr.annotation.Offers;
import dev.rr.annotation.Plugin;
import dev.rr.api.http.ContentCoding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Offers brotli. */
@Plugin("brotli")
@Offers("br")
final class BrotliPlugin implements ContentCoding {
  private final BrotliConfig config;

  BrotliPlugin(BrotliConfig config) {
    this.config = config;
  }

  @Override
  public String token() {
    return "br";
  }

  @Override
  public void prepare() throws IOException {
    Throwable cause = Brotli4jLoader.getUnavailabilityCause();
    if (cause != null) {
      throw new IOException("brotli's native library cannot be loaded: " + cause, cause);
    }
  }

  @Override
  public Compressor open(Consumer<ByteBuffer> out) {
    return new BrotliCompressor(config.level(), out);
  }
}
