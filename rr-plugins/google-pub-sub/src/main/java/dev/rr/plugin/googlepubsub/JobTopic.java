package dev.rr.plugin.googlepubsub;

import dev.rr.api.jobs.Job;
import dev.rr.api.plugin.Deadline;
import dev.rr.plugin.googlepubsub.PubSubProto.DeadLetterPolicy;
import dev.rr.plugin.googlepubsub.PubSubProto.GetSubscriptionRequest;
import dev.rr.plugin.googlepubsub.PubSubProto.PublishRequest;
import dev.rr.plugin.googlepubsub.PubSubProto.PublishResponse;
import dev.rr.plugin.googlepubsub.PubSubProto.PubsubMessage;
import dev.rr.plugin.googlepubsub.PubSubProto.Subscription;
import dev.rr.plugin.googlepubsub.PubSubProto.Topic;
import io.grpc.MethodDescriptor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The topic of a pipeline, and its subscription there. Any thread. */
final class JobTopic {
  /** How long the server waits for an outcome where a stream says nothing else; upstream's. */
  private static final int ACK_DEADLINE_SECONDS = 480;

  /** Of one request. */
  private static final int MOST = 1000;

  /** Pub/Sub takes 10 MB at once, emulators 4 MiB. A larger message goes alone. */
  private static final int MOST_BYTES = 3_000_000;

  private final PubSubClient client;
  private final PubSubKeys keys;
  private final String subscription;

  JobTopic(PubSubClient client, PubSubKeys keys, String pipeline) {
    this.client = client;
    this.keys = keys;
    this.subscription = keys.subscriptionName(pipeline);
  }

  /** The full name of the subscription. */
  String subscription() {
    return subscription;
  }

  // ---- what has to be there --------------------------------------------------------------------

  /** Makes what is missing. */
  void declare(Deadline deadline) throws CallFailure, InterruptedException {
    declare(deadline, deadline);
  }

  /**
   * As {@link #declare(Deadline)}, for less long where there is an answer.
   *
   * @param again until when what has failed is tried again
   */
  synchronized void declare(Deadline again, Deadline deadline)
      throws CallFailure, InterruptedException {
    declareTopic(keys.topicName(), again, deadline);
    if (!keys.deadLetterTopicName().isEmpty()) {
      declareTopic(keys.deadLetterTopicName(), again, deadline);
    }
    if (!isMade(PubSubMethods.CREATE_SUBSCRIPTION, wanted(), again, deadline)) {
      checkTopic(deadline);
    }
  }

  private void declareTopic(String name, Deadline again, Deadline deadline)
      throws CallFailure, InterruptedException {
    boolean unused =
        isMade(
            PubSubMethods.CREATE_TOPIC, Topic.newBuilder().setName(name).build(), again, deadline);
  }

  private <T> boolean isMade(
      MethodDescriptor<T, T> method, T wanted, Deadline again, Deadline deadline)
      throws CallFailure, InterruptedException {
    try {
      T unused = client.insist(method, wanted, again, deadline);
      return true;
    } catch (CallFailure e) {
      if (e.isThereAlready()) {
        return false;
      }
      throw e;
    }
  }

  private Subscription wanted() {
    Subscription.Builder wanted =
        Subscription.newBuilder()
            .setName(subscription)
            .setTopic(keys.topicName())
            .setAckDeadlineSeconds(ACK_DEADLINE_SECONDS);
    if (!keys.deadLetterTopicName().isEmpty()) {
      wanted.setDeadLetterPolicy(
          DeadLetterPolicy.newBuilder()
              .setDeadLetterTopic(keys.deadLetterTopicName())
              .setMaxDeliveryAttempts(keys.maxDeliveryAttempts()));
    }
    return wanted.build();
  }

  /** A subscription of another topic would never get a job. */
  private void checkTopic(Deadline deadline) throws CallFailure, InterruptedException {
    Subscription there =
        client.insist(
            PubSubMethods.GET_SUBSCRIPTION,
            GetSubscriptionRequest.newBuilder().setSubscription(subscription).build(),
            deadline);
    if (!there.getTopic().equals(keys.topicName())) {
      throw CallFailure.because(
          "%s is a subscription of %s, not of %s; delete it, or rename the pipeline"
              .formatted(subscription, there.getTopic(), keys.topicName()));
    }
  }

  // ---- what is published -----------------------------------------------------------------------

  /** Publishes jobs, in order; stops at the first that is refused, those before it stay. */
  void publish(List<Job> jobs, Deadline deadline) throws CallFailure, InterruptedException {
    Deque<PubsubMessage> left = new ArrayDeque<>(jobs.size());
    for (Job job : jobs) {
      left.add(PubSubMessages.encode(job));
    }
    while (!left.isEmpty()) {
      publishTogether(some(left), deadline);
    }
  }

  /** Takes what fits into one request; one at least. */
  private static List<PubsubMessage> some(Deque<PubsubMessage> left) {
    List<PubsubMessage> some = new ArrayList<>();
    long bytes = 0;
    for (PubsubMessage next = left.peek(); next != null; next = left.peek()) {
      bytes += next.getSerializedSize();
      if (!some.isEmpty() && (bytes > MOST_BYTES || some.size() == MOST)) {
        break;
      }
      some.add(left.remove());
    }
    return some;
  }

  private void publishTogether(List<PubsubMessage> some, Deadline deadline)
      throws CallFailure, InterruptedException {
    try {
      send(some, deadline);
    } catch (CallFailure e) {
      if (e.isMissing()) {
        declare(deadline);
        send(some, deadline);
      } else if (e.mayPass() || some.size() == 1) {
        throw e;
      } else {
        // The server takes all or none.
        for (PubsubMessage each : some) {
          send(List.of(each), deadline);
        }
      }
    }
  }

  private void send(List<PubsubMessage> some, Deadline deadline)
      throws CallFailure, InterruptedException {
    PublishResponse unused =
        client.insist(
            PubSubMethods.PUBLISH,
            PublishRequest.newBuilder().setTopic(keys.topicName()).addAllMessages(some).build(),
            deadline);
  }
}
