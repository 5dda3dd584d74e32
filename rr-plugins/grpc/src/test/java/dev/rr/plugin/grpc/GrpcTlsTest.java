package dev.rr.plugin.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.tls.TestKeys;
import dev.rr.testing.worker.Await;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.LeakCheck;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@ExtendWith(LeakCheck.class)
class GrpcTlsTest {
  @TempDir static Path keys;
  @TempDir Path folder;

  @BeforeAll
  static void makeKeys() throws Exception {
    TestKeys.make(keys, "server", "EC");
    TestKeys.make(keys, "renewed", "EC");
    TestKeys.make(keys, "client", "EC");
    TestKeys.make(keys, "foreign", "EC");
  }

  private TestGrpc serve(String more) throws Exception {
    copy("server");
    return TestGrpc.start(
        folder,
        "tls: {key: own.key, cert: own.crt" + more + "}",
        (request, reply) -> FakePool.answer(reply, "", request.context().toUpperCase(Locale.ROOT)));
  }

  private void copy(String name) throws Exception {
    for (String kind : new String[] {".key", ".crt"}) {
      Files.copy(
          keys.resolve(name + kind),
          folder.resolve("own" + kind),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static Client client(TestGrpc server, String trusted, @Nullable String identity)
      throws Exception {
    SslContextBuilder builder =
        GrpcSslContexts.forClient().trustManager(keys.resolve(trusted + ".crt").toFile());
    if (identity != null) {
      builder.keyManager(
          keys.resolve(identity + ".crt").toFile(), keys.resolve(identity + ".key").toFile());
    }
    SslContext context = builder.build();
    return server.client((NettyChannelBuilder b) -> b.useTransportSecurity().sslContext(context));
  }

  private static String outcome(Client client) throws Exception {
    Client.Call call = client.ping("");
    return call.status().isOk() ? call.outcome() : call.status().getCode().toString();
  }

  @Test
  void callsComeThroughTlsAndWorkersAreToldSo() throws Exception {
    try (TestGrpc server = serve("")) {
      assertThat(outcome(client(server, "server", null))).contains("\":PEER.AUTH-TYPE\":[\"TLS\"]");
    }
  }

  @Test
  void aClientWithoutTlsIsTurnedAway() throws Exception {
    try (TestGrpc server = serve("")) {
      assertThat(outcome(server.client())).isEqualTo(Status.Code.UNAVAILABLE.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    // what is asked; whether one without a certificate, with a trusted and with a foreign one
    // enters, which the JDK's client does not show where only others are asked for
    "no_client_cert, true, true, true",
    "request_client_cert, true, true, true",
    "require_any_client_cert, false, true, true",
    "verify_client_cert_if_given, true, true, true",
    "require_and_verify_client_cert, false, true, false",
    "no_client_certs, true, true, true",
  })
  void clientsAreAskedForCertificates(String asked, boolean none, boolean own, boolean foreign)
      throws Exception {
    String more = ", root_ca: " + keys.resolve("client.crt") + ", client_auth_type: " + asked;
    try (TestGrpc server = serve(more)) {
      assertThat(enters(client(server, "server", null))).isEqualTo(none);
      assertThat(enters(client(server, "server", "client"))).isEqualTo(own);
      assertThat(enters(client(server, "server", "foreign"))).isEqualTo(foreign);
    }
  }

  private static boolean enters(Client client) throws Exception {
    return outcome(client).contains("PEER");
  }

  @Test
  void aRenewedCertificateIsShownToNewConnections() throws Exception {
    try (TestGrpc server = serve("")) {
      Client before = client(server, "server", null);
      assertThat(enters(before)).isTrue();
      copy("renewed");
      Await.until("the new certificate", () -> !server.log.with("certificate reloaded").isEmpty());
      assertThat(enters(client(server, "renewed", null))).isTrue();
      assertThat(outcome(client(server, "server", null)))
          .isEqualTo(Status.Code.UNAVAILABLE.toString());
      assertThat(enters(before)).as("a connection that was open").isTrue();
    }
  }
}
