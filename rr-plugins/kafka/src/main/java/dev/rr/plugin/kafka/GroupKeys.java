package dev.rr.plugin.kafka;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;

/** With whom topics are shared. */
@ConfigSection
record GroupKeys(
    @Key(name = "group_id", doc = "The group, which has the offsets.") String id,
    @Key(doc = "A name within the group that outlives a restart; no two may have the same.")
        String instanceId,
    @Key(
            fallback = "15s",
            doc = "After which the partitions of a consumer that was killed go to others.")
        Duration sessionTimeout,
    @Key(doc = "Nothing: partitions come and go only while the client polls.")
        boolean blockRebalanceOnPoll)
    implements Checked {
  /** The library's 45 s are for networks that hiccup; a server that was killed stands as long. */
  private static final Duration SESSION = Duration.ofSeconds(15);

  private static final Duration HEARTBEAT = Duration.ofSeconds(3);

  GroupKeys {
    sessionTimeout = sessionTimeout.isZero() ? SESSION : sessionTimeout;
  }

  @Override
  public void check(Section at) {
    if (id.isEmpty()) {
      at.problem("group_id", "no group ID defined for group options");
    }
  }

  /** What a consumer is made with. */
  Map<String, Object> properties() {
    Map<String, Object> all = new HashMap<>();
    Duration third = sessionTimeout.dividedBy(3);
    Duration heartbeat = third.compareTo(HEARTBEAT) < 0 ? third : HEARTBEAT;
    all.put("group.id", id);
    all.put(
        "session.timeout.ms", (int) Math.clamp(sessionTimeout.toMillis(), 3, Integer.MAX_VALUE));
    all.put("heartbeat.interval.ms", (int) Math.max(1, heartbeat.toMillis()));
    // What upstream's client does, so that both can be in one group.
    all.put("partition.assignment.strategy", List.of(CooperativeStickyAssignor.class.getName()));
    if (!instanceId.isEmpty()) {
      all.put("group.instance.id", instanceId);
    }
    return all;
  }
}
