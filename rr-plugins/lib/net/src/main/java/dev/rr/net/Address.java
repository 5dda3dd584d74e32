package dev.rr.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Where somebody listens, as the configuration spells it; made by {@link AddressForms#parse}.
 * Immutable. Names of hosts are looked up by the methods that return socket addresses, which may
 * take a while.
 */
public sealed interface Address {
  /** As written. */
  String text();

  /** The port, 0 for any that is free; -1 of a unix socket. */
  int port();

  /**
   * The one socket address to listen on. A name of several addresses stands for its first, which is
   * an IPv4 address where there is one: PHP's sockets know no other.
   *
   * @param folder what the path of a unix socket begins at, unless it is absolute
   * @throws UnknownHostException when nobody knows the name
   */
  SocketAddress resolve(Path folder) throws UnknownHostException;

  /**
   * Every socket address that it stands for, at least one.
   *
   * @param folder as for {@link #resolve}
   * @throws UnknownHostException when nobody knows the name
   */
  List<SocketAddress> resolveAll(Path folder) throws UnknownHostException;

  /**
   * Where a client reaches who listens here: who listens on every address is reached on this
   * machine.
   *
   * @param folder as for {@link #resolve}
   * @throws UnknownHostException when nobody knows the name
   */
  SocketAddress reach(Path folder) throws UnknownHostException;

  /**
   * Says in one sentence for the user that nobody can listen here, and why.
   *
   * @param cause what the system said
   */
  default String cannotListen(Throwable cause) {
    return "cannot listen on " + text() + ": " + ListenFaults.reason(this, cause);
  }

  /**
   * The same as an exception.
   *
   * @param key the key path that the address is from
   */
  default IOException cannotListen(String key, Throwable cause) {
    return new IOException(key + ": " + cannotListen(cause), cause);
  }

  /**
   * A port of TCP or UDP.
   *
   * @param text as written
   * @param host empty for every IPv4 address of the machine; without the brackets of an IPv6
   *     address
   * @param port from 0 to 65535
   */
  record Tcp(String text, String host, int port) implements Address {
    private static final String ANY = "0.0.0.0";

    @Override
    public InetSocketAddress resolve(Path folder) throws UnknownHostException {
      return resolve();
    }

    /** As {@link #resolve(Path)}. */
    public InetSocketAddress resolve() throws UnknownHostException {
      return new InetSocketAddress(InetAddress.getByName(host.isEmpty() ? ANY : host), port);
    }

    @Override
    public List<SocketAddress> resolveAll(Path folder) throws UnknownHostException {
      return Arrays.stream(InetAddress.getAllByName(host.isEmpty() ? ANY : host))
          .<SocketAddress>map(address -> new InetSocketAddress(address, port))
          .toList();
    }

    @Override
    public SocketAddress reach(Path folder) throws UnknownHostException {
      InetSocketAddress listening = resolve();
      return listening.getAddress().isAnyLocalAddress()
          ? new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port)
          : listening;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * A unix socket.
   *
   * @param text as written
   * @param path its file, as written
   */
  record Unix(String text, String path) implements Address {
    @Override
    public int port() {
      return -1;
    }

    @Override
    public UnixDomainSocketAddress resolve(Path folder) {
      return UnixDomainSocketAddress.of(folder.resolve(path));
    }

    @Override
    public List<SocketAddress> resolveAll(Path folder) {
      return List.of(resolve(folder));
    }

    @Override
    public SocketAddress reach(Path folder) {
      return resolve(folder);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
