package dev.rr.plugin.boltdb;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;

/** What the section of a storage may say whose driver is {@code boltdb}. */
@ConfigSection(value = "kv.*.config", driver = "boltdb")
record BoltdbConfig(
    @Key(fallback = "rr.db", doc = "The file of this storage alone. Its folder has to exist.")
        String file,
    @Key(
            fallback = "493",
            min = 0,
            doc =
                "The mode of a file that is made, in octal; less what the umask takes away. 0 is"
                    + " 0755.")
        int permissions,
    @Key(
            fallback = "60",
            min = 0,
            doc = "Seconds after which expired keys are forgotten; they are not seen before.")
        int interval,
    @Key(doc = "Means nothing; accepted as upstream does.") String bucket,
    @Key(doc = "Means nothing; accepted as upstream does.") String dir)
    implements Checked {
  @Override
  public void check(Section at) {
    FileMode.check(file, permissions, at);
  }
}
