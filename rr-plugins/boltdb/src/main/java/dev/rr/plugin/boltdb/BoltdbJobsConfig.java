package dev.rr.plugin.boltdb;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;

/** What a pipeline may say whose driver is {@code boltdb}; upstream's keys and defaults. */
@ConfigSection(value = "jobs.pipelines.*.config", driver = "boltdb")
record BoltdbJobsConfig(
    @Key(fallback = "rr.db", doc = "The file of this pipeline alone. Its folder has to exist.")
        String file,
    @Key(
            fallback = "493",
            min = 0,
            doc =
                "The mode of a file that is made, in octal; less what the umask takes away. 0 is"
                    + " 0755.")
        int permissions,
    @Key(min = 0, doc = "Jobs that wait for a worker or are worked on at once; 0 is 1000.")
        int prefetch)
    implements Checked {
  private static final int PREFETCH = 1000;

  BoltdbJobsConfig {
    prefetch = prefetch == 0 ? PREFETCH : prefetch;
  }

  @Override
  public void check(Section at) {
    FileMode.check(file, permissions, at);
  }
}
