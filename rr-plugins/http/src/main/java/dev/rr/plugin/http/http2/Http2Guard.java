package dev.rr.plugin.http.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames' heads on their way to the codec, and ends what the codec lets pass or answers
 * with another code than RFC 9113 has for it: frames on streams that the client has ended (section
 * 5.1), stream ids out of order (5.1.1), a connection window that overflows (6.9.1). It also knows
 * since when a head is incomplete. On its connection's loop only.
 *
 * <p>It reads nine bytes of each frame and hands everything on. Bytes come in pieces of any size,
 * so what is known of a frame is kept between two of them. Where the codec's state before a frame
 * decides, everything up to that frame is handed on first, and the codec is asked then.
 *
 * <p>Memory is constant: what is remembered of the past is the last {@value #REMEMBERED} ended
 * streams and gaps. Past that, a client that breaks the rules gets the codec's answer instead of
 * ours, which is no danger to anybody.
 */
final class Http2Guard extends ChannelInboundHandlerAdapter {
  /** Bytes of a connection's preface, and of a frame's head. */
  private static final int PREFACE = 24;

  private static final int FRAME_HEAD = 9;
  private static final int END_HEADERS = 4;

  /** How many streams that ended without a reset, and gaps between stream ids, are remembered. */
  private static final int REMEMBERED = 64;

  private final Http2FrameCodec codec;

  // Rings: the count modulo the length is where the next goes.

  private final int[] ended = new int[REMEMBERED];
  private final int[] gapFrom = new int[REMEMBERED];
  private final int[] gapTo = new int[REMEMBERED];
  private int endedCount;
  private int gapCount;

  // The frame that is being read.

  private final byte[] head = new byte[FRAME_HEAD];
  private int headRead;

  /** Bytes of the preface or of the frame's payload that are still to come. */
  private int skip = PREFACE;

  /** The frame's type; -1 between frames, and for the preface. */
  private int type = -1;

  private int flags;
  private int streamId;
  private int lastStreamId;

  /** The increment of a connection's WINDOW_UPDATE, as far as it has been read. */
  private int increment;

  /** Increments that were read and that the codec does not have yet. */
  private long increments;

  private @Nullable ChannelHandlerContext self;

  /** Whether a rule was broken: what comes now is dropped. */
  private boolean broken;

  /** Whether the preface, or a head that may go on in CONTINUATION frames, is incomplete. */
  private boolean headOpen = true;

  private long headSince = System.nanoTime();

  Http2Guard(Http2FrameCodec codec) {
    this.codec = codec;
    codec.connection().addListener(new EndedStreams());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    self = context;
  }

  /** Ends the connection when the preface or a head has been incomplete for too long. */
  void check(long now, Duration limit) {
    if (headOpen && !broken && self != null && now - headSince > limit.toNanos()) {
      fail(
          self,
          Http2Exception.connectionError(
              Http2Error.ENHANCE_YOUR_CALM, "a head took longer than %s", limit));
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (broken || !(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
      return;
    }
    try {
      scan(context, bytes);
      if (!broken && bytes.isReadable()) {
        context.fireChannelRead(bytes.readRetainedSlice(bytes.readableBytes()));
      }
    } catch (Http2Exception e) {
      fail(context, e);
    } finally {
      increments = 0;
      bytes.release();
    }
  }

  /** Running streams may still be answered; nothing more is read. */
  private void fail(ChannelHandlerContext context, Http2Exception e) {
    broken = true;
    codec.onError(codecContext(context), false, e);
  }

  private ChannelHandlerContext codecContext(ChannelHandlerContext context) {
    ChannelHandlerContext at = context.pipeline().context(codec);
    if (at == null) {
      throw new IllegalStateException("the codec has gone");
    }
    return at;
  }

  /** Looks at every frame; what is behind the reader index has been handed on already. */
  private void scan(ChannelHandlerContext context, ByteBuf bytes) throws Http2Exception {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    int frame = at;
    while (at < end) {
      if (skip > 0) {
        int count = Math.min(skip, end - at);
        if (type == Http2FrameTypes.WINDOW_UPDATE && streamId == 0) {
          readIncrement(bytes, at, count);
        }
        skip -= count;
        at += count;
      } else {
        if (headRead == 0) {
          frame = at;
        }
        head[headRead++] = bytes.getByte(at++);
        if (headRead == FRAME_HEAD) {
          headRead = 0;
          begin(context, bytes, frame);
        }
      }
      if (skip == 0 && headRead == 0 && type >= 0) {
        complete(context, bytes, frame);
      }
    }
  }

  private void readIncrement(ByteBuf bytes, int at, int count) {
    for (int i = 0; i < count; i++) {
      increment = increment << 8 | bytes.getByte(at + i) & 0xff;
    }
  }

  /** A frame's head is complete (section 4.1); its payload has yet to come. */
  private void begin(ChannelHandlerContext context, ByteBuf bytes, int frame)
      throws Http2Exception {
    skip = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
    type = head[3];
    flags = head[4];
    streamId =
        (head[5] & 0x7f) << 24 | (head[6] & 0xff) << 16 | (head[7] & 0xff) << 8 | head[8] & 0xff;
    increment = 0;
    if (type == Http2FrameTypes.HEADERS) {
      // Until END_HEADERS no other frame may come on the connection (section 6.10): a client that
      // stops here holds up all of its streams.
      headOpen = true;
      headSince = System.nanoTime();
      if (streamId > lastStreamId) {
        openStream();
      } else {
        handOn(context, bytes, frame);
        checkEarlierStream(context);
      }
    } else if (type == Http2FrameTypes.DATA) {
      Http2Stream stream = codec.connection().stream(streamId);
      // The client had said that nothing more would come on this stream (section 5.1).
      if (stream != null && stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE) {
        handOn(context, bytes, frame);
        reset(context);
      }
    }
  }

  /** Notes that a stream opens; ids that were passed over are closed by that (section 5.1.1). */
  private void openStream() {
    if (streamId > lastStreamId + 2) {
      gapFrom[gapCount % REMEMBERED] = lastStreamId + 1;
      gapTo[gapCount++ % REMEMBERED] = streamId - 1;
    }
    lastStreamId = streamId;
  }

  /** Checks HEADERS on a stream that was opened before, or whose id was passed over. */
  private void checkEarlierStream(ChannelHandlerContext context) throws Http2Exception {
    Http2Stream stream = codec.connection().stream(streamId);
    if (stream != null) {
      if (stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE) {
        reset(context);
      }
      return;
    }
    for (int i = 0; i < Math.min(gapCount, REMEMBERED); i++) {
      if (streamId >= gapFrom[i] && streamId <= gapTo[i]) {
        throw Http2Exception.connectionError(
            Http2Error.PROTOCOL_ERROR, "stream %d after stream %d", streamId, lastStreamId);
      }
    }
    for (int i = 0; i < Math.min(endedCount, REMEMBERED); i++) {
      if (ended[i] == streamId) {
        throw Http2Exception.connectionError(
            Http2Error.STREAM_CLOSED, "a head on stream %d, which has ended", streamId);
      }
    }
  }

  /** Sends the reset; the codec by itself would tell the stream's channel, and not the client. */
  private void reset(ChannelHandlerContext context) {
    ChannelHandlerContext at = codecContext(context);
    var unused = codec.resetStream(at, streamId, Http2Error.STREAM_CLOSED.code(), at.newPromise());
    at.flush();
  }

  /** A frame, or the preface, has been read to its end. */
  private void complete(ChannelHandlerContext context, ByteBuf bytes, int frame)
      throws Http2Exception {
    boolean inHead = type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION;
    if (!inHead || (flags & END_HEADERS) != 0) {
      headOpen = false;
    }
    if (type == Http2FrameTypes.WINDOW_UPDATE && streamId == 0) {
      // The first bit means nothing (section 6.9).
      long delta = increment & Integer.MAX_VALUE;
      if (window() + increments + delta > Integer.MAX_VALUE) {
        // Perhaps the codec has only not seen the increments before this one yet.
        handOn(context, bytes, frame);
        if (window() + delta > Integer.MAX_VALUE) {
          throw Http2Exception.connectionError(
              Http2Error.FLOW_CONTROL_ERROR, "the connection's window overflows");
        }
      }
      increments += delta;
    }
    type = -1;
  }

  /** What may be sent on the connection at once, as the codec counts it. */
  private long window() {
    Http2Connection connection = codec.connection();
    return connection.remote().flowController().windowSize(connection.connectionStream());
  }

  /** Lets the codec catch up: its state is then that before the frame. */
  private void handOn(ChannelHandlerContext context, ByteBuf bytes, int frame) {
    int count = frame - bytes.readerIndex();
    if (count > 0) {
      context.fireChannelRead(bytes.readRetainedSlice(count));
    }
    increments = 0;
  }

  /**
   * Remembers streams that nobody reset. On one that was reset, frames of the client may still be
   * under way and are no mistake (section 5.4.2).
   */
  private final class EndedStreams extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      if (!stream.isResetSent()) {
        ended[endedCount++ % REMEMBERED] = stream.id();
      }
    }
  }
}
