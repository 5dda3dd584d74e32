package dev.rr.plugin.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * RabbitMQ as a node of its own, in a folder, on ports and with a port mapper of its own. It takes
 * seconds to start, so tests share one, which ends with their JVM.
 */
final class TestBroker {
  private static final String COOKIE = "rrtests";
  private static final String PROGRAM = "/usr/lib/rabbitmq/bin/rabbitmq-server";

  private static @Nullable TestBroker shared;

  final Path folder;
  final int port;
  final int tlsPort;
  private final int epmdPort;
  private final int nodePort;
  private final String node;
  private final TestServer server;

  private TestBroker(Path folder) throws Exception {
    this.folder = folder;
    this.port = TestServer.freePort();
    this.tlsPort = TestServer.freePort();
    this.epmdPort = TestServer.freePort();
    this.nodePort = TestServer.freePort();
    this.node = "rrtest" + port + "@localhost";
    TestAuthority authority = TestAuthority.make(folder, "authority");
    authority.sign("server");
    authority.sign("client");
    TestAuthority.make(folder, "other-authority").sign("stranger");
    configure();
    var _ =
        TestServer.listening(
            folder, epmdPort, List.of("epmd", "-port", "" + epmdPort, "-address", "127.0.0.1"));
    this.server = start();
  }

  /** The one of all tests. */
  static synchronized TestBroker shared() throws Exception {
    TestBroker running = shared;
    if (running == null) {
      running = new TestBroker(TestServer.sharedFolder("rr-rabbitmq"));
      shared = running;
    }
    return running;
  }

  private void configure() throws IOException {
    Files.writeString(
        folder.resolve("rabbitmq.conf"),
        """
        listeners.tcp.1 = 127.0.0.1:%d
        listeners.ssl.1 = 127.0.0.1:%d
        ssl_options.cacertfile = %3$s/authority.crt
        ssl_options.certfile = %3$s/server.crt
        ssl_options.keyfile = %3$s/server.key
        ssl_options.verify = verify_peer
        ssl_options.fail_if_no_peer_cert = true
        disk_free_limit.absolute = 1MB
        load_definitions = %3$s/definitions.json
        log.console = true
        log.console.level = warning
        log.file = false
        """
            .formatted(port, tlsPort, folder));
    Files.writeString(
        folder.resolve("definitions.json"),
        """
        {"vhosts": [{"name": "/"}, {"name": "other"}],
         "users": [{"name": "guest", "password": "guest", "tags": "administrator"},
                   {"name": "reader", "password": "p@ss/+", "tags": ""},
                   {"name": "direct", "password": "direct", "tags": ""}],
         "permissions": [
           {"user": "guest", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"},
           {"user": "guest", "vhost": "other", "configure": ".*", "write": ".*", "read": ".*"},
           {"user": "reader", "vhost": "/", "configure": "^$", "write": ".*", "read": ".*"},
           {"user": "direct", "vhost": "/", "configure": ".*", "write": "^(x|q)-.*",
            "read": ".*"}]}
        """);
    Files.writeString(folder.resolve("plugins"), "[].");
  }

  private TestServer start() throws IOException {
    List<String> command = new ArrayList<>(List.of("env"));
    command.addAll(
        List.of(
            "HOME=" + folder,
            // So that the broker is the process that was started, and not a child of a shell.
            "RUNNING_UNDER_SYSTEMD=true",
            "ERL_EPMD_PORT=" + epmdPort,
            "ERL_EPMD_ADDRESS=127.0.0.1",
            "RABBITMQ_CONF_ENV_FILE=/dev/null",
            "RABBITMQ_NODENAME=" + node,
            "RABBITMQ_BASE=" + folder.resolve("base"),
            "RABBITMQ_MNESIA_BASE=" + folder.resolve("data"),
            "RABBITMQ_LOG_BASE=" + folder.resolve("log"),
            "RABBITMQ_CONFIG_FILE=" + folder.resolve("rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE=" + folder.resolve("plugins"),
            "RABBITMQ_DIST_PORT=" + nodePort,
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"
                + " -setcookie "
                + COOKIE,
            PROGRAM));
    return TestServer.listening(folder, port, command);
  }

  /** Ends it without a word, and starts it on what it left behind. */
  void killAndRestart() throws IOException {
    server.kill();
    server.restart();
  }

  /** Has it stop and start within its process: every connection ends, what is not durable goes. */
  void restartApplication() throws Exception {
    call("rabbit stop");
    call("rabbit start");
  }

  /** Has it believe that it has no memory left, or that it has enough. */
  void alarm(boolean on) throws Exception {
    call("vm_memory_monitor set_vm_memory_high_watermark [" + (on ? "0.0001" : "0.4") + "]");
    // It tells its connections a moment later, and before it answers this.
    Await.until("the alarm is " + on, () -> hasMemoryAlarm() == on);
  }

  private boolean hasMemoryAlarm() {
    try {
      return call("rabbit_alarm get_alarms []").contains("resource_limit, memory");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Calls a function inside it: module, function and arguments. */
  String call(String function) throws Exception {
    // Straight to its port: the port mapper is not the usual one.
    Process call =
        new ProcessBuilder(
                "erl_call",
                "-timeout",
                "30",
                "-address",
                "127.0.0.1:" + nodePort,
                "-c",
                COOKIE,
                "-a",
                function)
            .redirectErrorStream(true)
            .directory(folder.toFile())
            .start();
    call.getOutputStream().close();
    String output = new String(call.getInputStream().readAllBytes());
    if (!call.waitFor(30, TimeUnit.SECONDS) || call.exitValue() != 0) {
      throw new AssertionError(function + ": " + output);
    }
    return output;
  }

  /** How often it has refused this because another connection has the queue to itself. */
  long locked(String queue) {
    return server
        .output()
        .lines()
        .filter(line -> line.contains("exclusive access") && line.contains("'" + queue + "'"))
        .count();
  }

  String address() {
    return "amqp://guest:guest@127.0.0.1:" + port + "/";
  }

  /** A client of the broker as anybody has one. */
  Connection client() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri("amqp://guest:guest@127.0.0.1:" + port);
    return factory.newConnection("test");
  }

  /** Does something on a channel. */
  void on(Use use) throws Exception {
    try (Connection connection = client();
        Channel channel = connection.createChannel()) {
      use.of(channel);
    }
  }

  /** What is done. */
  interface Use {
    void of(Channel channel) throws Exception;
  }
}
