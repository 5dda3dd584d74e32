package dev.rr.assembly;

import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.OsText;
import dev.rr.cli.Cli;
import dev.rr.kernel.FakeAssembly;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A server of two plugins. The variable {@code FAKE} says how the second behaves: {@code stuck}
 * ignores its stop, {@code dies} fails soon after its start, {@code refuses} does not start, {@code
 * tells} prints what it was started with.
 */
public final class RrMain {
  private RrMain() {}

  /** Runs the program. */
  public static void main(String[] arguments) {
    String how = System.getenv().getOrDefault("FAKE", "");
    FakeAssembly assembly = new FakeAssembly();
    assembly.plugin("base").onStop(d -> System.out.println("base stopped"));
    assembly
        .plugin("work")
        .level(1)
        .onStart(host -> {
          switch (how) {
            case "refuses" -> throw new IllegalStateException("address already in use");
            case "dies" ->
                Thread.ofPlatform()
                    .name("fake-death")
                    .start(() -> host.fail("work", new IllegalStateException("lost")));
            case "tells" -> tell(host);
            default -> {}
          }
        })
        .onStop(deadline -> {
          System.out.println("work stops");
          if (how.equals("stuck")) {
            Process child = new ProcessBuilder("sleep", "300").start();
            System.out.println("child " + child.pid() + " sleeps");
            new CountDownLatch(1).await(60, TimeUnit.SECONDS);
          }
        });
    System.exit(Cli.run(assembly, arguments));
  }

  /** Variables and overrides in hexadecimal digits. */
  private static void tell(Host host) {
    host.environment().forEach((name, value) -> System.out.println(name + "=" + hex(value)));
    host.overrides().forEach(argument -> System.out.println("-o " + hex(argument)));
    System.out.println(host.configFile() + " exists: " + Files.exists(host.configFile()));
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(OsText.bytes(text));
  }
}
