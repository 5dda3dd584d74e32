package dev.rr.plugin.logger;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;

/**
 * A file that is replaced when it is full. Zero means the default, as upstream has it.
 *
 * @param logOutput the file
 * @param maxSize of the file in MiB
 * @param maxAge of replaced files in days
 * @param maxBackups how many replaced files stay
 * @param compress whether replaced files are gzipped
 */
@ConfigSection
record RotationConfig(
    @Key(doc = "The file; rr-lumberjack.log in the temporary folder when empty.") String logOutput,
    @Key(fallback = "100", min = 0, max = 1_000_000, doc = "Its size in MiB when it is replaced.")
        int maxSize,
    @Key(fallback = "24", min = 0, max = 100_000, doc = "Days that replaced files are kept.")
        int maxAge,
    @Key(fallback = "10", min = 0, max = 100_000, doc = "How many replaced files are kept.")
        int maxBackups,
    @Key(doc = "Whether replaced files are compressed with gzip.") boolean compress) {
  RotationConfig {
    maxSize = maxSize == 0 ? 100 : maxSize;
    maxAge = maxAge == 0 ? 24 : maxAge;
    maxBackups = maxBackups == 0 ? 10 : maxBackups;
  }
}
