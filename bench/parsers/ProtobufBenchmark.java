package dev.rr.plugin.http.worker;

import com.google.protobuf.CodedOutputStream;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.http.Targets;
import dev.rr.plugin.http.text.ByteWriter;
import dev.rr.testing.http.FakeRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The message {@code http.v1.Request} of a GET with seven headers. The library's side is the least
 * that its generated classes do: their writer, without the builders and maps before it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ProtobufBenchmark {
  private final HttpRequest request = request();
  private final ByteWriter out = new ByteWriter(8 * 1024);
  private final byte[] buffer = new byte[8 * 1024];
  private final ContextWriter ours = new ProtoContextWriter();

  private static HttpRequest request() {
    FakeRequest request = FakeRequest.get("/products/42?colour=red&size=large");
    request
        .headers()
        .add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
        .add("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
        .add("Accept-Language", "en-US,en;q=0.5")
        .add("Accept-Encoding", "gzip, deflate, br, zstd")
        .add("Connection", "keep-alive")
        .add("X-Request-Id", "0123456789abcdef0123456789abcdef")
        .add("X-Forwarded-Proto", "https");
    return request;
  }

  /** Ours. */
  @Benchmark
  public byte[] rr() {
    ours.write(out, request, false, new byte[0]);
    byte[] bytes = out.toByteArray();
    out.reset();
    return bytes;
  }

  /** protobuf-java's writer. */
  @Benchmark
  public int library() throws IOException {
    CodedOutputStream to = CodedOutputStream.newInstance(buffer);
    to.writeString(1, request.remoteAddress());
    to.writeString(2, request.protocol());
    to.writeString(3, request.method());
    to.writeString(4, Targets.uri(request));
    HttpHeaders headers = request.headers();
    for (int i = 0; i < headers.size(); i++) {
      entry(to, headers.name(i), headers.value(i).getBytes(StandardCharsets.ISO_8859_1));
    }
    to.writeString(7, Targets.rawQuery(request.target()));
    return to.getTotalBytesWritten();
  }

  private static void entry(CodedOutputStream to, String name, byte[] value) throws IOException {
    int list = CodedOutputStream.computeByteArraySize(1, value);
    int message = CodedOutputStream.computeUInt32SizeNoTag(list) + 1 + list;
    to.writeTag(5, 2);
    to.writeUInt32NoTag(CodedOutputStream.computeStringSize(1, name) + message);
    to.writeString(1, name);
    to.writeTag(2, 2);
    to.writeUInt32NoTag(list);
    to.writeByteArray(1, value);
  }
}
