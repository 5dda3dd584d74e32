package dev.rr.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message's bytes, each field with its number and type, as PHP writes and reads them. */
class WireTest {
  static Stream<Arguments> vectors() {
    return Stream.of(
        vector(
            KvProto.Request.newBuilder()
                .setStorage("memory-rr")
                .addItems(KvProto.Item.newBuilder().setKey("a").setValue(bytes("aa")))
                .build(),
            "0a09 6d656d6f72792d7272 1207 0a01 61 1202 6161"),
        vector(
            KvProto.Response.newBuilder()
                .addItems(
                    KvProto.Item.newBuilder().setKey("a").setTimeout("2030-01-02T03:04:05+00:00"))
                .build(),
            "0a1e 0a01 61 1a19 323033302d30312d30325430333a30343a30352b30303a3030"),
        vector(
            JobsProto.PushRequest.newBuilder()
                .setJob(
                    JobsProto.Job.newBuilder()
                        .setJob("j")
                        .setId("i")
                        .setPayload(bytes("p"))
                        .putHeaders("h", JobsProto.HeaderValue.newBuilder().addValue("v").build())
                        .setOptions(
                            JobsProto.Options.newBuilder()
                                .setPriority(300)
                                .setPipeline("q")
                                .setDelay(5)
                                .setAutoAck(true)
                                .setTopic("t")
                                .setMetadata("m")
                                .setOffset(7)
                                .setPartition(-1)))
                .build(),
            "0a32 0a01 6a 1201 69 1a01 70 2208 0a01 68 1203 0a01 76"
                + "2a1d 08ac02 1201 71 1805 3001 3a01 74 4201 6d 4807 50ffffffffffffffffff01"),
        vector(
            JobsProto.PushBatchRequest.newBuilder()
                .addJobs(JobsProto.Job.newBuilder().setId("1"))
                .addJobs(JobsProto.Job.newBuilder().setId("2"))
                .build(),
            "0a03 1201 31 0a03 1201 32"),
        vector(
            JobsProto.DeclareRequest.newBuilder().putPipeline("driver", "memory").build(),
            "0a10 0a06 647269766572 1206 6d656d6f7279"),
        vector(
            JobsProto.Pipelines.newBuilder().addPipelines("a").addPipelines("b").build(),
            "0a01 61 0a01 62"),
        vector(
            JobsProto.Stats.newBuilder()
                .addStats(
                    JobsProto.Stat.newBuilder()
                        .setPipeline("p")
                        .setDriver("d")
                        .setQueue("q")
                        .setActive(1)
                        .setDelayed(2)
                        .setReserved(3)
                        .setReady(true)
                        .setPriority(10))
                .build(),
            "0a13 0a01 70 1201 64 1a01 71 2001 2802 3003 3801 400a"),
        vector(JobsProto.Empty.getDefaultInstance(), ""),
        vector(
            LockProto.LockRequest.newBuilder()
                .setResource("foo")
                .setId("bar")
                .setTtl(5_000_000)
                .setWait(0)
                .build(),
            "0a03 666f6f 1203 626172 18c096b102 2000"),
        vector(LockProto.LockResponse.newBuilder().setOk(true).build(), "0801"),
        vector(
            ServiceProto.Create.newBuilder()
                .setName("n")
                .setCommand("c")
                .setProcessNum(2)
                .setExecTimeout(3)
                .setRemainAfterExit(true)
                .putEnv("K", "v")
                .setRestartSec(4)
                .setServiceNameInLogs(true)
                .setTimeoutStopSec(5)
                .build(),
            "0a01 6e 1201 63 1802 2003 2801 3206 0a01 4b 1201 76 3804 4001 4805"),
        vector(ServiceProto.Service.newBuilder().setName("n").build(), "0a01 6e"),
        vector(
            ServiceProto.Response.newBuilder().setMessage("m").setOk(true).build(), "0a01 6d 1001"),
        vector(
            ServiceProto.Statuses.newBuilder()
                .addStatus(
                    ServiceProto.Status.newBuilder()
                        .setCpuPercent(1.5f)
                        .setPid(9)
                        .setMemoryUsage(300)
                        .setCommand("c")
                        .setStatus(CommonProto.Status.newBuilder().setCode(2).setMessage("m")))
                .build(),
            "0a14 0d0000c03f 1009 18ac02 2201 63 2a05 0802 1201 6d"),
        vector(ServiceProto.List.newBuilder().addServices("a").build(), "0a01 61"),
        vector(
            AppLoggerProto.LogEntry.newBuilder()
                .setMessage("m")
                .addLogAttrs(AppLoggerProto.LogAttrs.newBuilder().setKey("k").setValue("v"))
                .build(),
            "0a01 6d 1206 0a01 6b 1201 76"),
        vector(StatusProto.Request.newBuilder().setPlugin("http").build(), "0a04 68747470"),
        vector(
            StatusProto.Response.newBuilder().setCode(200).setMessage("m").build(),
            "08c801 1201 6d"),
        vector(
            WebsocketsProto.Request.newBuilder()
                .addMessages(
                    WebsocketsProto.Message.newBuilder().addTopics("foo").setPayload(bytes("hi")))
                .build(),
            "0a09 1203 666f6f 1a02 6869"),
        vector(WebsocketsProto.Response.newBuilder().setOk(true).build(), "0801"));
  }

  private static Arguments vector(Message message, String hex) {
    return Arguments.argumentSet(
        message.getDescriptorForType().getFullName(), message, hex.replace(" ", ""));
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void writesWhatPhpReads(Message message, String hex) {
    assertThat(HexFormat.of().formatHex(message.toByteArray())).isEqualTo(hex);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void readsWhatPhpWrites(Message message, String hex) throws InvalidProtocolBufferException {
    assertThat((Object) message.getParserForType().parseFrom(HexFormat.of().parseHex(hex)))
        .isEqualTo(message);
  }
}
