package dev.rr.assembly;

import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.OsText;
import dev.rr.cli.Cli;
import dev.rr.kernel.FakeAssembly;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A server of two plugins. The variable {@code FAKE} says how the second behaves: {@code stuck}
 * ignores its stop, {@code dies} fails soon after its start, {@code refuses} does not start, {@code
 * tells} prints what it was started with, {@code errs} loses a thread, {@code exhausts} uses up the
 * heap; the last two start a process before.
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
            case "boots" -> {
              System.out.println("boots");
              new CountDownLatch(1).await(60, TimeUnit.SECONDS);
            }
            case "tells" -> tell(host);
            case "errs" -> {
              sleeper();
              Thread.ofPlatform().name("fake-loop").start(RrMain::err);
            }
            case "exhausts" -> {
              sleeper();
              Thread.ofPlatform().name("fake-loop").start(RrMain::exhaust);
            }
            default -> {}
          }
        })
        .onStop(deadline -> {
          System.out.println("work stops");
          if (how.equals("stuck")) {
            sleeper();
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

  /** What stands for a worker that is busy. */
  private static void sleeper() throws IOException {
    Process child = new ProcessBuilder("sleep", "300").start();
    System.out.println("child " + child.pid() + " sleeps");
  }

  private static void err() {
    throw new StackOverflowError("too deep");
  }

  /** Somebody who catches everything, as libraries do. */
  private static void exhaust() {
    List<byte[]> all = new ArrayList<>();
    while (true) {
      try {
        all.add(new byte[1 << 20]);
      } catch (OutOfMemoryError e) {
        System.out.println("caught");
      }
    }
  }
}
