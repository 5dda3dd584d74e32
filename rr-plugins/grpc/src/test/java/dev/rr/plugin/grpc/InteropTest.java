package dev.rr.plugin.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.rr.api.worker.PoolConfig;
import dev.rr.testing.worker.LeakCheck;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cases that implementations of gRPC are tested with against each other, as far as they are a
 * server's; PHP answers them. Those of authorisation and of load reports are somebody else's.
 */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class InteropTest {
  private static final String SERVICE = "grpc.testing.TestService";
  private static final int[] ASKED = {27_182, 8, 1_828, 45_904};
  private static final int[] ANSWERED = {31_415, 9, 2_653, 58_979};

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private TestGrpc server;

  @SuppressWarnings("NullAway.Init") // before each test
  private Client client;

  @BeforeEach
  void start() throws Exception {
    Files.writeString(
        folder.resolve("echo.proto"),
        """
        syntax = "proto3";
        package grpc.testing;
        service TestService {
          rpc EmptyCall (Empty) returns (Empty);
          rpc UnaryCall (SimpleRequest) returns (SimpleResponse);
          rpc StreamingOutputCall (StreamingOutputCallRequest) returns (stream StreamingOutputCallResponse);
          rpc StreamingInputCall (stream StreamingInputCallRequest) returns (StreamingInputCallResponse);
          rpc FullDuplexCall (stream StreamingOutputCallRequest) returns (stream StreamingOutputCallResponse);
          rpc UnimplementedCall (Empty) returns (Empty);
        }
        """);
    // One: a call that is not over would hold up the next.
    server =
        new TestGrpc(
                folder, "", PhpWorkers.pool(folder, PoolConfig.of(1), "interop-worker.php"), null)
            .start();
    client = server.client();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  // ---- messages ---------------------------------------------------------------------------------

  private static UnknownFieldSet.Builder message() {
    return UnknownFieldSet.newBuilder();
  }

  private static Field number(long value) {
    return Field.newBuilder().addVarint(value).build();
  }

  private static Field bytes(ByteString value) {
    return Field.newBuilder().addLengthDelimited(value).build();
  }

  private static Field payload(int size) {
    return bytes(
        message().addField(2, bytes(ByteString.copyFrom(new byte[size]))).build().toByteString());
  }

  private static Field status(int code, String text) {
    return bytes(
        message()
            .addField(1, number(code))
            .addField(2, bytes(ByteString.copyFromUtf8(text)))
            .build()
            .toByteString());
  }

  private static Field parameters(int... sizes) {
    Field.Builder all = Field.newBuilder();
    for (int size : sizes) {
      all.addLengthDelimited(message().addField(1, number(size)).build().toByteString());
    }
    return all.build();
  }

  private static byte[] simple(int asked, int answered) {
    return message()
        .addField(2, number(answered))
        .addField(3, payload(asked))
        .build()
        .toByteArray();
  }

  private static byte[] streamed(int asked, int... answered) {
    return message()
        .addField(2, parameters(answered))
        .addField(3, payload(asked))
        .build()
        .toByteArray();
  }

  private static int size(byte[] answer) throws InvalidProtocolBufferException {
    ByteString payload =
        UnknownFieldSet.parseFrom(answer).getField(1).getLengthDelimitedList().getFirst();
    return UnknownFieldSet.parseFrom(payload)
        .getField(2)
        .getLengthDelimitedList()
        .getFirst()
        .size();
  }

  // ---- calls ------------------------------------------------------------------------------------

  private Client.Call unary(String method, byte[] message, Metadata metadata, CallOptions options) {
    return client.unary(SERVICE, method, message, metadata, options);
  }

  private Client.Call unary(String method, byte[] message) {
    return unary(method, message, new Metadata(), CallOptions.DEFAULT);
  }

  private Client.Call open(MethodType type, String method, CallOptions options) {
    return client.open(type, SERVICE, method, new Metadata(), options);
  }

  private Client.Call duplex() {
    return open(MethodType.BIDI_STREAMING, "FullDuplexCall", CallOptions.DEFAULT);
  }

  private void assertNextIsAnswered() throws Exception {
    assertThat(unary("EmptyCall", new byte[0]).outcome()).isEmpty();
  }

  // ---- the cases, under their names -------------------------------------------------------------

  @Test
  void emptyUnary() throws Exception {
    assertThat(unary("EmptyCall", new byte[0]).outcome()).isEmpty();
  }

  @Test
  void largeUnary() throws Exception {
    Client.Call call = unary("UnaryCall", simple(271_828, 314_159));
    assertThat(size(call.next())).isEqualTo(314_159);
    assertThat(call.status().isOk()).isTrue();
  }

  /** The case's probe, a message that says it is compressed and is not, is nothing PHP can see. */
  @Test
  void clientCompressedUnaryAndServerCompressedUnary() throws Exception {
    AtomicLong received = new AtomicLong();
    CallOptions gzip =
        CallOptions.DEFAULT.withCompression("gzip").withStreamTracerFactory(counting(received));
    Client.Call call = unary("UnaryCall", simple(271_828, 314_159), new Metadata(), gzip);
    assertThat(size(call.next())).isEqualTo(314_159);
    assertThat(call.status().isOk()).isTrue();
    assertThat(call.headers().get(Client.text("grpc-encoding"))).isEqualTo("gzip");
    assertThat(received).hasValueLessThan(10_000);
    Client.Call plain = unary("UnaryCall", simple(271_828, 314_159));
    assertThat(size(plain.next())).isEqualTo(314_159);
    assertThat(plain.headers().get(Client.text("grpc-encoding"))).isNotEqualTo("gzip");
  }

  private static ClientStreamTracer.Factory counting(AtomicLong received) {
    return new ClientStreamTracer.Factory() {
      @Override
      public ClientStreamTracer newClientStreamTracer(
          ClientStreamTracer.StreamInfo info, Metadata headers) {
        return new ClientStreamTracer() {
          @Override
          public void inboundWireSize(long bytes) {
            received.addAndGet(bytes);
          }
        };
      }
    };
  }

  @Test
  void clientStreaming() throws Exception {
    clientStreaming(CallOptions.DEFAULT);
  }

  @Test
  void clientCompressedStreaming() throws Exception {
    clientStreaming(CallOptions.DEFAULT.withCompression("gzip"));
  }

  private void clientStreaming(CallOptions options) throws Exception {
    Client.Call call = open(MethodType.CLIENT_STREAMING, "StreamingInputCall", options);
    for (int size : ASKED) {
      call.send(message().addField(1, payload(size)).build().toByteArray());
    }
    call.end();
    assertThat(UnknownFieldSet.parseFrom(call.next()).getField(1).getVarintList())
        .containsExactly(74_922L);
    assertThat(call.status().isOk()).isTrue();
  }

  @Test
  void serverStreaming() throws Exception {
    serverStreaming(CallOptions.DEFAULT);
  }

  @Test
  void serverCompressedStreaming() throws Exception {
    AtomicLong received = new AtomicLong();
    serverStreaming(
        CallOptions.DEFAULT.withCompression("gzip").withStreamTracerFactory(counting(received)));
    assertThat(received).hasValueLessThan(10_000);
  }

  private void serverStreaming(CallOptions options) throws Exception {
    Client.Call call = open(MethodType.SERVER_STREAMING, "StreamingOutputCall", options);
    call.send(streamed(0, ANSWERED));
    call.end();
    for (int size : ANSWERED) {
      assertThat(size(call.next())).isEqualTo(size);
    }
    assertThat(call.status().isOk()).isTrue();
    assertThat(call.received()).isZero();
  }

  @Test
  void pingPong() throws Exception {
    Client.Call call = duplex();
    for (int i = 0; i < ASKED.length; i++) {
      call.send(streamed(ASKED[i], ANSWERED[i]));
      assertThat(size(call.next())).isEqualTo(ANSWERED[i]);
    }
    call.end();
    assertThat(call.status().isOk()).isTrue();
    assertThat(call.received()).isZero();
  }

  @Test
  void emptyStream() throws Exception {
    Client.Call call = duplex();
    call.end();
    assertThat(call.status().isOk()).isTrue();
    assertThat(call.received()).isZero();
  }

  @Test
  void customMetadata() throws Exception {
    for (MethodType type : new MethodType[] {MethodType.UNARY, MethodType.BIDI_STREAMING}) {
      Metadata metadata = new Metadata();
      metadata.put(Client.text("x-grpc-test-echo-initial"), "test_initial_metadata_value");
      metadata.put(Client.binary("x-grpc-test-echo-trailing-bin"), new byte[] {0, 9, 0x7f});
      String method = type == MethodType.UNARY ? "UnaryCall" : "FullDuplexCall";
      Client.Call call = client.open(type, SERVICE, method, metadata, CallOptions.DEFAULT);
      call.send(type == MethodType.UNARY ? simple(8, 9) : streamed(8, 9));
      call.end();
      assertThat(size(call.next())).isEqualTo(9);
      assertThat(call.status().isOk()).isTrue();
      assertThat(call.headers().get(Client.text("x-grpc-test-echo-initial")))
          .isEqualTo("test_initial_metadata_value");
      assertThat(call.trailers().get(Client.binary("x-grpc-test-echo-trailing-bin")))
          .containsExactly(0, 9, 0x7f);
    }
  }

  /** The case's own bytes are no text, for which the JSON that PHP is told has no place. */
  @Test
  void customMetadataThatIsNoTextComesToPhpAsReplacementCharacters() throws Exception {
    Metadata metadata = new Metadata();
    byte ab = (byte) 0xab;
    metadata.put(Client.binary("x-grpc-test-echo-trailing-bin"), new byte[] {ab, ab, ab});
    Client.Call call = unary("UnaryCall", simple(8, 9), metadata, CallOptions.DEFAULT);
    assertThat(call.trailers().get(Client.binary("x-grpc-test-echo-trailing-bin")))
        .asString(UTF_8)
        .isEqualTo("\ufffd\ufffd\ufffd");
  }

  @Test
  void statusCodeAndMessage() throws Exception {
    assertStatus(2, "test status message");
  }

  @Test
  void specialStatusMessage() throws Exception {
    assertStatus(
        2, "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \ud83d\ude08\t\n");
  }

  private void assertStatus(int code, String text) throws Exception {
    byte[] request = message().addField(7, status(code, text)).build().toByteArray();
    Client.Call duplex = duplex();
    duplex.send(request);
    duplex.end();
    for (Client.Call call : new Client.Call[] {unary("UnaryCall", request), duplex}) {
      assertThat(call.status().getCode().value()).isEqualTo(code);
      assertThat(call.status().getDescription()).isEqualTo(text);
    }
  }

  @Test
  void unimplementedMethodAndUnimplementedService() throws Exception {
    assertThat(unary("UnimplementedCall", new byte[0]).outcome())
        .isEqualTo("UNIMPLEMENTED: not implemented");
    assertThat(unary("Undeclared", new byte[0]).status().getCode())
        .isEqualTo(Status.Code.UNIMPLEMENTED);
    Client.Call service =
        client.unary(
            "grpc.testing.UnimplementedService",
            "UnimplementedCall",
            new byte[0],
            new Metadata(),
            CallOptions.DEFAULT);
    assertThat(service.status().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
  }

  @Test
  void cancelAfterBegin() throws Exception {
    Client.Call call = open(MethodType.CLIENT_STREAMING, "StreamingInputCall", CallOptions.DEFAULT);
    call.cancel();
    assertThat(call.status().getCode()).isEqualTo(Status.Code.CANCELLED);
    assertNextIsAnswered();
  }

  @Test
  void cancelAfterFirstResponse() throws Exception {
    Client.Call call = duplex();
    call.send(streamed(27_182, 31_415));
    assertThat(size(call.next())).isEqualTo(31_415);
    call.cancel();
    assertThat(call.status().getCode()).isEqualTo(Status.Code.CANCELLED);
    assertNextIsAnswered();
  }

  @Test
  void timeoutOnSleepingServer() throws Exception {
    Client.Call call =
        open(
            MethodType.BIDI_STREAMING,
            "FullDuplexCall",
            CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.MILLISECONDS));
    call.send(streamed(27_182));
    assertThat(call.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertNextIsAnswered();
  }
}
