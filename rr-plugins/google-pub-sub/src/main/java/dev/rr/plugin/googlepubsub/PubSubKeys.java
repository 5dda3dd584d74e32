package dev.rr.plugin.googlepubsub;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Checked;
import dev.rr.api.config.Section;

/** What a pipeline may say whose driver is {@code google_pub_sub}. */
@ConfigSection(value = "jobs.pipelines.*.config", driver = "google_pub_sub")
record PubSubKeys(
    @Key(doc = "The project in Google Cloud.") String projectId,
    @Key(doc = "The topic that jobs are published to; made if it is missing.") String topic,
    @Key(doc = "The topic that Pub/Sub moves jobs to that were refused too often; made as well.")
        String deadLetterTopic,
    @Key(
            min = 0,
            max = 100,
            doc = "How often a job is handed over before it is moved there; 0 is 10.")
        int maxDeliveryAttempts,
    @Key(fallback = "1000", min = 0, max = 100_000, doc = "Jobs without an outcome at once.")
        int prefetch)
    implements Checked {
  private static final int ATTEMPTS = 10;
  private static final int PREFETCH = 1000;

  PubSubKeys {
    maxDeliveryAttempts = maxDeliveryAttempts == 0 ? ATTEMPTS : maxDeliveryAttempts;
    prefetch = prefetch == 0 ? PREFETCH : prefetch;
  }

  @Override
  public void check(Section at) {
    if (projectId.isBlank()) {
      at.problem("project_id", "project_id is required: the project in Google Cloud");
    }
    if (topic.isBlank()) {
      at.problem("topic", "topic is required: where jobs are published to");
    }
    checkName(at, "project_id", projectId);
    checkName(at, "topic", topic);
    checkName(at, "dead_letter_topic", deadLetterTopic);
    if (!topic.isBlank() && topic.equals(deadLetterTopic)) {
      at.problem(
          "dead_letter_topic", "'" + topic + "' is the topic itself; jobs would go in circles");
    }
  }

  /** Whether it is more than a name; what else a name may be the server tells. */
  private static void checkName(Section at, String key, String name) {
    if (name.indexOf('/') >= 0) {
      at.problem(key, "'" + name + "' is no name: it has a slash; rr puts projects/… before it");
    }
  }

  /** The full name of the topic. */
  String topicName() {
    return topicName(topic);
  }

  /** The full name of the dead letter topic; empty when there is none. */
  String deadLetterTopicName() {
    return deadLetterTopic.isEmpty() ? "" : topicName(deadLetterTopic);
  }

  private String topicName(String name) {
    return "projects/" + projectId + "/topics/" + name;
  }

  /** The full name of a pipeline's subscription. */
  String subscriptionName(String pipeline) {
    return "projects/" + projectId + "/subscriptions/" + pipeline;
  }
}
