package dev.rr.pool;

import dev.rr.goridge.Relay;
import dev.rr.goridge.RelayListener;
import dev.rr.process.ProcessCommand;
import dev.rr.process.ProcessStarter;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Workers that dial a socket and tell their pid. Their stdin is empty and their stdout is dropped.
 *
 * @param command what is started
 * @param listener where they dial
 */
public record SocketLauncher(ProcessCommand command, RelayListener listener) implements Launcher {
  @Override
  public Process start() throws IOException {
    Process process =
        ProcessStarter.prepare(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    return process;
  }

  @Override
  public Relay connect(Process process, Relay.Buffers buffers)
      throws IOException, InterruptedException {
    CompletableFuture<SocketChannel> arrival = listener.expect(process.pid());
    var unused =
        process
            .onExit()
            .thenRun(() -> arrival.completeExceptionally(new EOFException("it did not connect")));
    try {
      SocketChannel channel = arrival.get();
      return new Relay(channel, channel, buffers);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw cause instanceof IOException io ? io : new IOException(e.getMessage(), e);
    }
  }
}
