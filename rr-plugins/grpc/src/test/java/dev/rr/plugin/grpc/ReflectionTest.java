package dev.rr.plugin.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.UnknownFieldSet;
import dev.rr.api.grpc.ProtoRegistry;
import dev.rr.testing.worker.FakePool;
import dev.rr.testing.worker.LeakCheck;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ExtendWith(LeakCheck.class)
class ReflectionTest {
  private static final ProtoRegistry KNOWING =
      new ProtoRegistry() {
        @Override
        public List<byte[]> file(String name) {
          return name.equals("a.proto") ? files() : List.of();
        }

        @Override
        public List<byte[]> fileOfSymbol(String name) {
          return name.equals("a.Known") ? files() : List.of();
        }

        @Override
        public List<byte[]> fileOfExtension(String message, int number) {
          return message.equals("a.Known") && number == 100 ? files() : List.of();
        }

        @Override
        public List<Integer> extensions(String message) {
          return message.equals("a.Known") ? List.of(100, 101) : List.of();
        }

        private List<byte[]> files() {
          return List.of("first".getBytes(UTF_8), "second".getBytes(UTF_8));
        }
      };

  @TempDir Path folder;

  private TestGrpc serve() throws Exception {
    return new TestGrpc(folder, "", FakePool.answering("{}", ""), null).with(KNOWING).start();
  }

  private static Client.Call ask(TestGrpc server, String version) {
    return server
        .client()
        .open(
            MethodType.BIDI_STREAMING,
            "grpc.reflection." + version + ".ServerReflection",
            "ServerReflectionInfo",
            new Metadata(),
            CallOptions.DEFAULT);
  }

  @Test
  void questionsThatWereAnsweredHoldNothing() throws Exception {
    try (TestGrpc server =
        new TestGrpc(folder, "", FakePool.answering("{}", "x"), null).holding(1 << 20).start()) {
      Client.Call asking = ask(server, "v1");
      for (int i = 0; i < 40; i++) {
        asking.send(longQuestion());
        assertThat(asking.next()).isNotEmpty();
      }
      assertThat(server.client().ping("x".repeat(40_000)).outcome()).isEqualTo("x");
    }
  }

  /** After a symbol of 40,000 bytes. */
  private static byte[] longQuestion() {
    ByteBuffer question = ByteBuffer.allocate(40_004);
    question.put((byte) (4 << 3 | 2)).put((byte) 0xc0).put((byte) 0xb8).put((byte) 2);
    Arrays.fill(question.array(), 4, 40_004, (byte) 'y');
    return question.array();
  }

  private static byte[] field(int number, byte[] value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(number << 3 | 2);
    out.write(value.length);
    out.writeBytes(value);
    return out.toByteArray();
  }

  private static byte[] field(int number, String value) {
    return field(number, value.getBytes(UTF_8));
  }

  private static UnknownFieldSet.Field answer(Client.Call call, byte[] question, int field)
      throws Exception {
    call.send(question);
    UnknownFieldSet answer = UnknownFieldSet.parseFrom(call.next());
    assertThat(answer.getField(2).getLengthDelimitedList().getFirst().toByteArray())
        .isEqualTo(question);
    assertThat(answer.asMap()).containsOnlyKeys(2, field);
    return UnknownFieldSet.parseFrom(answer.getField(field).getLengthDelimitedList().getFirst())
        .getField(1);
  }

  private static List<String> texts(UnknownFieldSet.Field field) {
    return field.getLengthDelimitedList().stream().map(b -> b.toString(UTF_8)).toList();
  }

  @Test
  void messagesOfHealthAreToldWithoutAnyFile() throws Exception {
    try (TestGrpc server = new TestGrpc(folder, "", FakePool.answering("{}", ""), null).start()) {
      Client.Call call = ask(server, "v1");
      for (byte[] question :
          List.of(
              field(4, "grpc.health.v1.Health"),
              field(4, "grpc.health.v1.HealthCheckResponse.status"),
              field(3, "grpc/health/v1/health.proto"))) {
        FileDescriptorProto file =
            FileDescriptorProto.parseFrom(
                answer(call, question, 4).getLengthDelimitedList().getFirst());
        assertThat(file.getName()).isEqualTo("grpc/health/v1/health.proto");
        assertThat(file.getService(0).getMethodList())
            .extracting(MethodDescriptorProto::getName)
            .containsExactly("Check", "List", "Watch");
      }
      call.end();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v1alpha"})
  void reflectionDescribesItself(String version) throws Exception {
    try (TestGrpc server = new TestGrpc(folder, "", FakePool.answering("{}", ""), null).start()) {
      Client.Call call = ask(server, version);
      String service = "grpc.reflection." + version + ".ServerReflection";
      String name = "grpc/reflection/" + version + "/reflection.proto";
      for (byte[] question :
          List.of(field(4, service), field(4, service + "Request"), field(3, name))) {
        FileDescriptorProto file =
            FileDescriptorProto.parseFrom(
                answer(call, question, 4).getLengthDelimitedList().getFirst());
        assertThat(file.getName()).isEqualTo(name);
        assertThat(file.getPackage()).isEqualTo("grpc.reflection." + version);
        assertThat(file.getService(0).getMethod(0).getClientStreaming()).isTrue();
        assertThat(file.getMessageType(0).getField(1).hasOneofIndex()).isTrue();
      }
      call.end();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v1alpha"})
  void servicesAreListed(String version) throws Exception {
    try (TestGrpc server = serve()) {
      Client.Call call = ask(server, version);
      List<String> names = texts(answer(call, field(7, ""), 6));
      assertThat(names.stream().map(n -> n.substring(2)))
          .containsExactly(
              "grpc.health.v1.Health",
              "grpc.reflection.v1.ServerReflection",
              "grpc.reflection.v1alpha.ServerReflection",
              "service.Echo");
      call.end();
      assertThat(call.status().isOk()).isTrue();
    }
  }

  @Test
  void filesComeFromWhoKnowsThem() throws Exception {
    try (TestGrpc server = serve()) {
      Client.Call call = ask(server, "v1");
      assertThat(texts(answer(call, field(3, "a.proto"), 4))).containsExactly("first", "second");
      assertThat(texts(answer(call, field(4, "a.Known"), 4))).containsExactly("first", "second");
      ByteArrayOutputStream extension = new ByteArrayOutputStream();
      extension.writeBytes(field(1, "a.Known"));
      extension.writeBytes(new byte[] {16, 100});
      assertThat(texts(answer(call, field(5, extension.toByteArray()), 4))).hasSize(2);
      assertThat(texts(answer(call, field(6, "a.Known"), 5))).containsExactly("a.Known");
      call.cancel();
    }
  }

  @Test
  void whatNobodyKnowsIsNotFound() throws Exception {
    try (TestGrpc server = serve()) {
      Client.Call call = ask(server, "v1");
      for (int field : new int[] {3, 4, 6}) {
        assertThat(answer(call, field(field, "b.Unknown"), 7).getVarintList()).containsExactly(5L);
      }
      call.cancel();
    }
  }

  @Test
  void aRequestThatIsNoneEndsTheCall() throws Exception {
    try (TestGrpc server = serve()) {
      Client.Call call = ask(server, "v1");
      call.send(new byte[] {26, 100, 1});
      assertThat(call.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
  }
}
