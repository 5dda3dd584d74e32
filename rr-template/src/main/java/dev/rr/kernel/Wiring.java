package dev.rr.kernel;

import dev.rr.api.cli.CliCommand;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Schema;
import dev.rr.api.log.Loggers;
import java.util.List;
import java.util.Optional;

/** The object graph of one run. Generated. Used by the kernel's thread only. */
public interface Wiring {
  /**
   * The plugin of this id, constructed on the first call with what lives at that moment.
   *
   * @throws RuntimeException what the constructor or the binding of its configuration threw
   */
  Object plugin(String id);

  /** Calls every {@code @Collects} method of this plugin with the live offers, in order. */
  void collect(String id);

  /** The first live configuration, if a plugin offers one. */
  Optional<Configurer> configurer();

  /** The first live logging, if a plugin offers it. */
  Optional<Loggers> loggers();

  /** The first live command of this name, if a plugin offers one. */
  default Optional<CliCommand> command(String name) {
    return Optional.empty();
  }

  /** The schemas of all sections that plugins in this binary read. */
  List<Schema> schemas();
}
