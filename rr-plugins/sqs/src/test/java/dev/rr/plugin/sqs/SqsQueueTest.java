package dev.rr.plugin.sqs;

import static dev.rr.testing.jobs.TestJobs.job;
import static dev.rr.testing.jobs.TestJobs.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Job;
import dev.rr.api.jobs.Pipeline;
import dev.rr.api.jobs.PipelineState;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.jobs.TestJobs;
import dev.rr.testing.worker.Await;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What keys mean to a queue, and what a queue means to jobs. */
@Timeout(120)
class SqsQueueTest {
  private final TestSqs sqs = TestSqs.shared();
  private final RecordingSink sink = new RecordingSink(1000);
  private final String queue = TestSqs.unique();
  private final SqsHttp http = new SqsHttp();

  /** Another client of the same queues. */
  private final SqsClient other =
      SqsClient.builder()
          .httpClient(http)
          .endpointOverride(URI.create("http://127.0.0.1:" + ElasticMq.shared().port()))
          .region(Region.EU_CENTRAL_1)
          .credentialsProvider(
              StaticCredentialsProvider.create(AwsBasicCredentials.create("x", "x")))
          .build();

  SqsQueueTest() throws Exception {}

  @AfterEach
  void close() throws Exception {
    sqs.close();
    other.close();
    http.close();
  }

  private String url() {
    return other.getQueueUrl(q -> q.queueName(queue)).queueUrl();
  }

  private Pipeline open(Object... more) throws Exception {
    Pipeline pipeline = sqs.open(TestSqs.keys(queue, more), sink);
    pipeline.resume(soon());
    return pipeline;
  }

  private static void push(Pipeline pipeline, Job... jobs) throws Exception {
    pipeline.push(List.of(jobs), soon());
  }

  private Set<String> takeAndAck(int count) throws Exception {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < count; i++) {
      Delivery delivery = sink.take();
      ids.add(delivery.job().id());
      delivery.ack();
    }
    return ids;
  }

  @Test
  void aBatchIsSentInCallsOfTenAndOfWhatSqsTakesAtOnce() throws Exception {
    Pipeline pipeline = open("prefetch", "10");
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      jobs.add(job("x".repeat(i % 5 == 0 ? 100_000 : 10)));
    }
    pipeline.push(jobs, soon());
    assertThat(takeAndAck(25))
        .containsExactlyInAnyOrderElementsOf(jobs.stream().map(Job::id).toList());
  }

  @Test
  void aDelayBeyondFifteenMinutesIsRefusedInUpstreamsWordsAndThoseBeforeItStay() throws Exception {
    Pipeline pipeline = open();
    Job good = job("good");
    Job late = job("late", Map.of(), Duration.ofSeconds(901));
    assertThatThrownBy(() -> push(pipeline, good, late, job("behind")))
        .hasMessage(
            "sqs_push: unable to push, maximum possible delay is 900 seconds (15 minutes),"
                + " provided: 901");
    assertThat(takeAndAck(1)).containsExactly(good.id());
    assertThat(sink.poll(200)).isNull();
  }

  @Test
  void aJobThatIsToComeAgainTooLateComesAgainAsItWas() throws Exception {
    Pipeline pipeline = open("visibility_timeout", "1");
    push(pipeline, job("x"));
    Delivery first = sink.take();
    assertThatThrownBy(() -> first.requeue(Map.of(), Duration.ofHours(1)))
        .hasMessageContaining("maximum possible delay is 900 seconds (15 minutes), provided: 3600");
    sink.take().ack();
  }

  @Test
  void noMoreIsTakenThanMayBeHeld() throws Exception {
    Pipeline pipeline = open("prefetch", "10", "max_messages_in_flight", "3");
    pipeline.push(IntStream.range(0, 8).mapToObj(i -> job("" + i)).toList(), soon());
    List<Delivery> taken = List.of(sink.take(), sink.take(), sink.take());
    assertThat(sink.poll(300)).isNull();
    PipelineState state = pipeline.state(soon());
    assertThat(List.of(state.active(), state.reserved())).containsExactly(5L, 3L);
    taken.get(0).ack();
    Delivery next = sink.take();
    assertThat(sink.poll(200)).isNull();
    next.ack();
    taken.get(1).ack();
    taken.get(2).ack();
    takeAndAck(4);
  }

  @Test
  void itsFiguresAreTheQueues() throws Exception {
    Pipeline pipeline = sqs.open(TestSqs.keys(queue), sink);
    push(pipeline, job("a"), job("b"), job("later", Map.of(), Duration.ofSeconds(60)));
    assertThat(pipeline.state(soon()))
        .isEqualTo(new PipelineState("p", "sqs", url(), 2, 1, 0, false, TestJobs.PRIORITY, ""));
    pipeline.resume(soon());
    sink.take();
    assertThat(pipeline.state(soon()))
        .isEqualTo(new PipelineState("p", "sqs", url(), 1, 1, 1, true, TestJobs.PRIORITY, ""));
  }

  @Test
  void aJobIsKeptAsLongAsItIsHeld() throws Exception {
    Pipeline pipeline = open("visibility_timeout", "3", "max_messages_in_flight", "10");
    push(pipeline, job("slow"));
    Delivery slow = sink.take();
    assertThat(sink.poll(4500)).isNull();
    slow.ack();
    assertThat(pipeline.state(soon()).reserved()).isZero();
  }

  @Test
  void aJobOfAConsumerThatIsNeverHeardOfAgainComesToAnother() throws Exception {
    Pipeline pipeline = sqs.open(TestSqs.keys(queue), sink);
    push(pipeline, job("x"));
    assertThat(
            other
                .receiveMessage(r -> r.queueUrl(url()).waitTimeSeconds(5).visibilityTimeout(1))
                .messages())
        .hasSize(1);
    pipeline.resume(soon());
    Delivery delivery = sink.take();
    assertThat(delivery.job().headers()).containsEntry("ApproximateReceiveCount", List.of("2"));
    delivery.ack();
  }

  @Test
  void aFailedJobIsANewMessage() throws Exception {
    Pipeline pipeline = open();
    push(pipeline, job("x", Map.of("own", List.of("1")), Duration.ZERO));
    Delivery first = sink.take();
    first.nack();
    Delivery second = sink.take();
    assertThat(second.job().headers())
        .containsEntry("own", List.of("1"))
        .containsEntry("ApproximateReceiveCount", List.of("1"));
    second.nack(false, Duration.ZERO);
    sink.take().ack();
  }

  @Test
  void aFailedJobThatIsRetainedStaysTheSameMessage() throws Exception {
    Pipeline pipeline = open("retain_failed_jobs", "true", "error_visibility_timeout", "1");
    push(pipeline, job("x"));
    Delivery delivery = sink.take();
    for (String count : List.of("1", "2", "3")) {
      assertThat(delivery.job().headers()).containsEntry("ApproximateReceiveCount", List.of(count));
      long failed = System.nanoTime();
      delivery.nack(false, Duration.ZERO);
      delivery = sink.take();
      assertThat(Duration.ofNanos(System.nanoTime() - failed))
          .isGreaterThan(Duration.ofMillis(400));
    }
    assertThat(delivery.job().headers()).containsEntry("ApproximateReceiveCount", List.of("4"));
    delivery.ack();
  }

  @Test
  void withoutATimeOfItsOwnItComesAgainWhenItIsHiddenNoLonger() throws Exception {
    Pipeline pipeline = open("retain_failed_jobs", "true", "visibility_timeout", "1");
    push(pipeline, job("x"));
    sink.take().nack();
    assertThat(sink.poll(300)).isNull();
    Delivery again = sink.take();
    assertThat(again.job().headers()).containsEntry("ApproximateReceiveCount", List.of("2"));
    again.ack();
  }

  @Test
  void messagesOfOthersAreJobsToo() throws Exception {
    Pipeline pipeline = open();
    other.sendMessage(m ->
        m.queueUrl(url())
            .messageBody("fooobarrbazzz")
            .messageAttributes(
                Map.of(
                    "foo",
                    MessageAttributeValue.builder()
                        .dataType("String")
                        .stringValue("bar")
                        .build())));
    Delivery delivery = sink.take();
    assertThat(delivery.job().name()).isEqualTo("deduced_by_rr");
    assertThat(delivery.job().payload()).asString(UTF_8).isEqualTo("fooobarrbazzz");
    assertThat(delivery.job().headers())
        .containsEntry("foo", List.of("bar"))
        .containsKeys("SentTimestamp", "ApproximateReceiveCount");
    assertThat(delivery.queue()).isEqualTo(queue);
    delivery.requeue(Map.of("more", List.of("1")), Duration.ZERO);
    Delivery again = sink.take();
    assertThat(again.job().id()).isEqualTo(delivery.job().id());
    assertThat(again.job().headers())
        .containsEntry("foo", List.of("bar"))
        .containsEntry("more", List.of("1"));
    again.ack();
    assertThat(pipeline.state(soon()).reserved()).isZero();
  }

  @Test
  void whatTheQueueTellsOfAMessageIsNotKeptInItsCopy() throws Exception {
    Pipeline pipeline = sqs.open(TestSqs.keys(queue), sink);
    pipeline.resume(soon());
    push(pipeline, job("x"));
    Delivery first = sink.take();
    pipeline.pause(soon());
    first.requeue(Map.of("own", List.of("1")), Duration.ZERO);
    Message copy =
        other
            .receiveMessage(r -> r.queueUrl(url()).waitTimeSeconds(5).messageAttributeNames("All"))
            .messages()
            .getFirst();
    assertThat(copy.messageAttributes())
        .hasEntrySatisfying(
            "rr_headers",
            headers ->
                assertThat(headers.binaryValue().asUtf8String()).isEqualTo("{\"own\":[\"1\"]}"));
  }

  @Test
  void aQueueIsMadeWithItsAttributesAndTags() throws Exception {
    Pipeline pipeline =
        sqs.open(
            TestSqs.keys(
                queue,
                "attributes",
                "{\"delayseconds\": 1, \"VisibilityTimeout\": \"77\"}",
                "tags",
                "{\"Team\": \"a\"}"),
            sink);
    assertThat(
            other
                .getQueueAttributes(q -> q.queueUrl(url()).attributeNames(QueueAttributeName.ALL))
                .attributesAsStrings())
        .containsEntry("DelaySeconds", "1")
        .containsEntry("VisibilityTimeout", "77");
    assertThat(other.listQueueTags(q -> q.queueUrl(url())).tags()).isEqualTo(Map.of("Team", "a"));
    // One that is there is used, whatever its attributes.
    Pipeline second =
        sqs.open(TestSqs.keys(queue, "attributes", "{\"VisibilityTimeout\": 5}"), sink);
    assertThat(second.state(soon()).queue()).isEqualTo(pipeline.state(soon()).queue());
  }

  @Test
  void aQueueThatHasToBeThereIsNotMade() {
    assertThatThrownBy(() -> sqs.open(TestSqs.keys(queue, "skip_queue_declaration", "true"), sink))
        .hasMessage("new_sqs_consumer: QueueDoesNotExist: The specified queue does not exist.");
  }

  @Test
  void aQueueThatWasDeletedIsMadeAnew() throws Exception {
    Pipeline pipeline = open();
    push(pipeline, job("before"));
    takeAndAck(1);
    String url = url();
    var _ = other.deleteQueue(q -> q.queueUrl(url));
    Job after = job("after");
    push(pipeline, after);
    assertThat(takeAndAck(1)).containsExactly(after.id());
    assertThat(sqs.log.with("the queue is gone, it is made anew")).isNotEmpty();
    assertThat(sink.losses()).isEmpty();
  }

  @Test
  void aPipelineThatOnlyConsumesMakesItAnewToo() throws Exception {
    Pipeline pipeline = open();
    String url = url();
    var _ = other.deleteQueue(q -> q.queueUrl(url));
    Await.until("it is there again", () -> isThere());
    push(pipeline, job("after"));
    takeAndAck(1);
  }

  private boolean isThere() {
    return other.listQueues(q -> q.queueNamePrefix(queue)).queueUrls().size() == 1;
  }

  @Test
  void aJobOfAFifoQueueComesOnceAndItsCopyAgain() throws Exception {
    String fifo = queue + ".fifo";
    Pipeline pipeline = sqs.open(TestSqs.keys(fifo, "message_group_id", "g"), sink);
    pipeline.resume(soon());
    Job job = job("x");
    push(pipeline, job);
    push(pipeline, job);
    Delivery first = sink.take();
    assertThat(first.job().headers())
        .containsEntry("MessageGroupId", List.of("g"))
        .containsEntry("MessageDeduplicationId", List.of(job.id()));
    first.requeue(Map.of("attempts", List.of("1")), Duration.ofSeconds(5));
    Delivery again = sink.take();
    assertThat(again.job().headers())
        .containsEntry("attempts", List.of("1"))
        .containsEntry("MessageGroupId", List.of("g"))
        .doesNotContainEntry("MessageDeduplicationId", List.of(job.id()));
    again.nack();
    sink.take().ack();
    assertThat(sink.poll(300)).isNull();
    assertThat(sqs.log.with("a FIFO queue cannot delay single jobs")).hasSize(1);
  }

  @Test
  void aFifoQueueWithoutAGroupTakesNoJobs() throws Exception {
    Pipeline pipeline = sqs.open(TestSqs.keys(queue + ".fifo"), sink);
    assertThatThrownBy(() -> push(pipeline, job("x")))
        .hasMessage(
            "sqs_push: " + queue + ".fifo is a FIFO queue, whose jobs need a message_group_id");
  }

  @Test
  void jobsOfAFifoQueueComeInOrderAndAreGivenBackInOrder() throws Exception {
    Map<String, Object> keys =
        TestSqs.keys(queue + ".fifo", "message_group_id", "g", "prefetch", "10");
    Pipeline pipeline = sqs.open(keys, sink);
    List<Job> jobs = IntStream.range(0, 25).mapToObj(i -> job("" + i)).toList();
    pipeline.push(jobs, soon());
    pipeline.resume(soon());
    Delivery first = sink.take();
    assertThat(first.job().id()).isEqualTo(jobs.getFirst().id());
    pipeline.stop(soon());
    RecordingSink next = new RecordingSink(100);
    Pipeline second = sqs.open(keys, next);
    second.resume(soon());
    for (Job job : jobs) {
      Delivery delivery = next.take();
      assertThat(delivery.job().id()).isEqualTo(job.id());
      delivery.ack();
    }
  }
}
