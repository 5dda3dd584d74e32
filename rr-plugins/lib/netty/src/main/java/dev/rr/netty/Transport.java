package dev.rr.netty;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** The two ways to sockets: the system's own, and the JDK's. */
enum Transport {
  EPOLL,
  NIO;

  /** The fastest that this system has. */
  static Transport best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  IoHandlerFactory handlers() {
    return this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
  }

  Class<? extends ServerChannel> listener(boolean unix) {
    if (unix) {
      return this == EPOLL
          ? EpollServerDomainSocketChannel.class
          : NioServerDomainSocketChannel.class;
    }
    return this == EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  Class<? extends Channel> client(boolean unix) {
    if (unix) {
      return this == EPOLL ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class;
    }
    return this == EPOLL ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  /** The same address in the type that the channels of this way expect. */
  SocketAddress address(SocketAddress address) {
    return this == EPOLL && address instanceof UnixDomainSocketAddress unix
        ? new DomainSocketAddress(unix.getPath().toString())
        : address;
  }
}
