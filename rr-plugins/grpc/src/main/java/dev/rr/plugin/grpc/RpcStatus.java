package dev.rr.plugin.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.rr.api.grpc.GrpcStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code google.rpc.Status}: field 1 is the code, 2 the message, 3 the details, each a serialised
 * {@code google.protobuf.Any}, which is not looked into.
 */
record RpcStatus(int code, String message, List<ByteString> details) {
  private static final int CODE = 1;
  private static final int MESSAGE = 2;
  private static final int DETAILS = 3;
  private static final byte[] NONE = {};

  RpcStatus {
    details = List.copyOf(details);
  }

  /**
   * Reads one; fields that it does not have are skipped.
   *
   * @throws IllegalArgumentException when it is none
   */
  static RpcStatus parse(byte[] serialised) {
    try {
      return read(CodedInputStream.newInstance(serialised));
    } catch (IOException e) {
      throw new IllegalArgumentException("proto: " + e.getMessage(), e);
    }
  }

  private static RpcStatus read(CodedInputStream in) throws IOException {
    int code = 0;
    String message = "";
    List<ByteString> details = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case CODE << 3 | WireFormat.WIRETYPE_VARINT -> code = in.readInt32();
        case MESSAGE << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> message = text(in.readBytes());
        case DETAILS << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> details.add(in.readBytes());
        default -> {
          boolean unused = in.skipField(tag);
        }
      }
    }
    return new RpcStatus(code, message, details);
  }

  private static String text(ByteString bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Whether bytes can be read as a message: those of an {@code Any} that is whole. */
  static boolean isMessage(byte[] bytes) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        boolean unused = in.skipField(tag);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** What the client is told; empty where the code says that nothing is wrong. */
  Optional<GrpcStatus> toStatus() {
    return code == 0
        ? Optional.empty()
        : Optional.of(new GrpcStatus(code, message, details.isEmpty() ? NONE : serialise()));
  }

  private byte[] serialise() {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeInt32(CODE, code);
      if (!message.isEmpty()) {
        out.writeString(MESSAGE, message);
      }
      for (ByteString detail : details) {
        out.writeBytes(DETAILS, detail);
      }
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
