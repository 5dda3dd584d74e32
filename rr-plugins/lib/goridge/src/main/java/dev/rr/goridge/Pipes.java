package dev.rr.goridge;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Relays over a process' stdin and stdout. */
public final class Pipes {
  private Pipes() {}

  /**
   * Takes over stdin and stdout of a process that was just started.
   *
   * <p>The streams of {@link Process} cost two system calls more per read and cannot be closed
   * while another thread waits on them, so where the system shows a process' descriptors the pipes
   * are opened a second time.
   */
  public static Relay open(Process process, Relay.Buffers buffers) throws IOException {
    String descriptors = "/proc/" + process.pid() + "/fd/";
    FileChannel out;
    try {
      out = FileChannel.open(Path.of(descriptors + "0"), StandardOpenOption.WRITE);
    } catch (IOException notLinux) {
      return streams(process, buffers);
    }
    FileInputStream in;
    try {
      in = new FileInputStream(descriptors + "1");
    } catch (IOException alreadyGone) {
      out.close();
      return streams(process, buffers);
    }
    if (!takeOver(process)) {
      in.close();
      out.close();
      return streams(process, buffers);
    }
    return new Relay(in.getChannel(), out, buffers, in::available);
  }

  /** As {@link #open} does where descriptors are not shown. */
  static Relay streams(Process process, Relay.Buffers buffers) {
    InputStream stdout = process.getInputStream();
    return new Relay(
        Channels.newChannel(stdout),
        new StreamChannel(process.getOutputStream()),
        buffers,
        stdout::available);
  }

  // When a process exits, Process reads what is left in the pipe into memory, holding the stream's
  // monitor. Whoever
  // closes the stream before that keeps the bytes in the pipe.
  private static boolean takeOver(Process process) throws IOException {
    InputStream stdout = process.getInputStream();
    synchronized (stdout) {
      if (!process.isAlive()) {
        return false;
      }
      stdout.close();
    }
    process.getOutputStream().close();
    return true;
  }

  /** Writes and flushes. */
  private record StreamChannel(OutputStream stream) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer from) throws IOException {
      byte[] bytes = new byte[from.remaining()];
      from.get(bytes);
      stream.write(bytes);
      stream.flush();
      return bytes.length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
