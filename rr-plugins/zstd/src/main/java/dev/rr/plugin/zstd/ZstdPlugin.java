package dev.rr.plugin.zstd;

import com.github.luben.zstd.util.Native;
import dev.rr.annotation.Plugin;
import dev.rr.api.http.ContentCoding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Offers Zstandard. */
@Plugin("zstd")
final class ZstdPlugin implements ContentCoding {
  private final ZstdConfig config;

  ZstdPlugin(ZstdConfig config) {
    this.config = config;
  }

  @Override
  public String token() {
    return "zstd";
  }

  @Override
  public void prepare() throws IOException {
    try {
      Native.load();
    } catch (LinkageError | RuntimeException e) {
      throw new IOException("zstd's native library cannot be loaded: " + e, e);
    }
  }

  @Override
  public Compressor open(Consumer<ByteBuffer> out) {
    return new ZstdCompressor(config.level(), out);
  }
}
