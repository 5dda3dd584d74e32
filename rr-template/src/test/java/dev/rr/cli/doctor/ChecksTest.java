package dev.rr.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.health.RemoteServer;
import dev.rr.cli.doctor.Finding.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each check by itself, on machines made up. */
final class ChecksTest {
  private static final long GB = 1L << 30;

  @TempDir Path folder;

  private static Php php(String version, Map<String, String> settings, String... extensions) {
    return new Php("php", "", version, Set.of(extensions), settings, "+00:00");
  }

  private Machine machine(@Nullable Php php, Map<String, Object> values) {
    return machine(php, values, OptionalLong.of(65_536), false);
  }

  private Machine machine(
      @Nullable Php php, Map<String, Object> values, OptionalLong files, boolean serves) {
    Machine.Limits limits = new Machine.Limits(files, 4 * GB, GB, "+02:00", "Europe/Berlin");
    return new Machine(
        folder,
        folder.resolve("tmp"),
        values,
        List.of(),
        Optional.ofNullable(php),
        limits,
        List.of(),
        serves);
  }

  private static String text(List<Finding> findings) {
    return findings.stream()
        .map(f ->
            f.state() + ": " + f.text() + (f.state() == State.OK ? "" : " [" + f.remedy() + "]"))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void theConfigurationsProblemsAreTold() {
    Machine broken =
        new Machine(
            folder,
            folder,
            Map.of(),
            List.of("a", "b", "[WARN] c"),
            Optional.empty(),
            new Machine.Limits(OptionalLong.empty(), GB, GB, "", ""),
            List.of(),
            false);
    assertThat(text(new ConfigCheck().look(broken)))
        .isEqualTo(
            "PROBLEM: a [change the file; rr config show tells what is in force, and why]\n"
                + "PROBLEM: b [change the file; rr config show tells what is in force, and why]\n"
                + "WARNING: c [change the file; rr config show tells what is in force, and why]");
  }

  private Machine calling(RemoteServer... servers) {
    return new Machine(
        folder,
        folder,
        Map.of(),
        List.of(),
        Optional.empty(),
        new Machine.Limits(OptionalLong.empty(), GB, GB, "", ""),
        List.of(servers),
        false);
  }

  @Test
  void serversThatNobodyCanReachAreTold() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    ServerSocket refusing = new ServerSocket(0, 1, loopback);
    refusing.close();
    try (ServerSocket open = new ServerSocket(0, 1, loopback)) {
      RemoteServer reached = RemoteServer.of("amqp.addr", "127.0.0.1", open.getLocalPort());
      RemoteServer refused = RemoteServer.of("nats.addr", "127.0.0.1", refusing.getLocalPort());
      RemoteServer file = new RemoteServer("kv.a.config.addrs", "unix://none.sock");
      assertThat(text(new ServersCheck().look(calling(reached, refused, file))))
          .isEqualTo(
              """
              OK: accept connections: %s
              WARNING: nats.addr: %s cannot be reached: Connection refused [start that server, let \
              this machine reach it, or change nats.addr]
              WARNING: kv.a.config.addrs: unix://none.sock cannot be reached: No such file or \
              directory [start that server, let this machine reach it, or change kv.a.config.addrs]\
              """
                  .formatted(reached.address(), refused.address()));
    }
  }

  @Test
  void whoeverCallsNobodyIsToldNothing() {
    assertThat(new ServersCheck().look(calling())).isEmpty();
  }

  @Test
  void aServerThatDoesNotAnswerIsGivenUpAtTheDeadline() throws IOException {
    // Its only place is taken, so the kernel leaves whoever comes next without an answer.
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket full = new ServerSocket(0, 1, loopback);
        SocketChannel first = SocketChannel.open(full.getLocalSocketAddress());
        SocketChannel second = SocketChannel.open(full.getLocalSocketAddress())) {
      assertThat(first.isConnected() && second.isConnected()).isTrue();
      RemoteServer server = RemoteServer.of("amqp.addr", "127.0.0.1", full.getLocalPort());
      assertThat(text(new ServersCheck(Duration.ofSeconds(1)).look(calling(server))))
          .startsWith(
              "WARNING: amqp.addr: " + server.address() + " does not answer within 1s [start");
    }
  }

  @Test
  void phpHasToBeThereAndNewEnoughForThePackages() throws IOException {
    PhpCheck check = new PhpCheck();
    assertThat(check.look(machine(null, Map.of()))).isEmpty();
    assertThat(text(check.look(machine(Php.failed("php9", "it is not there"), Map.of()))))
        .startsWith("PROBLEM: workers are started by php9, but it is not there [install PHP's");
    assertThat(text(check.look(machine(php("8.2.36", Map.of()), Map.of()))))
        .isEqualTo("OK: php is PHP 8.2.36");
    assertThat(text(check.look(machine(php("7.4.33-dev", Map.of()), Map.of()))))
        .startsWith("PROBLEM: php is PHP 7.4.33-dev, the packages need 8.1.0 [");
    Files.createDirectories(folder.resolve("vendor/composer"));
    Files.writeString(
        folder.resolve("vendor/composer/platform_check.php"), "if (!(PHP_VERSION_ID >= 80300)) {");
    assertThat(text(check.look(machine(php("8.2.36", Map.of()), Map.of()))))
        .startsWith("PROBLEM: php is PHP 8.2.36, the packages need 8.3.0 [");
  }

  @Test
  void extensionsOfPackagesAndRelayHaveToBeThere() throws IOException {
    ExtensionsCheck check = new ExtensionsCheck();
    Files.createDirectories(folder.resolve("vendor/composer"));
    Files.writeString(
        folder.resolve("vendor/composer/installed.json"),
        """
        {"packages": [
          {"name": "spiral/goridge", "require": {"php": ">=8.1", "ext-sockets": "*"}},
          {"name": "a/b", "require": {"ext-mbstring": "*", "ext-intl": "*"}},
          {"name": "symfony/polyfill-mbstring", "provide": {"ext-mbstring": "*"}}]}
        """);
    assertThat(text(check.look(machine(php("8", Map.of(), "json", "sockets", "intl"), Map.of()))))
        .isEqualTo("OK: PHP has what is needed: intl, json, sockets");
    assertThat(text(check.look(machine(php("8", Map.of(), "json"), Map.of()))))
        .isEqualTo(
            "PROBLEM: PHP lacks the extension intl, which a/b needs [enable it in php.ini"
                + " (extension=intl), or install it (docker-php-ext-install intl)]\n"
                + "PROBLEM: PHP lacks the extension sockets, which spiral/goridge needs [enable it"
                + " in php.ini (extension=sockets), or install it (docker-php-ext-install"
                + " sockets)]");
  }

  @Test
  void socketsAreNeededWhenWorkersAreReachedBySocket() {
    ExtensionsCheck check = new ExtensionsCheck();
    Php plain = php("8", Map.of(), "json");
    assertThat(text(check.look(machine(plain, Map.of("server.relay", "pipes"))))).startsWith("OK");
    assertThat(text(check.look(machine(plain, Map.of("server.relay", "unix://r.sock")))))
        .startsWith("PROBLEM: PHP lacks the extension sockets, which server.relay: unix://r.sock");
  }

  @Test
  void opcacheHasToBeOnForTheCommandLine() {
    OpcacheCheck check = new OpcacheCheck();
    Map<String, String> on = Map.of("opcache.enable", "1", "opcache.enable_cli", "On");
    assertThat(text(check.look(machine(php("8", on, "zend-opcache"), Map.of())))).startsWith("OK");
    assertThat(
            text(
                check.look(
                    machine(php("8", Map.of("opcache.enable", "1"), "zend-opcache"), Map.of()))))
        .startsWith("WARNING: OPcache is off for workers: opcache.enable_cli is 0 [set opcache");
    assertThat(text(check.look(machine(php("8", Map.of()), Map.of()))))
        .startsWith("WARNING: PHP has no OPcache");
  }

  @Test
  void aDebuggerThatIsOnIsTold() {
    XdebugCheck check = new XdebugCheck();
    assertThat(check.look(machine(php("8", Map.of()), Map.of()))).isEmpty();
    assertThat(
            text(check.look(machine(php("8", Map.of("xdebug.mode", "debug"), "xdebug"), Map.of()))))
        .startsWith("WARNING: Xdebug is on (xdebug.mode=debug)");
  }

  @Test
  void clocksThatDifferAreTold() {
    assertThat(text(new TimeZoneCheck().look(machine(php("8", Map.of()), Map.of()))))
        .isEqualTo(
            "WARNING: PHP is at +00:00 (UTC, as date.timezone is not set), the server and its logs"
                + " at +02:00 (Europe/Berlin) [set date.timezone = \"Europe/Berlin\" in php.ini,"
                + " or TZ for the server]");
  }

  @Test
  void memoryHasToSufficeForAllWorkersAtTheirLimit() {
    MemoryCheck check = new MemoryCheck();
    assertThat(check.look(machine(null, Map.of()))).isEmpty();
    Php limited = php("8", Map.of("memory_limit", "512M"));
    assertThat(text(check.look(machine(limited, Map.of("http.pool.num_workers", 4L)))))
        .isEqualTo("OK: 4 workers at their limit and the server take 3.0 GiB, there are 4.0 GiB");
    assertThat(text(check.look(machine(limited, Map.of("http.pool.num_workers", 8L)))))
        .startsWith(
            "WARNING: 8 workers at their limit and the server take 5.0 GiB, there are 4.0 GiB [");
    assertThat(
            text(
                check.look(
                    machine(
                        limited,
                        Map.of(
                            "http.pool.num_workers",
                            8L,
                            "http.pool.supervisor.max_worker_memory",
                            128L)))))
        .startsWith("OK: 8 workers at their limit and the server take 2.0 GiB");
    assertThat(
            text(
                check.look(
                    machine(
                        php("8", Map.of("memory_limit", "-1")),
                        Map.of("http.pool.num_workers", 2L)))))
        .startsWith("WARNING: nothing bounds the memory of http's workers: PHP's memory_limit");
  }

  @Test
  void memoryLimitsAreReadAsPhpSpellsThem() {
    assertThat(MemoryCheck.bytes("128M")).isEqualTo(128L << 20);
    assertThat(MemoryCheck.bytes("1g")).isEqualTo(GB);
    assertThat(MemoryCheck.bytes("65536")).isEqualTo(65_536);
    assertThat(MemoryCheck.bytes("-1")).isEqualTo(-1);
    assertThat(MemoryCheck.bytes("")).isEqualTo(-1);
  }

  @Test
  void enoughFilesHaveToBeAllowed() {
    FilesCheck check = new FilesCheck();
    assertThat(text(check.look(machine(null, Map.of())))).isEqualTo("OK: 65536 may be open");
    assertThat(text(check.look(machine(null, Map.of(), OptionalLong.of(1024), false))))
        .startsWith(
            "WARNING: 1024 may be open, which some hundred clients use up [ulimit -n 65536");
    Map<String, Object> many = Map.of("http.max_connections", 65_500L, "http.pool.num_workers", 4L);
    assertThat(text(check.look(machine(null, many))))
        .startsWith(
            "WARNING: 65536 may be open, http.max_connections: 65500 and the workers take 65732 [");
    assertThat(check.look(machine(null, many, OptionalLong.empty(), false))).isEmpty();
  }

  @Test
  void thereHasToBeAFolderForTemporaryFiles() throws IOException {
    TemporaryFilesCheck check = new TemporaryFilesCheck();
    String tmp = folder.resolve("tmp").toString();
    assertThat(text(check.look(machine(null, Map.of()))))
        .startsWith("PROBLEM: uploads and large bodies go to " + tmp + ", which cannot be written");
    Files.createDirectory(folder.resolve("tmp"));
    assertThat(text(check.look(machine(null, Map.of())))).contains(tmp + " has ", " GiB left");
  }

  @Test
  void whatTheServerListensOnHasToBeFree() throws IOException {
    PortsCheck check = new PortsCheck();
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String taken = "127.0.0.1:" + other.getLocalPort();
      Map<String, Object> values =
          Map.of("http.address", taken, "rpc.listen", "tcp://127.0.0.1:0", "otel.endpoint", taken);
      assertThat(text(check.look(machine(null, values))))
          .isEqualTo(
              "OK: free: tcp://127.0.0.1:0\n"
                  + "PROBLEM: http.address: cannot listen on "
                  + taken
                  + ": the address is in use by another program [stop who has it (ss -ltnp shows"
                  + " who), or change http.address]");
      assertThat(text(check.look(machine(null, values, OptionalLong.empty(), true))))
          .isEqualTo("OK: the server of this configuration runs, and has them");
    }
  }

  @Test
  void aSocketFileIsTakenWhileSomebodyServesIt() throws IOException {
    PortsCheck check = new PortsCheck();
    Map<String, Object> values = Map.of("rpc.listen", "unix://rpc.sock");
    try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      other.bind(UnixDomainSocketAddress.of(folder.resolve("rpc.sock")));
      assertThat(text(check.look(machine(null, values)))).startsWith("PROBLEM: rpc.listen: ");
    }
    assertThat(text(check.look(machine(null, values)))).isEqualTo("OK: free: unix://rpc.sock");
    assertThat(text(check.look(machine(null, Map.of("rpc.listen", "unix://nowhere/rpc.sock")))))
        .startsWith("PROBLEM: rpc.listen: ")
        .contains("nowhere");
  }
}
