package dev.rr.plugin.centrifuge;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Messages of one text. */
final class Texts {
  private Texts() {}

  /** A message with a text in a field. */
  static byte[] message(int field, String text) {
    return message(field, text.getBytes(UTF_8));
  }

  /** A message with bytes, or a message, in a field. */
  static byte[] message(int field, byte[] content) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeByteArray(field, content);
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
