package dev.rr.plugin.kafka;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;

/** With whom topics are shared. */
@ConfigSection
record GroupKeys(
    @Key(name = "group_id", doc = "The group, which has the offsets.") String id,
    @Key(doc = "A name within the group that outlives a restart; no two may have the same.")
        String instanceId,
    @Key(doc = "Nothing: partitions come and go only while the client polls.")
        boolean blockRebalanceOnPoll)
    implements Checked {
  @Override
  public void check(Section at) {
    if (id.isEmpty()) {
      at.problem("group_id", "no group ID defined for group options");
    }
  }
}
