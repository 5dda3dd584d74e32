package dev.rr.plugin.server;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.api.config.StringOrList;
import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import dev.rr.process.CommandLine;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The {@code server} section; upstream's keys and defaults. */
@ConfigSection("server")
record ServerConfig(
    @Key(
            required = true,
            doc = "How a worker is started: a text with shell-like quotes, or a list.")
        StringOrList command,
    @Key(doc = "User that workers run as, by name or number; needs root.") String user,
    @Key(doc = "Group that workers run as, by name or number; the user's own when empty.")
        String group,
    @Key(doc = "Variables for workers.") Map<String, String> env,
    @Key(fallback = "pipes", doc = "pipes, tcp://host:port or unix://path.") String relay,
    @Key(doc = "Accepted and ignored, as upstream does since 2024.1.")
        Optional<Duration> relayTimeout,
    @Key(doc = "A command that runs once before the first worker.") Optional<OnInit> onInit)
    implements Checked {
  /** Which programs there are is not known here; without one as the first word quotes are free. */
  private static final Predicate<String> NO_PROGRAM = word -> false;

  private static final String PIPES = "pipes";

  ServerConfig {
    relay = relay.isBlank() ? PIPES : relay;
  }

  @Override
  public void check(Section section) {
    check(command, section);
    if (!relay.equals(PIPES)) {
      AddressForms.RELAY.problem(relay).ifPresent(problem -> section.problem("relay", problem));
    }
  }

  private static void check(StringOrList command, Section section) {
    if (command.isEmpty()) {
      section.problem("command", "command should not be empty");
    }
    section.parse("command", () -> CommandLine.split(command, NO_PROGRAM));
  }

  /** Where workers dial; empty when they are spoken to through their pipes. */
  Optional<Address> address() {
    return relay.equals(PIPES) ? Optional.empty() : Optional.of(AddressForms.RELAY.parse(relay));
  }

  /** The {@code server.on_init} section. */
  @ConfigSection
  record OnInit(
      @Key(required = true, doc = "The command.") StringOrList command,
      @Key(fallback = "60s", doc = "Time after which it is killed.") Duration execTimeout,
      @Key(doc = "Variables on top of the server's own.") Map<String, String> env,
      @Key(doc = "User it runs as; the server's own when empty.") String user,
      @Key(doc = "Whether its failure ends the start.") boolean exitOnError)
      implements Checked {
    OnInit {
      execTimeout = execTimeout.isZero() ? Duration.ofSeconds(60) : execTimeout;
    }

    @Override
    public void check(Section at) {
      ServerConfig.check(command, at);
    }
  }
}
