package dev.rr.plugin.http.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.plugin.http.text.ByteWriter;
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
