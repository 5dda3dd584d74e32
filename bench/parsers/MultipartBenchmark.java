package dev.rr.plugin.http.body;

import dev.rr.api.http.MemoryBudget;
import dev.rr.api.log.Log;
import dev.rr.testing.http.FakeRequest;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A form of 50 fields of 200 bytes, whole in memory, from bytes to values; ours makes the JSON text
 * for PHP of it as well.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class MultipartBenchmark {
  private static final String BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
  private static final int LIMIT = 1 << 20;

  private final byte[] form = form();
  private final MemoryBudget budget = new MemoryBudget(1 << 26);
  private Path dir;
  private Spool spool;
  private Uploads uploads;

  private static byte[] form() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      text.append("--").append(BOUNDARY).append("\r\n");
      text.append("Content-Disposition: form-data; name=\"field").append(i).append("\"\r\n\r\n");
      text.append("0123456789".repeat(20)).append("\r\n");
    }
    return text.append("--")
        .append(BOUNDARY)
        .append("--\r\n")
        .toString()
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Makes the folder that no file is written to. */
  @Setup
  public void open() throws IOException {
    dir = Files.createTempDirectory("multipart");
    spool = new Spool(dir, Log.NONE);
    uploads = new Uploads(spool, Set.of(), Set.of(), -1, -1);
  }

  /** Removes it. */
  @TearDown
  public void close() throws IOException {
    spool.close();
    try (var files = Files.list(dir)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(dir);
  }

  /** Ours, with the fields as JSON. */
  @Benchmark
  public byte[] rr() throws Exception {
    BodyPipe pipe = new BodyPipe(FakeRequest.of("POST", "/"), Duration.ofSeconds(5));
    pipe.offer(ByteBuffer.wrap(form));
    pipe.end();
    List<Path> files = new ArrayList<>();
    try (FormMemory memory = new FormMemory(LIMIT, budget)) {
      MultipartParser parser =
          new MultipartParser(
              new dev.rr.plugin.http.body.MultipartInput(pipe, BOUNDARY),
              uploads,
              memory,
              LIMIT,
              files);
      parser.parse();
      return parser.fields();
    }
  }

  /** Netty's, in memory. */
  @Benchmark
  public int netty() throws IOException {
    DefaultHttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
    request.headers().set("Content-Type", "multipart/form-data; boundary=" + BOUNDARY);
    HttpPostMultipartRequestDecoder decoder =
        new HttpPostMultipartRequestDecoder(new DefaultHttpDataFactory(false), request);
    try {
      decoder.offer(new DefaultLastHttpContent(Unpooled.wrappedBuffer(form)));
      return decoder.getBodyHttpDatas().size();
    } finally {
      decoder.destroy();
    }
  }

  /** Commons FileUpload's pull parser, values read into memory. */
  @Benchmark
  public int fileUpload() throws IOException {
    MultipartInput input =
        MultipartInput.builder()
            .setInputStream(new ByteArrayInputStream(form))
            .setBoundary(BOUNDARY.getBytes(StandardCharsets.US_ASCII))
            .get();
    int bytes = 0;
    boolean more = input.skipPreamble();
    while (more) {
      bytes += input.readHeaders().length();
      ByteArrayOutputStream value = new ByteArrayOutputStream();
      input.readBodyData(value);
      bytes += value.size();
      more = input.readBoundary();
    }
    return bytes;
  }
}
