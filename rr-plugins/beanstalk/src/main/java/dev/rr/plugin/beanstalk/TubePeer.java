package dev.rr.plugin.beanstalk;

import dev.rr.net.Outages;
import dev.rr.net.Reconnector;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * How a connection is made, and what becomes of it.
 *
 * @param lost is told of each that ends
 * @param <C> a connection
 */
record TubePeer<C extends TubeConnection>(Dialer<C> dialer, Consumer<C> lost, Outages outages)
    implements Reconnector.Peer<C> {
  /**
   * Makes a connection.
   *
   * @param <C> a connection
   */
  interface Dialer<C> {
    C dial() throws IOException, InterruptedException;
  }

  @Override
  public C dial() throws IOException, InterruptedException {
    return dialer.dial();
  }

  @Override
  public void connected(C connection) {
    connection.onEnd(() -> lost.accept(connection));
  }

  @Override
  public void discard(C connection) {
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
