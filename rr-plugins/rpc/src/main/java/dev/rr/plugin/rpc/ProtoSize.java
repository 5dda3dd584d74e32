package dev.rr.plugin.rpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts about how many bytes a protobuf message takes on the heap, before it is parsed: empty
 * messages and fields that nobody knows take up to eighty times what they take on the wire. One
 * thread.
 */
final class ProtoSize {
  /** The parser goes no deeper. */
  private static final int MAX_DEPTH = 100;

  // Sizes of the objects on a 64-bit JVM with compressed references.
  private static final int MESSAGE = 48;
  private static final int FIELD = 8;
  private static final int SCALAR = 16;
  private static final int TEXT = 56;
  private static final int UNKNOWN = 160;

  private final CodedInputStream in;
  private final LongConsumer size;

  private ProtoSize(CodedInputStream in, LongConsumer size) {
    this.in = in;
    this.size = size;
  }

  /**
   * Counts the message that fills {@code in} from {@code from} on, as far as it is well formed.
   *
   * @param size is told how many bytes there will be; throws when they are too many
   */
  static void count(Descriptor type, byte[] in, int from, LongConsumer size) {
    try {
      new ProtoSize(CodedInputStream.newInstance(in, from, in.length - from), size)
          .message(type, 0);
    } catch (IOException malformed) {
      // The parser gets as far as this and says what is wrong.
    }
  }

  private void message(Descriptor type, int depth) throws IOException {
    size.accept(MESSAGE + (long) FIELD * type.getFields().size());
    int groups = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int number = WireFormat.getTagFieldNumber(tag);
      FieldDescriptor field = groups > 0 ? null : type.findFieldByNumber(number);
      switch (WireFormat.getTagWireType(tag)) {
        case WireFormat.WIRETYPE_LENGTH_DELIMITED -> delimited(field, depth);
        case WireFormat.WIRETYPE_START_GROUP -> {
          groups++;
          size.accept(UNKNOWN);
        }
        case WireFormat.WIRETYPE_END_GROUP -> groups--;
        default -> {
          size.accept(field == null ? UNKNOWN : SCALAR);
          in.skipField(tag);
        }
      }
    }
  }

  private void delimited(@Nullable FieldDescriptor field, int depth) throws IOException {
    int length = in.readRawVarint32();
    if (field != null
        && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && depth < MAX_DEPTH) {
      size.accept(FIELD);
      int outer = in.pushLimit(length);
      message(field.getMessageType(), depth + 1);
      in.popLimit(outer);
    } else {
      size.accept(weight(field, length));
      in.skipRawBytes(length);
    }
  }

  private static long weight(@Nullable FieldDescriptor field, int length) {
    if (field == null) {
      return (long) UNKNOWN + length;
    }
    // Numbers of a packed field take a byte at least on the wire, and eight here.
    return field.isPackable() ? TEXT + (long) FIELD * length : (long) TEXT + length;
  }
}
