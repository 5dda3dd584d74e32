package dev.rr.plugin.logger;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/** Standard output or standard error. Never closed: it is not ours. */
final class StreamTarget implements Target {
  private final FileOutputStream stream;

  @SuppressWarnings("StreamResourceLeak")
  StreamTarget(FileDescriptor descriptor) {
    this.stream = new FileOutputStream(descriptor);
  }

  @Override
  public void open() {}

  @Override
  public void write(byte[] bytes, int length) throws IOException {
    stream.write(bytes, 0, length);
  }

  @Override
  public void close() {}
}
