package dev.rr.plugin.http.fastcgi;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.fcgi.parser.ServerParser;
import org.eclipse.jetty.http.HttpField;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A GET request as nginx sends it with its usual parameters: records to fields. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class FastCgiBenchmark {
  private static final String[] PARAMETERS = {
    "QUERY_STRING", "colour=red&size=large",
    "REQUEST_METHOD", "GET",
    "CONTENT_TYPE", "",
    "CONTENT_LENGTH", "",
    "SCRIPT_NAME", "/products/42",
    "REQUEST_URI", "/products/42?colour=red&size=large",
    "DOCUMENT_URI", "/products/42",
    "DOCUMENT_ROOT", "/var/www/html",
    "SERVER_PROTOCOL", "HTTP/1.1",
    "REQUEST_SCHEME", "http",
    "GATEWAY_INTERFACE", "CGI/1.1",
    "SERVER_SOFTWARE", "nginx/1.26.2",
    "REMOTE_ADDR", "192.0.2.7",
    "REMOTE_PORT", "51423",
    "SERVER_ADDR", "192.0.2.1",
    "SERVER_PORT", "80",
    "SERVER_NAME", "www.example.com",
    "REDIRECT_STATUS", "200",
    "HTTP_HOST", "www.example.com",
    "HTTP_USER_AGENT", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "HTTP_ACCEPT", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "HTTP_ACCEPT_LANGUAGE", "en-US,en;q=0.5",
    "HTTP_ACCEPT_ENCODING", "gzip, deflate, br, zstd",
    "HTTP_COOKIE", "session=0123456789abcdef0123456789abcdef; theme=dark"
  };

  private final byte[] request = request();

  private static byte[] request() {
    ByteBuf params = Unpooled.buffer();
    for (int i = 0; i < PARAMETERS.length; i += 2) {
      FcgiRecords.pair(params, PARAMETERS[i], PARAMETERS[i + 1]);
    }
    ByteBuf out = Unpooled.buffer();
    FcgiRecords.header(out, FcgiRecords.BEGIN_REQUEST, 1, 8)
        .writeShort(FcgiRecords.RESPONDER)
        .writeByte(FcgiRecords.KEEP_CONNECTION)
        .writeZero(5);
    FcgiRecords.header(out, FcgiRecords.PARAMS, 1, params.readableBytes()).writeBytes(params);
    FcgiRecords.header(out, FcgiRecords.PARAMS, 1, 0);
    FcgiRecords.header(out, FcgiRecords.STDIN, 1, 0);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  /** Ours, with all that makes a head of it. */
  @Benchmark
  public Object rr() throws Exception {
    Object[] head = new Object[1];
    new FcgiRecords.Decoder()
        .read(
            Unpooled.wrappedBuffer(request),
            (type, id, content) -> {
              if (type == FcgiRecords.PARAMS && content.length > 0) {
                head[0] = parsed(content);
              }
            });
    return head[0];
  }

  private static Object parsed(byte[] content) {
    try {
      return FcgiHead.parse(content, content.length);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The parser of Jetty's FastCGI server; what it tells of is not yet a request. */
  @Benchmark
  public int jetty() {
    int[] fields = new int[1];
    ServerParser parser =
        new ServerParser(
            new ServerParser.Listener() {
              @Override
              public void onHeader(int id, HttpField field) {
                fields[0]++;
              }
            });
    parser.parse(ByteBuffer.wrap(request));
    return fields[0];
  }
}
