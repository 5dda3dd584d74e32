package dev.rr.plugin.googlepubsub;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import dev.rr.api.jobs.Job;
import dev.rr.api.log.Log;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.tls.Identity;
import dev.rr.net.AddressForms;
import dev.rr.testing.jobs.RecordingSink;
import dev.rr.testing.tls.TestKeys;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PubSubAccessTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path folder;

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10));
  }

  private PubSubClient client(int port, Duration tokenLasts) throws IOException {
    return new PubSubClient(
        AddressForms.PORT.parse("127.0.0.1:" + port),
        PubSubAccess.with(
            TlsChannelCredentials.newBuilder()
                .trustManager(folder.resolve("server.crt").toFile())
                .build(),
            GoogleCredentials.create(
                new AccessToken("token", Date.from(Instant.now().plus(tokenLasts))))),
        Log.NONE);
  }

  @Test
  void speaksTlsAndShowsItsCredentialsWithEachCall() throws Exception {
    TestKeys.make(folder, "server", "EC");
    TestKeys.make(folder, "stranger", "EC");
    try (TestPubSub server = new TestPubSub(folder);
        TlsEnd tls = new TlsEnd(TestKeys.read(folder, "server"), server.port());
        TlsEnd strange = new TlsEnd(TestKeys.read(folder, "stranger"), server.port())) {
      works(client(tls.port(), HOUR));
      fails(client(tls.port(), HOUR.negated()), ": Pub/Sub at 127.0.0.1:", "UNAUTHENTICATED");
      fails(client(strange.port(), HOUR), ": cannot reach Pub/Sub at", "certification path");
    }
  }

  private static void works(PubSubClient client) throws Exception {
    RecordingSink sink = new RecordingSink(10);
    PubSubPipeline pipeline = open(client, sink);
    pipeline.resume(soon());
    pipeline.push(
        List.of(new Job("i", "task", new byte[] {1}, Map.of(), Job.Options.NONE)), soon());
    sink.take().ack();
    pipeline.stop(soon());
    client.close(soon());
  }

  private static PubSubPipeline open(PubSubClient client, RecordingSink sink) throws Exception {
    return TestPubSub.open(client, TestPubSub.keys("secret", 10), sink, Log.NONE);
  }

  private static void fails(PubSubClient client, String begin, String reason) throws Exception {
    assertThatThrownBy(() -> open(client, new RecordingSink(1)))
        .hasMessageStartingWith("google_pub_sub_consumer" + begin)
        .hasMessageContaining(reason);
    client.close(soon());
  }

  /** Takes TLS off what clients send, for a server that speaks plaintext. */
  private static final class TlsEnd implements AutoCloseable {
    private final SSLServerSocket listener;
    private final int target;

    TlsEnd(Identity identity, int target) throws Exception {
      this.target = target;
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      keys.setKeyEntry(
          "k", identity.key(), new char[0], identity.chain().toArray(Certificate[]::new));
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      listener =
          (SSLServerSocket)
              context
                  .getServerSocketFactory()
                  .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
      SSLParameters parameters = listener.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      listener.setSSLParameters(parameters);
      Thread.ofVirtual().name("test-tls").start(this::accept);
    }

    int port() {
      return listener.getLocalPort();
    }

    private void accept() {
      while (!listener.isClosed()) {
        try {
          Socket client = listener.accept();
          Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
          Thread.ofVirtual().name("test-tls").start(() -> pump(client, server));
          Thread.ofVirtual().name("test-tls").start(() -> pump(server, client));
        } catch (IOException e) {
          // It is closed, or nobody is behind it.
        }
      }
    }

    private static void pump(Socket from, Socket to) {
      try (InputStream in = from.getInputStream();
          OutputStream out = to.getOutputStream()) {
        long unused = in.transferTo(out);
      } catch (IOException e) {
        // The other side has ended.
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }
}
