package dev.rr.goridge;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * Frames over a pair of blocking channels: two pipes, or one socket twice. One thread, the owner,
 * sends and receives; any other may {@link #close}, which ends a wait of the owner with an
 * exception when the channels can be closed asynchronously.
 *
 * <p>What comes in between frames (text that PHP printed) is skipped up to the next header whose
 * checksum is right. The beginning of it is kept for {@link #takeSkipped}; past {@link
 * #MAX_SKIPPED} bytes receiving fails.
 */
public final class Relay implements Closeable {
  /** Bytes between two frames past which nothing is to be expected of the other side. */
  public static final int MAX_SKIPPED = 1 << 20;

  /** Bytes of the buffer in each direction, and of the longest chunk. */
  public static final int BUFFER = 64 * 1024;

  private static final int KEPT = 8 * 1024;
  private static final byte[] NOTHING = {};

  private final ReadableByteChannel in;
  private final WritableByteChannel out;
  private final Pending pending;
  private final ByteBuffer input;
  private final ByteBuffer output;
  private final byte[] header = new byte[Frame.MAX_HEADER];

  // What was read and not used yet: input[start, end).
  private int start;
  private int end;

  private int flags;
  private int stream;
  private int options;
  private long option;
  private long left;

  private final ByteArrayOutputStream skippedText = new ByteArrayOutputStream(0);
  private long skipped;

  /**
   * Memory for one relay at a time; worth reusing, since direct memory is freed late.
   *
   * @param input received bytes
   * @param output bytes to send
   */
  public record Buffers(ByteBuffer input, ByteBuffer output) {
    /** A new pair. */
    public static Buffers allocate() {
      return new Buffers(ByteBuffer.allocateDirect(BUFFER), ByteBuffer.allocateDirect(BUFFER));
    }
  }

  /** Tells what a read would return without waiting. */
  @FunctionalInterface
  public interface Pending {
    /** How many bytes can be read without waiting; 0 also when nobody knows. */
    int bytes() throws IOException;
  }

  /**
   * A relay; it closes the channels.
   *
   * @param buffers not used by anybody else until the relay's owner is done with it
   */
  public Relay(ReadableByteChannel in, WritableByteChannel out, Buffers buffers) {
    this(in, out, buffers, () -> 0);
  }

  /** As {@link #Relay(ReadableByteChannel, WritableByteChannel, Buffers)}. */
  public Relay(ReadableByteChannel in, WritableByteChannel out, Buffers buffers, Pending pending) {
    this.in = in;
    this.out = out;
    this.pending = pending;
    this.input = buffers.input();
    this.output = buffers.output();
  }

  /** Sends a frame without options, in one write when it is short. */
  public void send(int flags, int stream, byte[] payload) throws IOException {
    begin(Frame.header(header, 0, flags, stream, payload.length));
    put(payload);
    flush();
  }

  /**
   * Sends context and body with the context's length as the option, in one write when they are
   * short.
   */
  public void send(int flags, byte[] context, byte[] body) throws IOException {
    long length = (long) context.length + body.length;
    begin(Frame.header(header, 0, flags, 0, length, context.length));
    put(context);
    put(body);
    flush();
  }

  /**
   * As {@link #send(int, byte[], byte[])}, with the body from elsewhere.
   *
   * @param length bytes of body; fewer in {@code body} end in an {@link EOFException}, and then the
   *     receiver is left in the middle of a frame
   */
  public void send(int flags, byte[] context, ReadableByteChannel body, long length)
      throws IOException {
    begin(Frame.header(header, 0, flags, 0, context.length + length, context.length));
    put(context);
    long missing = length;
    while (missing > 0) {
      if (!output.hasRemaining()) {
        flushPart();
      }
      output.limit((int) Math.min(output.capacity(), output.position() + missing));
      int got = body.read(output);
      output.limit(output.capacity());
      if (got < 0) {
        throw new EOFException("the body ended " + missing + " bytes early");
      }
      missing -= got;
    }
    flush();
  }

  /**
   * Waits for the next frame and reads its header. The payload of the frame before must have been
   * read or skipped.
   *
   * @throws EOFException when the other side has closed; {@link #takeSkipped} may know its last
   *     words
   * @throws IOException also when more than {@link #MAX_SKIPPED} bytes came that are no frame
   */
  public void receive() throws IOException {
    fill(Frame.HEADER);
    while (!Frame.valid(input, start)) {
      skipToCandidate();
      fill(Frame.HEADER);
    }
    byte first = input.get(start);
    int length = Frame.headerLength(first);
    fill(length);
    flags = Frame.flags(input, start);
    stream = Frame.stream(input, start);
    options = Frame.options(first);
    option = options == 0 ? 0 : Integer.toUnsignedLong(Frame.option(input, start, 0));
    left = Frame.payload(input, start);
    start += length;
  }

  /** The frame's flags. */
  public int flags() {
    return flags;
  }

  /** The frame's stream bits. */
  public int stream() {
    return stream;
  }

  /** How many options the frame has. */
  public int options() {
    return options;
  }

  /** The frame's first option, unsigned; 0 when it has none. */
  public long option() {
    return option;
  }

  /** Bytes of the frame's payload that were not read yet. */
  public long left() {
    return left;
  }

  /** Reads exactly {@code length} bytes of the payload into fresh memory. */
  public byte[] read(int length) throws IOException {
    if (length > left) {
      throw new IllegalArgumentException(length + " bytes of a payload of " + left);
    }
    byte[] bytes = length == 0 ? NOTHING : new byte[length];
    int at = 0;
    while (at < length) {
      at += take(bytes, at, length - at);
    }
    return bytes;
  }

  /**
   * The next {@code length} bytes of the payload, which stay to be read. At most a header's worth.
   */
  public byte[] peek(int length) throws IOException {
    fill(length);
    byte[] bytes = new byte[length];
    input.get(start, bytes);
    return bytes;
  }

  /**
   * Reads what is there of the payload, at least one byte and at most {@link #BUFFER}, into fresh
   * memory.
   */
  public ByteBuffer chunk() throws IOException {
    fill(1);
    byte[] bytes = new byte[(int) Math.min(end - start, left)];
    take(bytes, 0, bytes.length);
    return ByteBuffer.wrap(bytes);
  }

  /** Reads the rest of the payload and drops it. */
  public void skip() throws IOException {
    while (left > 0) {
      fill(1);
      int some = (int) Math.min(end - start, left);
      start += some;
      left -= some;
    }
  }

  /** Reads whatever comes and drops it, until the other side closes. */
  public void drain() throws IOException {
    int got;
    do {
      got = in.read(input.clear());
    } while (got >= 0);
    start = 0;
    end = 0;
  }

  /**
   * Whether a frame has come that was not received yet; text in front of it is skipped. Never
   * waits. Where {@link Pending} knows nothing, it sees what came together with the last frame.
   *
   * @throws IOException as {@link #receive}
   */
  public boolean hasFrame() throws IOException {
    while (true) {
      while (end - start >= Frame.HEADER) {
        if (Frame.valid(input, start)) {
          return true;
        }
        skipToCandidate();
      }
      if (pending.bytes() <= 0) {
        return false;
      }
      fill(end - start + 1);
    }
  }

  /** Bytes that were skipped since {@link #takeSkipped}. */
  public long skipped() {
    return skipped;
  }

  /** The beginning of what was skipped, at most 8 KiB of it, and forgets it. */
  public String takeSkipped() {
    String text = skippedText.toString(StandardCharsets.UTF_8).strip();
    skippedText.reset();
    skipped = 0;
    return text;
  }

  @Override
  public void close() throws IOException {
    try (in) {
      out.close();
    }
  }

  private int take(byte[] into, int at, int length) throws IOException {
    fill(1);
    int some = Math.min(end - start, length);
    input.get(start, into, at, some);
    start += some;
    left -= some;
    return some;
  }

  // Reads until at least `wanted` unused bytes are there.
  private void fill(int wanted) throws IOException {
    if (start == end) {
      start = 0;
      end = 0;
    }
    while (end - start < wanted) {
      if (input.capacity() - start < wanted) {
        input.limit(end).position(start);
        input.compact();
        end -= start;
        start = 0;
      }
      int got = in.read(input.limit(input.capacity()).position(end));
      if (got < 0) {
        skipTo(left == 0 ? end : start);
        throw new EOFException("EOF");
      }
      end += got;
    }
  }

  private void skipToCandidate() throws IOException {
    int at = start + 1;
    // A header that has not come whole cannot be checked yet.
    while (at < end
        && !(Frame.isFirst(input.get(at)) && (end - at < Frame.HEADER || Frame.valid(input, at)))) {
      at++;
    }
    skipTo(at);
    if (skipped > MAX_SKIPPED) {
      throw new IOException("more than " + MAX_SKIPPED + " bytes came that are no frame");
    }
  }

  private void skipTo(int at) {
    int kept = Math.min(at - start, KEPT - skippedText.size());
    for (int i = start; i < start + kept; i++) {
      skippedText.write(input.get(i));
    }
    skipped += at - start;
    start = at;
  }

  private void begin(int length) {
    output.clear().put(header, 0, length);
  }

  private void put(byte[] bytes) throws IOException {
    int at = 0;
    while (at < bytes.length) {
      if (!output.hasRemaining()) {
        flushPart();
      }
      int some = Math.min(output.remaining(), bytes.length - at);
      output.put(bytes, at, some);
      at += some;
    }
  }

  private void flushPart() throws IOException {
    flush();
    output.clear();
  }

  private void flush() throws IOException {
    output.flip();
    while (output.hasRemaining()) {
      out.write(output);
    }
  }
}
