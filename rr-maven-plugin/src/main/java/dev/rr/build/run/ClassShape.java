package dev.rr.build.run;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What other classes can see of a class: its head, and its members that are not private, with their
 * types and the constants that compilers copy. While it stays the same, nothing else has to be
 * compiled again. Reads class files by JVMS 4, of any version; used for one file.
 */
final class ClassShape {
  private static final int PRIVATE = 0x0002;
  private static final int SYNTHETIC = 0x1000;

  private final DataInputStream in;
  private String[] texts = new String[0];
  private int[] classes = new int[0];

  private ClassShape(byte[] file) {
    in = new DataInputStream(new ByteArrayInputStream(file));
  }

  /** As text; equal for equal shapes. */
  static String of(byte[] file) throws IOException {
    return new ClassShape(file).read();
  }

  private String read() throws IOException {
    in.skipNBytes(8);
    readConstants();
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder();
    head.append(in.readUnsignedShort()).append(' ').append(nextClass());
    head.append(' ').append(nextClass());
    for (int n = in.readUnsignedShort(); n > 0; n--) {
      head.append(' ').append(nextClass());
    }
    readMembers(lines);
    readMembers(lines);
    Collections.sort(lines);
    head.append(attributes());
    return head + "\n" + String.join("\n", lines);
  }

  private void readConstants() throws IOException {
    int count = in.readUnsignedShort();
    texts = new String[count];
    classes = new int[count];
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      texts[i] = "";
      switch (tag) {
        case 1 -> texts[i] = in.readUTF();
        case 3, 4 -> texts[i] = Integer.toString(in.readInt());
        case 5, 6 -> {
          texts[i] = Long.toString(in.readLong());
          // JVMS 4.4.5: these take two places.
          i++;
          texts[i] = "";
        }
        case 7, 8, 16, 19, 20 -> classes[i] = in.readUnsignedShort();
        case 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
        case 15 -> in.skipNBytes(3);
        default -> throw new IOException("unknown constant of kind " + tag);
      }
    }
  }

  /** The text of a class, a string or a number; empty for place 0. */
  private String constant(int index) {
    if (index == 0) {
      return "";
    }
    return classes[index] == 0 ? texts[index] : texts[classes[index]];
  }

  private String nextClass() throws IOException {
    return constant(in.readUnsignedShort());
  }

  private void readMembers(List<String> lines) throws IOException {
    for (int n = in.readUnsignedShort(); n > 0; n--) {
      int access = in.readUnsignedShort();
      String name = nextClass();
      String type = nextClass();
      String more = attributes();
      if ((access & (PRIVATE | SYNTHETIC)) == 0) {
        lines.add(access + " " + name + " " + type + more);
      }
    }
  }

  private String attributes() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int n = in.readUnsignedShort(); n > 0; n--) {
      String name = nextClass();
      int length = in.readInt();
      switch (name) {
        case "Signature", "ConstantValue" -> text.append(' ').append(nextClass());
        case "Exceptions" -> {
          for (int e = in.readUnsignedShort(); e > 0; e--) {
            text.append(" throws ").append(nextClass());
          }
        }
        case "Deprecated" -> text.append(" deprecated");
        default -> in.skipNBytes(length);
      }
    }
    return text.toString();
  }
}
