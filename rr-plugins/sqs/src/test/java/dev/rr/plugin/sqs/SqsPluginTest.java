package dev.rr.plugin.sqs;

import static dev.rr.testing.jobs.TestJobs.job;
import static dev.rr.testing.jobs.TestJobs.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rr.api.config.ConfigException;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.jobs.Pipeline;
import dev.rr.config.Configuration;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.server.TestServer;
import dev.rr.testing.worker.LeakCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqsPluginTest {
  private static final String SECRET = "hidden-secret";

  private static final String REFUSAL =
      "{\"__type\":\"com.amazonaws.sqs#AccessDeniedException\",\"message\":\"not you\"}";

  private static final String CREDENTIALS =
      """
      <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
        <AssumeRoleWithWebIdentityResult>
          <Credentials>
            <AccessKeyId>AKPOD</AccessKeyId>
            <SecretAccessKey>hidden-secret</SecretAccessKey>
            <SessionToken>of-the-session</SessionToken>
            <Expiration>2099-01-01T00:00:00Z</Expiration>
          </Credentials>
        </AssumeRoleWithWebIdentityResult>
      </AssumeRoleWithWebIdentityResponse>
      """;

  @TempDir Path folder;

  private static QueueKeys keys(Map<String, ?> keys) {
    return TestSqs.spec("p", keys).config().bind(QueueKeysBinder.INSTANCE);
  }

  // ---- keys ------------------------------------------------------------------------------------

  @Test
  void keysHaveUpstreamsDefaults() {
    assertThat(keys(Map.of()))
        .isEqualTo(
            new QueueKeys(
                "default", 1, 1, 0, 0, false, 0, 0, "", false, Map.of(), Map.of(), false));
  }

  @Test
  void numbersAreBroughtIntoTheirBoundsAsUpstreamDoes() {
    QueueKeys large =
        keys(
            Map.of(
                "prefetch", "100",
                "wait_time_seconds", "60",
                "visibility_timeout", "50000",
                "error_visibility_timeout", "50000"));
    assertThat(
            List.of(
                large.prefetch(),
                large.maxMessagesInFlight(),
                large.waitTimeSeconds(),
                large.visibilityTimeout(),
                large.errorVisibilityTimeout()))
        .containsExactly(10, 10, 20, 43_200, 43_200);
    QueueKeys small = keys(Map.of("prefetch", -1, "wait_time", -1, "visibility_timeout", -1));
    assertThat(List.of(small.prefetch(), small.waitTimeSeconds(), small.visibilityTimeout()))
        .containsExactly(1, 0, 0);
  }

  @Test
  void whatPhpDeclaresIsDecoded() {
    assertThat(
            keys(
                Map.of(
                    "name", "p",
                    "driver", "sqs",
                    "prefetch", "5",
                    "visibility_timeout", "7",
                    "wait_time", "3",
                    "queue", "q.fifo",
                    "skip_queue_declaration", "true",
                    "attributes", "{\"MaximumMessageSize\":\"1024\",\"DelaySeconds\":1}",
                    "tags", "{\"a\":\"b\"}",
                    "message_group_id", "g")))
        .isEqualTo(
            new QueueKeys(
                "q.fifo",
                5,
                5,
                7,
                0,
                false,
                3,
                3,
                "g",
                true,
                Map.of("MaximumMessageSize", "1024", "DelaySeconds", "1"),
                Map.of("a", "b"),
                false));
  }

  @Test
  void attributesAreSpelledAsSqsWantsThem() {
    assertThat(
            QueueAttributes.of(
                keys(
                    Map.of(
                        "queue",
                        "q.fifo",
                        "attributes",
                        Map.of(
                            "kmsmasterkeyid", "k",
                            "ContentBasedDeduplication", true,
                            "sqsmanagedsseenabled", "0",
                            "DEDUPLICATIONSCOPE", "messagegroup",
                            "FifoThroughputLimit", "permessagegroupid",
                            "Another", "As")))))
        .isEqualTo(
            Map.of(
                "FifoQueue", "true",
                "KmsMasterKeyId", "k",
                "ContentBasedDeduplication", "true",
                "SqsManagedSseEnabled", "false",
                "DeduplicationScope", "messageGroup",
                "FifoThroughputLimit", "perMessageGroupId",
                "Another", "As"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "queue | a b | 'a b' is no name of a queue; allowed are up to 80 letters, digits, - and _",
        "queue | q.fifo.x | .fifo at the end",
        "prefetch | many | prefetch",
        "attributes | x | attributes",
        "attributes | {\"a\": {}} | attributes.a"
      })
  void whatIsWrongWithAPipelineIsTold(String key, String value, String problem) {
    assertThatThrownBy(() -> keys(Map.of(key, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{endpoint: 'localhost:9324'} | sqs.endpoint",
        "{endpoint: 'localhost:9324'} | allowed are http://host:port and https://host",
        "{endpoint: 'http://'} | 'http://' is no endpoint",
        "{key: AK} | sqs.secret",
        "{secret: hidden-secret} | sqs.key",
        "{secret: hidden-secret} | go together",
      })
  void whatIsWrongWithTheAccountIsToldWithoutItsSecrets(String keys, String problem)
      throws Exception {
    Problems problems = new Problems();
    Section section = configuration(keys).section("sqs", problems);
    problems.collect(() -> section.bind(SqsConfigBinder.INSTANCE));
    assertThat(problems.found())
        .singleElement()
        .asString()
        .contains(problem)
        .doesNotContain(SECRET);
  }

  private Configuration configuration(String keys) throws IOException {
    Path file = folder.resolve(".rr.yaml");
    Files.writeString(file, "version: \"3\"\nsqs: " + keys + "\n");
    return Configuration.read(file);
  }

  @Test
  void nothingOfTheAccountNeedsToBeSaid() throws Exception {
    SqsConfig config =
        configuration("{}").section("sqs", new Problems()).bind(SqsConfigBinder.INSTANCE);
    assertThat(config).isEqualTo(new SqsConfig("", "", "", "", ""));
    assertThat(config.hasKey()).isFalse();
  }

  // ---- credentials -----------------------------------------------------------------------------

  /** What stands in for Amazon: gives credentials for a token, and refuses everything else. */
  private static HttpServer amazon(List<String> signatures) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          Headers headers = exchange.getRequestHeaders();
          if (body.contains("WebIdentityToken=the-token")) {
            answer(exchange, 200, CREDENTIALS);
            return;
          }
          signatures.add(
              headers.getFirst("Authorization")
                  + " token="
                  + headers.getFirst("X-Amz-Security-Token"));
          answer(exchange, 403, REFUSAL);
        });
    server.start();
    return server;
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** What calls are signed with. */
  private static List<String> signatures(Map<String, String> keys) throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    HttpServer server = amazon(seen);
    try {
      isRefused(keys, server.getAddress().getPort());
    } finally {
      server.stop(0);
    }
    return seen;
  }

  private static void isRefused(Map<String, String> keys, int port) throws Exception {
    Map<String, String> all = new HashMap<>(keys);
    all.put("endpoint", "http://127.0.0.1:" + port);
    try (TestSqs sqs = new TestSqs(all)) {
      assertThatThrownBy(() -> sqs.open(Map.of(), new RecordingSink(1)))
          .hasMessageStartingWith("new_sqs_consumer: AccessDenied")
          .hasMessageEndingWith(": not you")
          .hasMessageNotContaining(SECRET);
    }
  }

  @Test
  void callsAreSignedWithTheKeyOfTheConfiguration() throws Exception {
    assertThat(
            signatures(
                Map.of(
                    "key", "AKONE",
                    "secret", SECRET,
                    "region", "eu-west-3",
                    "session_token", "token-1")))
        .isNotEmpty()
        .allSatisfy(signed ->
            assertThat(signed)
                .contains("Credential=AKONE/", "/eu-west-3/sqs/aws4_request", "token=token-1"));
  }

  @Test
  void withoutAKeyTheLibrarysChainIsAsked() throws Exception {
    System.setProperty("aws.accessKeyId", "AKTWO");
    System.setProperty("aws.secretAccessKey", SECRET);
    try {
      assertThat(signatures(Map.of()))
          .isNotEmpty()
          .allSatisfy(signed ->
              assertThat(signed).contains("Credential=AKTWO/", "/us-east-1/sqs/", "token=null"));
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }

  @Test
  void aPodProvesWhoItIsWithAToken() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    HttpServer server = amazon(seen);
    int port = server.getAddress().getPort();
    Map<String, String> environment =
        Map.of(
            "aws.webIdentityTokenFile",
                Files.writeString(folder.resolve("token"), "the-token").toString(),
            "aws.roleArn", "arn:aws:iam::1:role/r",
            "aws.roleSessionName", "s",
            "aws.region", "eu-west-3",
            "aws.endpointUrlSts", "http://127.0.0.1:" + port);
    environment.forEach(System::setProperty);
    try {
      LeakCheck.around(() -> isRefused(Map.of(), port));
    } finally {
      environment.keySet().forEach(System::clearProperty);
      server.stop(0);
    }
    assertThat(seen)
        .isNotEmpty()
        .allSatisfy(signed ->
            assertThat(signed)
                .contains("Credential=AKPOD/", "/eu-west-3/sqs/", "token=of-the-session"));
  }

  @Test
  void whereNobodyHasAKeyThatIsTold() throws Exception {
    System.setProperty("aws.disableEc2Metadata", "true");
    try (TestSqs sqs =
        new TestSqs(Map.of("endpoint", "http://127.0.0.1:" + TestServer.freePort()))) {
      assertThatThrownBy(() -> sqs.open(Map.of(), new RecordingSink(1)))
          .hasMessageStartingWith("new_sqs_consumer: Unable to load credentials from any of");
    } finally {
      System.clearProperty("aws.disableEc2Metadata");
    }
  }

  @Test
  void whereNobodyKnowsTheRegionThatIsTold() throws Exception {
    System.setProperty("aws.disableEc2Metadata", "true");
    try (TestSqs sqs = new TestSqs(Map.of("key", "a", "secret", SECRET))) {
      assertThatThrownBy(() -> sqs.open(Map.of(), new RecordingSink(1)))
          .hasMessageStartingWith("new_sqs_consumer: no region: sqs.region is not set");
    } finally {
      System.clearProperty("aws.disableEc2Metadata");
    }
  }

  // ---- its life --------------------------------------------------------------------------------

  @Test
  void leavesNothingBehind() throws Exception {
    int port = ElasticMq.shared().port();
    LeakCheck.around(() -> {
      TestSqs unused = new TestSqs(Map.of());
      unused.close();
      unused.close();
    });
    LeakCheck.around(() -> {
      try (TestSqs sqs = TestSqs.at(port)) {
        Pipeline pipeline =
            sqs.open(TestSqs.keys(TestSqs.unique(), "wait_time", "20"), new RecordingSink(1));
        pipeline.resume(soon());
        pipeline.push(List.of(job("x")), soon());
      }
    });
  }
}
