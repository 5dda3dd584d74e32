package dev.rr.bench;

import dev.rr.api.http.HttpFault;
import dev.rr.http.Http1Head;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.ReferenceCountUtil;
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

/** The head of a browser's GET request, from bytes to fields. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class HeadBenchmark {
  private static final byte[] HEAD =
      """
      GET /products/42?colour=red&size=large HTTP/1.1
      Host: www.example.com
      User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0
      Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
      Accept-Language: en-US,en;q=0.5
      Accept-Encoding: gzip, deflate, br, zstd
      Connection: keep-alive
      Cookie: session=0123456789abcdef0123456789abcdef; theme=dark

      """
          .replace("\n", "\r\n")
          .getBytes(StandardCharsets.US_ASCII);

  private final EmbeddedChannel channel =
      new EmbeddedChannel(new HttpRequestDecoder(new HttpDecoderConfig()));

  /** Ours. */
  @Benchmark
  public Http1Head rr() throws HttpFault {
    return Http1Head.parse(HEAD, 0, HEAD.length, "http");
  }

  /** Netty's decoder, in the smallest pipeline there is. */
  @Benchmark
  public Object netty() {
    channel.writeInbound(Unpooled.wrappedBuffer(HEAD));
    Object request = channel.readInbound();
    ReferenceCountUtil.release(channel.readInbound());
    return request;
  }
}
