package dev.rr.plugin.http.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rr.plugin.http.text.ByteWriter;
import dev.rr.proto.HttpProto;
import dev.rr.testing.http.FakeRequest;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContextWriterTest {
  @Test
  void writesTheProtobufVector() {
    FakeRequest request = FakeRequest.get("/").header("X-A", "1").header("X-A", "2");
    request.headers().set("Host", "h");
    ByteWriter out = new ByteWriter(64);
    new ProtoContextWriter().write(out, request, false, new byte[0]);
    assertThat(HexFormat.of().formatHex(out.toByteArray()))
        .isEqualTo(
            ("0a09 3132372e302e302e31 1208 485454502f312e31 1a03 474554 2209 687474703a2f2f682f"
                    + "2a0d 0a03582d41 1206 0a0131 0a0132")
                .replace(" ", ""));
  }

  /** Sizes of one byte and more, every field, bytes that are no UTF-8. */
  @Test
  void writesWhatProtobufsOwnReaderReads() throws InvalidProtocolBufferException {
    String large = "x".repeat(20_000);
    FakeRequest request =
        FakeRequest.get("/a?b=c").header("Cookie", "k=v").header("X-Large", large);
    request.headers().add("X-Large", "\u00ff");
    request.headers().set("Host", "h");
    request.attributes().put("a", List.of("1", "\u20ac"));
    ByteWriter out = new ByteWriter(64);
    new ProtoContextWriter().write(out, request, true, "{}".getBytes(StandardCharsets.UTF_8));
    assertThat(HttpProto.Request.parseFrom(out.toByteArray()))
        .isEqualTo(
            HttpProto.Request.newBuilder()
                .setRemoteAddr("127.0.0.1")
                .setProtocol("HTTP/1.1")
                .setMethod("GET")
                .setUri("http://h/a?b=c")
                .putHeader("Cookie", values(ByteString.copyFromUtf8("k=v")))
                .putHeader(
                    "X-Large", values(ByteString.copyFromUtf8(large), ByteString.fromHex("ff")))
                .putCookies("k", values(ByteString.copyFromUtf8("v")))
                .setRawQuery("b=c")
                .setParsed(true)
                .setUploads(ByteString.copyFromUtf8("{}"))
                .putAttributes(
                    "a", values(ByteString.copyFromUtf8("1"), ByteString.copyFromUtf8("\u20ac")))
                .build());
  }

  private static HttpProto.HeaderValue values(ByteString... values) {
    return HttpProto.HeaderValue.newBuilder().addAllValue(List.of(values)).build();
  }

  @Test
  void handsOverAttributes() {
    FakeRequest request = FakeRequest.get("/");
    request.attributes().put("a", List.of("1", "2"));
    ByteWriter out = new ByteWriter(64);
    new JsonContextWriter().write(out, request, true, "{}".getBytes(StandardCharsets.UTF_8));
    assertThat(new String(out.toByteArray(), StandardCharsets.UTF_8))
        .endsWith("\"parsed\":true,\"uploads\":{},\"attributes\":{\"a\":[\"1\",\"2\"]}}");
  }
}
