package dev.rr.plugin.service;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import dev.rr.api.config.StringOrList;
import dev.rr.process.CommandLine;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The {@code service} section; upstream's keys and defaults. */
@ConfigSection("service")
record ServiceConfig(@Key(name = "*") Map<String, Service> services) {

  /** One service. */
  @ConfigSection
  record Service(
      @Key(
              required = true,
              doc = "What is started, without a shell: a text with shell-like quotes, or a list.")
          StringOrList command,
      @Key(fallback = "1", max = MOST_COPIES, doc = "How many of it run.") int processNum,
      @Key(doc = "Time after which a process is killed; 0 for never.") Duration execTimeout,
      @Key(doc = "Whether a process that has ended, with any code, is started again.")
          boolean remainAfterExit,
      @Key(fallback = "30", min = 0, max = MOST_SECONDS, doc = "Seconds between end and start.")
          long restartSec,
      @Key(
              fallback = "5",
              min = 0,
              max = MOST_SECONDS,
              doc = "Seconds that a process has to stop before it is killed.")
          long timeoutStopSec,
      @Key(doc = "Variables on top of the server's own.") Map<String, String> env,
      @Key(doc = "Whether its lines come into the log as service.NAME.") boolean serviceNameInLog,
      @Key(doc = "User it runs as, by name or number; needs root.") String user)
      implements Checked {
    static final int MOST_COPIES = 500;
    private static final int MOST_SECONDS = 31_536_000;
    private static final long RESTART_SECONDS = 30;
    private static final long STOP_SECONDS = 5;

    Service {
      processNum = Math.max(1, processNum);
      restartSec = restartSec == 0 ? RESTART_SECONDS : Math.min(restartSec, MOST_SECONDS);
      timeoutStopSec = timeoutStopSec == 0 ? STOP_SECONDS : Math.min(timeoutStopSec, MOST_SECONDS);
      env = Map.copyOf(env);
    }

    @Override
    public void check(Section at) {
      if (command.isEmpty()) {
        at.problem("command", "command should not be empty");
      }
      at.parse("command", this::arguments);
    }

    /** Program and arguments. */
    List<String> arguments() {
      List<String> values = command.values();
      return values.size() == 1 ? CommandLine.split(values.getFirst()) : values;
    }

    Duration restartPause() {
      return Duration.ofSeconds(restartSec);
    }

    Duration stopTimeout() {
      return Duration.ofSeconds(timeoutStopSec);
    }
  }
}
