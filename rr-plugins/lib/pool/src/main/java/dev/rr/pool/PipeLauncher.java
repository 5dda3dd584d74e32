package dev.rr.pool;

import dev.rr.goridge.Handshake;
import dev.rr.goridge.Pipes;
import dev.rr.goridge.Relay;
import dev.rr.process.ProcessCommand;
import dev.rr.process.ProcessStarter;
import java.io.IOException;

/**
 * Workers that speak on stdin and stdout.
 *
 * @param command what is started
 */
public record PipeLauncher(ProcessCommand command) implements Launcher {
  @Override
  public Process start() throws IOException {
    return ProcessStarter.prepare(command).start();
  }

  @Override
  public Relay connect(Process process, Relay.Buffers buffers) throws IOException {
    Relay relay = Pipes.open(process, buffers);
    try {
      Handshake.exchange(relay);
      return relay;
    } catch (IOException e) {
      try (relay) {
        throw relay.skipped() == 0 ? e : new PrintedException(relay.takeSkipped(), e);
      }
    }
  }
}
