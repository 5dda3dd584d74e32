package dev.rr.plugin.http.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.time.Duration;

/**
 * Builds a codec that cannot be made to work for nothing by heads that grow: some hundred bytes
 * that name an entry of the compression table again and again become a megabyte. Netty's own checks
 * every value each time; here that is left to {@link dev.rr.http.FramedHead}, and a connection may
 * send few heads of that size. Everything else is as the usual builder makes it.
 */
final class Http2Codec extends Http2FrameCodecBuilder {
  /** Bytes of a head from which it is large: ten times what browsers with many cookies send. */
  private static final int LARGE = 64 * 1024;

  /** How many large heads a connection may send in that time. */
  private static final int MAX_LARGE = 8;

  private static final Duration WINDOW = Duration.ofSeconds(10);

  private final long maxHeaderListSize;

  Http2Codec(Http2Settings settings, long maxHeaderListSize) {
    this.maxHeaderListSize = maxHeaderListSize;
    initialSettings(settings.maxHeaderListSize(maxHeaderListSize));
    gracefulShutdownTimeoutMillis(0);
  }

  /**
   * Keeps the encoder as the usual builder made it, guarded against floods of control frames and
   * resets; only the decoder is built again, on a reader of its own.
   */
  @Override
  protected Http2FrameCodec build(
      Http2ConnectionDecoder usual, Http2ConnectionEncoder encoder, Http2Settings settings) {
    var reader =
        new DefaultHttp2FrameReader(
            new SizedHeadersDecoder(maxHeaderListSize), decoderEnforceMaxSmallContinuationFrames());
    var decoder =
        new DefaultHttp2ConnectionDecoder(
            usual.connection(),
            encoder,
            reader,
            promisedRequestVerifier(),
            isAutoAckSettingsFrame(),
            isAutoAckPingFrame(),
            isValidateHeaders(),
            isValidateRequiredPseudoHeaders());
    return new Guarded(decoder, encoder, settings).build();
  }

  /** Decodes heads, of which few may be large. On one loop. */
  private static final class SizedHeadersDecoder extends DefaultHttp2HeadersDecoder {
    private long windowBegan = System.nanoTime();
    private int large;

    SizedHeadersDecoder(long maxHeaderListSize) {
      super(true, false, maxHeaderListSize);
    }

    @Override
    protected Http2Headers newHeaders() {
      return new SizedHeaders(numberOfHeadersGuess());
    }

    @Override
    public Http2Headers decodeHeaders(int streamId, ByteBuf block) throws Http2Exception {
      Http2Headers headers = super.decodeHeaders(streamId, block);
      if (headers instanceof SizedHeaders sized && sized.bytes > LARGE) {
        count();
      }
      return headers;
    }

    private void count() throws Http2Exception {
      long now = System.nanoTime();
      if (now - windowBegan > WINDOW.toNanos()) {
        windowBegan = now;
        large = 0;
      }
      if (++large > MAX_LARGE) {
        throw Http2Exception.connectionError(
            Http2Error.ENHANCE_YOUR_CALM,
            "more than %d heads of over %d bytes within %s",
            MAX_LARGE,
            LARGE,
            WINDOW);
      }
    }
  }

  /** Counts the bytes of all its names and values. */
  private static final class SizedHeaders extends DefaultHttp2Headers {
    private int bytes;

    SizedHeaders(int expected) {
      super(true, false, expected);
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
      bytes += name.length() + value.length();
      return super.add(name, value);
    }
  }

  /** Puts the usual guards around a decoder. */
  private static final class Guarded extends Http2FrameCodecBuilder {
    Guarded(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      codec(decoder, encoder);
      initialSettings(settings);
      gracefulShutdownTimeoutMillis(0);
    }
  }
}
