package dev.rr.cli.serve;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rr.cli.command.CliException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file {@code .pid} in the folder that a server is started in: the process id in decimal, no
 * line end. Never removed, as upstream's. Locked as long as this is open, so that the file of a
 * server that runs is not written over by another; the lock ends with the process, however that
 * ends.
 */
final class PidFile implements AutoCloseable {
  static final String NAME = ".pid";

  private final FileChannel channel;

  private PidFile(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the file without a change to what it says.
   *
   * @throws CliException when a running server has it, or it cannot be opened
   */
  static PidFile take(Path directory) throws CliException {
    Path file = directory.resolve(NAME);
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        channel.close();
        throw new CliException(
            "the server with the process id %s runs in %s and has its .pid; \"rr stop\" ends it"
                .formatted(Files.readString(file), directory));
      }
      return new PidFile(channel);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Writes this process' id. */
  void write() throws CliException {
    byte[] text = Long.toString(ProcessHandle.current().pid()).getBytes(US_ASCII);
    try {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(text), 0);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static CliException unwritable(IOException e) {
    return new CliException("the process id cannot be written: " + e.getMessage());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
