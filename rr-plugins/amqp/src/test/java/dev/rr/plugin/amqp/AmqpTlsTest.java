package dev.rr.plugin.amqp;

import static dev.rr.plugin.amqp.TestAmqp.unique;
import static dev.rr.testing.jobs.TestJobs.job;
import static dev.rr.testing.jobs.TestJobs.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.jobs.Delivery;
import dev.rr.api.jobs.Pipeline;
import dev.rr.testing.jobs.RecordingSink;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that lets in only those with a certificate of its authority. */
@Timeout(120)
class AmqpTlsTest {
  private final RecordingSink sink = new RecordingSink(10);

  private static TestAmqp as(String client, String authority) throws Exception {
    return as(client, authority, "127.0.0.1");
  }

  private static TestAmqp as(String client, String authority, String host) throws Exception {
    TestBroker broker = TestBroker.shared();
    AmqpConfig.Tls files =
        new AmqpConfig.Tls(
            client.isEmpty() ? "" : client + ".crt",
            client.isEmpty() ? "" : client + ".key",
            authority + ".crt",
            AmqpConfig.ClientAuth.REQUIRE_AND_VERIFY_CLIENT_CERT);
    String address = "amqps://guest:guest@" + host + ":" + broker.tlsPort;
    return new TestAmqp(new AmqpConfig(address, Optional.of(files)), broker.folder);
  }

  @Test
  void whoHasACertificateOfTheBrokersAuthorityIsLetIn() throws Exception {
    try (TestAmqp client = as("client", "authority")) {
      Pipeline pipeline = client.open("p", unique(), sink);
      pipeline.resume(soon());
      pipeline.push(List.of(job("secret")), soon());
      Delivery delivery = sink.take();
      assertThat(delivery.job().payload()).asString(UTF_8).isEqualTo("secret");
      delivery.ack();
    }
  }

  @Test
  void whoHasAnothersCertificateOrNoneIsNotAndIsToldSo() throws Exception {
    for (String client : new String[] {"stranger", ""}) {
      try (TestAmqp stranger = as(client, "authority");
          ClientLines library = new ClientLines()) {
        assertThatThrownBy(() -> stranger.open("p", unique(), sink))
            .hasMessageContaining("amqp at 127.0.0.1")
            .hasMessageContaining("certificate");
        assertThat(library.lines()).isEmpty();
      }
    }
  }

  @Test
  void aBrokerOfAnotherAuthorityIsNotTrusted() throws Exception {
    try (TestAmqp trusting = as("client", "other-authority")) {
      assertThatThrownBy(() -> trusting.open("p", unique(), sink))
          .hasMessageContaining("amqp at 127.0.0.1")
          .hasMessageContaining("unable to find valid certification path");
    }
  }

  @Test
  void aBrokerWhoseCertificateNamesAnotherHostIsNotTrusted() throws Exception {
    try (TestAmqp elsewhere = as("client", "authority", "localhost")) {
      assertThatThrownBy(() -> elsewhere.open("p", unique(), sink))
          .hasMessageContaining("No name matching localhost found");
    }
  }
}
