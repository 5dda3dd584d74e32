package dev.rr.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnixSocketFileTest {
  @TempDir Path folder = Path.of("");

  private Path file() {
    return folder.resolve("rr.sock");
  }

  private ServerSocketChannel listen() throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(file()), 1);
  }

  @Test
  void aSocketThatNobodyListensOnMakesWay() throws IOException {
    listen().close();
    UnixSocketFile.makeWay(file());
    assertThat(file()).doesNotExist();
  }

  @Test
  void nothingIsFineToo() throws IOException {
    UnixSocketFile.makeWay(file());
    assertThat(file()).doesNotExist();
  }

  @Test
  void whatIsNoSocketStays() throws Exception {
    Files.writeString(file(), "precious");
    refused("the file exists and is not a socket");
    assertThat(file()).hasContent("precious");
    Files.delete(file());
    Files.createDirectory(file());
    refused("the file exists and is not a socket");
    Files.delete(file());
    Files.createSymbolicLink(file(), folder.resolve("nowhere"));
    refused("the file exists and is not a socket");
    Files.delete(file());
    assertThat(new ProcessBuilder("mkfifo", file().toString()).start().waitFor()).isZero();
    refused("the file exists and is not a socket");
  }

  @Test
  void aSocketThatSomebodyListensOnStays() throws IOException {
    try (ServerSocketChannel server = listen()) {
      refused("Address already in use");
      assertThat(server.isOpen()).isTrue();
      try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(file()))) {
        assertThat(client.isConnected()).isTrue();
      }
    }
  }

  @Test
  void aListenerWithoutRoomForOneMoreIsNotWaitedFor() throws IOException {
    List<SocketChannel> waiting = new ArrayList<>();
    try (ServerSocketChannel unusedServer = listen()) {
      for (boolean room = true; room; ) {
        SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
        waiting.add(client);
        client.configureBlocking(false);
        try {
          client.connect(UnixDomainSocketAddress.of(file()));
        } catch (IOException full) {
          room = false;
        }
      }
      refused("Address already in use");
    } finally {
      for (SocketChannel client : waiting) {
        client.close();
      }
    }
  }

  @Test
  void onlyTheListenersOwnFileIsDeletedAtItsEnd() throws IOException {
    UnixSocketFile own = UnixSocketFile.makeWay(file());
    own.delete();
    try (ServerSocketChannel unusedServer = listen()) {
      own.bound();
    }
    own.delete();
    assertThat(file()).doesNotExist();
    try (ServerSocketChannel unusedServer = listen()) {
      own.bound();
    }
    Files.delete(file());
    own.delete();
    try (ServerSocketChannel unusedServer = listen()) {
      own.bound();
    }
    Files.move(file(), folder.resolve("moved"));
    Files.writeString(file(), "precious");
    own.delete();
    assertThat(file()).hasContent("precious");
  }

  private void refused(String why) {
    assertThatThrownBy(() -> UnixSocketFile.makeWay(file()))
        .isInstanceOf(BindException.class)
        .hasMessage(why);
    assertThat(Files.exists(file(), java.nio.file.LinkOption.NOFOLLOW_LINKS)).isTrue();
  }
}
