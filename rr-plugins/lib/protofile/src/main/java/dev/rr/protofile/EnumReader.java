package dev.rr.protofile;

import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto.EnumReservedRange;
import com.google.protobuf.DescriptorProtos.EnumOptions;
import dev.rr.protofile.Lexer.Kind;
import java.util.Map;

/** Reads an enum from behind its keyword. */
final class EnumReader {
  private EnumReader() {}

  static EnumDescriptorProto read(Words words) throws ProtoSyntaxException {
    EnumDescriptorProto.Builder made =
        EnumDescriptorProto.newBuilder().setName(words.name("the name of an enum"));
    words.expect("{");
    while (!words.takes("}")) {
      if (words.takes(";")) {
        continue;
      }
      String name = words.name("the name of a value");
      // All of these may be names of values as well.
      if (name.equals("option") && !words.isNext("=")) {
        option(words, made);
      } else if (name.equals("reserved") && !words.isNext("=")) {
        reserved(words, made);
      } else {
        value(words, made, name);
      }
    }
    return made.build();
  }

  private static void option(Words words, EnumDescriptorProto.Builder made)
      throws ProtoSyntaxException {
    boolean alias = words.isNext("allow_alias");
    words.skipOption();
    if (alias) {
      made.setOptions(EnumOptions.newBuilder().setAllowAlias(true));
    }
  }

  private static void value(Words words, EnumDescriptorProto.Builder made, String name)
      throws ProtoSyntaxException {
    words.expect("=");
    made.addValueBuilder().setName(name).setNumber(words.number("a number"));
    Map<String, String> unused = words.options();
    words.expect(";");
  }

  private static void reserved(Words words, EnumDescriptorProto.Builder made)
      throws ProtoSyntaxException {
    do {
      if (words.peek().kind() == Kind.TEXT) {
        made.addReservedName(words.text("a name"));
      } else if (words.peek().kind() == Kind.NAME) {
        made.addReservedName(words.name("a name"));
      } else {
        int begin = words.number("a number");
        int end = words.end(begin, Integer.MAX_VALUE);
        // Inclusive, other than those of messages.
        made.addReservedRange(EnumReservedRange.newBuilder().setStart(begin).setEnd(end));
      }
    } while (words.takes(","));
    words.expect(";");
  }
}
