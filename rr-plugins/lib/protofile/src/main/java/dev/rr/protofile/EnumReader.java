package dev.rr.protofile;

import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto.EnumReservedRange;
import com.google.protobuf.DescriptorProtos.EnumOptions;
import dev.rr.protofile.Lexer.Kind;
import java.util.Map;

/** Reads an enum from behind its keyword. */
final class EnumReader {
  private EnumReader() {}

  static EnumDescriptorProto read(Tokens tokens) throws ProtoSyntaxException {
    EnumDescriptorProto.Builder made =
        EnumDescriptorProto.newBuilder().setName(tokens.name("the name of an enum"));
    tokens.expect("{");
    while (!tokens.takes("}")) {
      if (tokens.takes(";")) {
        continue;
      }
      String name = tokens.name("the name of a value");
      // All of these may be names of values as well.
      if (name.equals("option") && !tokens.isNext("=")) {
        option(tokens, made);
      } else if (name.equals("reserved") && !tokens.isNext("=")) {
        reserved(tokens, made);
      } else {
        value(tokens, made, name);
      }
    }
    return made.build();
  }

  private static void option(Tokens tokens, EnumDescriptorProto.Builder made)
      throws ProtoSyntaxException {
    boolean alias = tokens.isNext("allow_alias");
    tokens.skipOption();
    if (alias) {
      made.setOptions(EnumOptions.newBuilder().setAllowAlias(true));
    }
  }

  private static void value(Tokens tokens, EnumDescriptorProto.Builder made, String name)
      throws ProtoSyntaxException {
    tokens.expect("=");
    made.addValueBuilder().setName(name).setNumber(tokens.number("a number"));
    Map<String, String> unused = tokens.options();
    tokens.expect(";");
  }

  private static void reserved(Tokens tokens, EnumDescriptorProto.Builder made)
      throws ProtoSyntaxException {
    do {
      if (tokens.peek().kind() == Kind.TEXT) {
        made.addReservedName(tokens.text("a name"));
      } else if (tokens.peek().kind() == Kind.NAME) {
        made.addReservedName(tokens.name("a name"));
      } else {
        int begin = tokens.number("a number");
        int end = tokens.end(begin, Integer.MAX_VALUE);
        // Inclusive, other than those of messages.
        made.addReservedRange(EnumReservedRange.newBuilder().setStart(begin).setEnd(end));
      }
    } while (tokens.takes(","));
    tokens.expect(";");
  }
}
