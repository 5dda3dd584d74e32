package dev.rr.api.plugin;

import dev.rr.annotation.Contract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The server as its plugins see it. Offered by the kernel itself, so always there. Any thread. */
@Contract
public interface Host {
  /** The version of this binary, without a leading v. */
  String version();

  /** The configuration file, absolute. It need not exist. */
  Path configFile();

  /** {@code -o key=value} arguments as given, in order. */
  List<String> overrides();

  /** Whether {@code --strict} was given: warnings about the configuration become errors. */
  boolean strict();

  /** How long the whole server may take to stop. */
  Duration gracePeriod();

  /** The plugins that exist, in this binary or outside it. */
  Catalogue catalogue();

  /**
   * Reports that a running plugin cannot go on. The server stops in good order and exits with code 1.
   * Returns at once; only the first report is printed as the cause.
   */
  void fail(String plugin, Throwable cause);
}
