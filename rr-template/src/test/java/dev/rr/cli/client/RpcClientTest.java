package dev.rr.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.cli.command.CliException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class RpcClientTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Test
  void callsOneAfterTheOther() throws Exception {
    try (FakeServer server = new FakeServer(call -> "{\"call\":[1,2.5,null]}");
        RpcClient client = RpcClient.connect(server.address())) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.call("a.B", "x", LIMIT))
            .isEqualTo(Map.of("call", java.util.Arrays.asList(1L, 2.5, null)));
      }
      assertThat(server.calls).isEqualTo(List.of("a.B\"x\"", "a.B\"x\"", "a.B\"x\""));
    }
  }

  @Test
  void anErrorIsTheServersTextAndTheConnectionGoesOn() throws Exception {
    try (FakeServer server = new FakeServer(call -> call.equals("a.Btrue") ? "true" : "<no way>");
        RpcClient client = RpcClient.connect(server.address())) {
      assertThatThrownBy(() -> client.call("a.B", false, LIMIT))
          .isInstanceOf(RpcFault.class)
          .hasMessage("no way");
      assertThat(client.call("a.B", true, LIMIT)).isEqualTo(true);
    }
  }

  @Test
  void largeAnswersArriveWhole() throws Exception {
    String text = "x".repeat(3_000_000);
    try (FakeServer server = new FakeServer(call -> '"' + text + '"');
        RpcClient client = RpcClient.connect(server.address())) {
      assertThat(client.call("a.B", text, LIMIT)).isEqualTo(text);
    }
  }

  @Test
  void saysThatNobodyListens() throws Exception {
    // Bound and not listening: nobody else can take the port meanwhile.
    try (Socket bound = new Socket()) {
      bound.bind(new InetSocketAddress("127.0.0.1", 0));
      RpcAddress address =
          new RpcAddress(
              "tcp://127.0.0.1:" + bound.getLocalPort(),
              new InetSocketAddress("127.0.0.1", bound.getLocalPort()));
      assertThatThrownBy(() -> RpcClient.connect(address))
          .isInstanceOf(CliException.class)
          .hasMessage(
              "cannot reach the server on "
                  + address.dsn()
                  + ": connection refused; is it running?");
    }
  }

  @Test
  void givesUpOnAServerThatDoesNotAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        RpcClient client = RpcClient.connect(at(silent))) {
      assertThatThrownBy(() -> client.call("a.B", true, Duration.ofMillis(200)))
          .hasMessage("no answer in time");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 400 Bad Request\r\n\r\n", "short"})
  void refusesWhatIsNoRpcServer(String banner) throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        RpcClient client = RpcClient.connect(at(other));
        Socket accepted = other.accept()) {
      OutputStream out = accepted.getOutputStream();
      out.write(banner.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      accepted.shutdownOutput();
      assertThatThrownBy(() -> client.call("a.B", true, LIMIT))
          .isInstanceOf(IOException.class)
          .hasMessageMatching(
              "the server does not speak goridge RPC|the server closed the connection");
    }
  }

  private static RpcAddress at(ServerSocket listener) {
    return new RpcAddress("tcp", new InetSocketAddress("127.0.0.1", listener.getLocalPort()));
  }

  @Test
  void reachesAUnixSocketBesideTheConfiguration(@TempDir Path folder) throws Exception {
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(folder.resolve("rpc.sock")));
      RpcClient.connect(RpcAddress.parse("unix://rpc.sock", folder)).close();
      listener.accept().close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tcp://127.0.0.1:6001, /127.0.0.1:6001",
    "tcp://:7000, /127.0.0.1:7000",
    "tcp://0.0.0.0:7000, /127.0.0.1:7000",
    "tcp://[::]:7000, /127.0.0.1:7000",
    "'', /127.0.0.1:6001"
  })
  void connectsToWhereTheServerListens(String dsn, String socket) throws Exception {
    assertThat(RpcAddress.parse(dsn, Path.of("/")).socket()).hasToString(socket);
  }

  @ParameterizedTest
  @ValueSource(strings = {":6001", "127.0.0.1:6001", "tcp://host://6001", "xinu://a:1", "tcp://a"})
  void refusesAddressesThatAreNone(String dsn) {
    assertThatThrownBy(() -> RpcAddress.parse(dsn, Path.of("/")))
        .isInstanceOf(CliException.class)
        .hasMessageStartingWith("rpc.listen: '" + dsn + "' is no address: ")
        .hasMessageContaining("; allowed are tcp://host:port, tcp://:port");
  }
}
