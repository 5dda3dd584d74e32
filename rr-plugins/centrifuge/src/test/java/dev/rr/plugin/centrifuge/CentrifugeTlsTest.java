package dev.rr.plugin.centrifuge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.netty.tls.ListenerTls;
import dev.rr.testing.tls.TestKeys;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.LeakCheck;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@ExtendWith(LeakCheck.class)
class CentrifugeTlsTest {
  @TempDir static Path keys;
  @TempDir Path folder;

  @BeforeAll
  static void makeKeys() throws Exception {
    TestKeys.make(keys, "server", "EC");
    TestKeys.make(keys, "client", "EC");
    TestKeys.make(keys, "foreign", "EC");
  }

  // ---- Centrifugo calls ------------------------------------------------------------------------

  private TestCentrifuge serve(String more) throws Exception {
    return TestCentrifuge.start(
        folder,
        "proxy_tls: {key: "
            + keys.resolve("server.key")
            + ", cert: "
            + keys.resolve("server.crt")
            + more
            + "}",
        (request, reply) -> TestCentrifuge.answer(reply, request.body()));
  }

  private static boolean enters(TestCentrifuge server, @Nullable String identity) throws Exception {
    SslContextBuilder builder =
        GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
            .trustManager(keys.resolve("server.crt").toFile());
    if (identity != null) {
      builder.keyManager(
          keys.resolve(identity + ".crt").toFile(), keys.resolve(identity + ".key").toFile());
    }
    SslContext context = builder.build();
    ProxyClient client =
        server.client((NettyChannelBuilder b) -> b.useTransportSecurity().sslContext(context));
    return client.call("Connect", Texts.message(1, "a")).status().isOk();
  }

  @Test
  void centrifugoCallsThroughTls() throws Exception {
    try (TestCentrifuge server = serve("")) {
      assertThat(enters(server, null)).isTrue();
      assertThat(server.client().call("Connect", Texts.message(1, "a")).status().getCode())
          .isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  @Test
  void whoHasNoTrustedCertificateDoesNotEnter() throws Exception {
    String asked =
        ", root_ca: "
            + keys.resolve("client.crt")
            + ", client_auth_type: require_and_verify_client_cert";
    try (TestCentrifuge server = serve(asked)) {
      assertThat(enters(server, null)).isFalse();
      assertThat(enters(server, "foreign")).isFalse();
      assertThat(enters(server, "client")).isTrue();
    }
  }

  // ---- Centrifugo is called --------------------------------------------------------------------

  /** An API that wants to see the client's certificate. */
  private FakeApi api() throws Exception {
    ListenerTls.Files files =
        new ListenerTls.Files(
            "api",
            keys.resolve("server.crt").toString(),
            keys.resolve("server.key").toString(),
            keys.resolve("client.crt").toString(),
            "require_and_verify_client_cert",
            folder);
    return new FakeApi(folder, 0, Optional.of(files));
  }

  private TestCentrifuge caller(FakeApi api, String tls) throws Exception {
    return new TestCentrifuge(
            folder,
            "grpc_api_address: \"" + api.address() + "\", tls: {" + tls + "}",
            FakePool.answering("", ""))
        .start();
  }

  private static String files(String identity) {
    return "key: " + keys.resolve(identity + ".key") + ", cert: " + keys.resolve(identity + ".crt");
  }

  @Test
  void theApiIsCalledThroughTlsWithACertificate() throws Exception {
    try (FakeApi api = api();
        TestCentrifuge server =
            caller(api, files("client") + ", root_ca: " + keys.resolve("server.crt"))) {
      assertThat(server.rpc("Publish", "asked")).contains("Publish");
    }
  }

  @Test
  void anApiThatIsNotTrustedIsNotCalled() throws Exception {
    try (FakeApi api = api();
        TestCentrifuge server = caller(api, files("client"))) {
      assertThatThrownBy(() -> server.rpc("Publish", "asked"))
          .cause()
          .hasMessageStartingWith("rpc error: code = Unavailable desc = cannot reach Centrifugo");
      assertThat(api.calls).isEmpty();
    }
  }

  @Test
  void anApiThatKnowsAnotherCertificateRefuses() throws Exception {
    try (FakeApi api = api();
        TestCentrifuge server =
            caller(api, files("foreign") + ", root_ca: " + keys.resolve("server.crt"))) {
      assertThatThrownBy(() -> server.rpc("Publish", "asked"))
          .cause()
          .hasMessageStartingWith("rpc error: code = Unavailable desc = ");
      assertThat(api.calls).isEmpty();
    }
  }
}
