package dev.rr.plugin.nsq;

import dev.rr.net.Outages;
import dev.rr.net.Reconnector;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * How a connection is made, and what becomes of it.
 *
 * @param made runs once there is one
 * @param lost is told of each that ends
 */
record NsqPeer(Dialer dialer, Runnable made, Consumer<NsqConnection> lost, Outages outages)
    implements Reconnector.Peer<NsqConnection> {
  /** Makes a connection. */
  interface Dialer {
    NsqConnection dial() throws IOException, InterruptedException;
  }

  @Override
  public NsqConnection dial() throws IOException, InterruptedException {
    return dialer.dial();
  }

  @Override
  public void connected(NsqConnection connection) {
    connection.onEnd(() -> lost.accept(connection));
    made.run();
  }

  @Override
  public void discard(NsqConnection connection) {
    connection.close();
  }

  @Override
  public void down(IOException cause) {
    outages.down(cause);
  }

  @Override
  public void up() {
    outages.up();
  }
}
