package dev.rr.plugin.kv;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.rr.api.kv.KvItem;
import dev.rr.proto.KvProto.Item;
import dev.rr.proto.KvProto.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What requests hold, as drivers take it. */
final class Requests {
  private Requests() {}

  static List<String> keys(Request request) {
    List<String> keys = new ArrayList<>(request.getItemsCount());
    for (Item item : request.getItemsList()) {
      keys.add(item.getKey());
    }
    return keys;
  }

  /**
   * The items.
   *
   * @throws IllegalArgumentException when an expiry is none, with the text for the caller
   */
  static List<KvItem> items(Request request) {
    List<KvItem> items = new ArrayList<>(request.getItemsCount());
    for (Item item : request.getItemsList()) {
      items.add(new KvItem(item.getKey(), bytes(item.getValue()), expiry(item.getTimeout())));
    }
    return items;
  }

  private static Optional<Instant> expiry(String timeout) {
    return timeout.isEmpty() ? Optional.empty() : Optional.of(Timestamps.parse(timeout));
  }

  /** The bytes of a value, which nobody else has, so they are handed on without a copy. */
  static byte[] bytes(ByteString value) {
    Whole whole = new Whole(value.size());
    try {
      UnsafeByteOperations.unsafeWriteTo(value, whole);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return whole.bytes;
  }

  /** Takes over an array that holds the value and nothing else; copies what comes otherwise. */
  private static final class Whole extends ByteOutput {
    private static final byte[] NOTHING = {};

    private final int size;
    private byte[] bytes = NOTHING;
    private int filled;

    Whole(int size) {
      this.size = size;
    }

    @Override
    public void write(byte value) {
      write(new byte[] {value}, 0, 1);
    }

    @Override
    public void write(byte[] value, int offset, int length) {
      write(ByteBuffer.wrap(value, offset, length));
    }

    @Override
    public void writeLazy(byte[] value, int offset, int length) {
      if (offset == 0 && length == size && value.length == size) {
        bytes = value;
      } else {
        write(value, offset, length);
      }
    }

    @Override
    public void write(ByteBuffer value) {
      if (filled == 0) {
        bytes = new byte[size];
      }
      int length = value.remaining();
      value.get(bytes, filled, length);
      filled += length;
    }

    @Override
    public void writeLazy(ByteBuffer value) {
      write(value);
    }
  }
}
