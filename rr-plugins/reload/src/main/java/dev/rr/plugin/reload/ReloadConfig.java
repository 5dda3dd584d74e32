package dev.rr.plugin.reload;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The {@code reload} section; the keys and defaults of RoadRunner 2, and {@code polling}. */
@ConfigSection("reload")
record ReloadConfig(
    @Key(
            fallback = "1s",
            doc =
                "How long files have to be quiet before a reset; how often they are looked at"
                    + " where they cannot be watched.")
        Duration interval,
    @Key(fallback = ".php", doc = "What names of files contain that count.") List<String> patterns,
    @Key(
            doc =
                "Look at all files again and again: for network file systems, and folders that a"
                    + " container shares with its host.")
        boolean polling,
    @Key(doc = "What is watched, by the plugin whose workers are reset.")
        Map<String, Service> services)
    implements Checked {
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  @Override
  public void check(Section at) {
    if (interval.compareTo(SHORTEST) < 0) {
      at.problem("interval", "reload interval is too fast: it has to be 1s at least");
    }
  }

  /** What is watched for one plugin. */
  @ConfigSection
  record Service(
      @Key(required = true, doc = "Folders, from the working directory on.") List<String> dirs,
      @Key(doc = "Whether folders inside of them count.") boolean recursive,
      @Key(doc = "What names of files contain that count as well.") List<String> patterns,
      @Key(doc = "Files and folders that do not count, with all that is in them.")
          List<String> ignore)
      implements Checked {
    @Override
    public void check(Section at) {
      if (dirs.isEmpty()) {
        at.problem("dirs", "no folder is named; . is the working directory");
      }
    }
  }
}
