package dev.rr.assembly;

import dev.rr.cli.Cli;

/**
 * Where this binary begins.
 */
public final class RrMain {
  private RrMain() {
  }

  public static void main(String[] args) {
    System.exit(Cli.run(new RrAssembly(), args));
  }
}
