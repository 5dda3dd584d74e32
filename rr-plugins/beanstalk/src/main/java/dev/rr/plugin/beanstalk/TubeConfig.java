package dev.rr.plugin.beanstalk;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a pipeline may say whose driver is {@code beanstalk}; upstream's keys and defaults. */
@ConfigSection(value = "jobs.pipelines.*.config", driver = "beanstalk")
record TubeConfig(
    @Key(fallback = "default", doc = "The tube that jobs are put into and reserved from.")
        String tube,
    @Key(
            min = 0,
            max = TubeConfig.LEAST_URGENT,
            doc = "The priority of jobs in the tube; by default 0, and 1 of a declared pipeline.")
        Optional<Long> tubePriority,
    @Key(
            doc =
                "How long the server may let a reservation wait: seconds, or with a unit; by"
                    + " default 1s, and 5s of a declared pipeline.")
        String reserveTimeout,
    @Key(fallback = "100", min = 0, doc = "Jobs that are reserved at once; 0 is 100.") int prefetch,
    @Key(fallback = "true", doc = "Whether the job of a worker that died comes again.")
        boolean requeueOnFail,
    @Key(doc = "Nothing: jobs of others are always consumed.") boolean consumeAll)
    implements Checked {
  static final long LEAST_URGENT = 4_294_967_295L;

  private static final Pattern NAME = Pattern.compile("[\\w+/;.$()][\\w+/;.$()-]{0,198}");
  private static final int PREFETCH = 100;

  TubeConfig {
    tube = tube.isEmpty() ? "default" : tube;
    prefetch = prefetch == 0 ? PREFETCH : prefetch;
  }

  @Override
  public void check(Section at) {
    if (!NAME.matcher(tube).matches()) {
      at.problem(
          "tube",
          "'"
              + tube
              + "' is no name of a tube; allowed are less than 200 letters, digits and -+/;.$_(),"
              + " without - in front");
    }
    at.parse("reserve_timeout", () -> reserve(false));
  }

  /** The most urgent is 0. */
  long priority(boolean declared) {
    return tubePriority.orElse(declared ? 1L : 0L);
  }

  /** {@link #reserveTimeout} as a duration. */
  Duration reserve(boolean declared) {
    Duration fallback = Duration.ofSeconds(declared ? 5 : 1);
    return BeanstalkConfig.BOUNDS.parse(reserveTimeout, fallback);
  }
}
