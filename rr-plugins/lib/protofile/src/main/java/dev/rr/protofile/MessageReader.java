package dev.rr.protofile;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto.ExtensionRange;
import com.google.protobuf.DescriptorProtos.DescriptorProto.ReservedRange;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import dev.rr.protofile.Lexer.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads messages and what is in them. One thread. */
final class MessageReader {
  private static final int HIGHEST_FIELD = 536_870_911;

  private static final Map<String, Type> SCALARS =
      Map.ofEntries(
          Map.entry("double", Type.TYPE_DOUBLE),
          Map.entry("float", Type.TYPE_FLOAT),
          Map.entry("int64", Type.TYPE_INT64),
          Map.entry("uint64", Type.TYPE_UINT64),
          Map.entry("int32", Type.TYPE_INT32),
          Map.entry("fixed64", Type.TYPE_FIXED64),
          Map.entry("fixed32", Type.TYPE_FIXED32),
          Map.entry("bool", Type.TYPE_BOOL),
          Map.entry("string", Type.TYPE_STRING),
          Map.entry("bytes", Type.TYPE_BYTES),
          Map.entry("uint32", Type.TYPE_UINT32),
          Map.entry("sfixed32", Type.TYPE_SFIXED32),
          Map.entry("sfixed64", Type.TYPE_SFIXED64),
          Map.entry("sint32", Type.TYPE_SINT32),
          Map.entry("sint64", Type.TYPE_SINT64));

  /** Messages in messages; those who read descriptors take no more than about a hundred. */
  private static final int DEEPEST = 64;

  private final Tokens tokens;
  private final boolean proto3;
  private int depth;

  MessageReader(Tokens tokens, boolean proto3) {
    this.tokens = tokens;
    this.proto3 = proto3;
  }

  /** Takes a field. */
  interface Fields {
    Object add(FieldDescriptorProto field);
  }

  /** A message from behind its keyword. */
  DescriptorProto message() throws ProtoSyntaxException {
    DescriptorProto.Builder made =
        DescriptorProto.newBuilder().setName(tokens.name("the name of a message"));
    body(made);
    return made.build();
  }

  private void body(DescriptorProto.Builder made) throws ProtoSyntaxException {
    List<Integer> optional = new ArrayList<>();
    if (++depth > DEEPEST) {
      throw tokens.fault(tokens.peek(), "more than " + DEEPEST + " messages in one another");
    }
    tokens.expect("{");
    while (!tokens.takes("}")) {
      if (!tokens.takes(";")) {
        member(made, optional);
      }
    }
    // A field of proto3 that knows whether it is set is in a group of its own, behind the others.
    for (int index : optional) {
      FieldDescriptorProto.Builder field = made.getFieldBuilder(index);
      field.setOneofIndex(made.getOneofDeclCount());
      made.addOneofDecl(OneofDescriptorProto.newBuilder().setName("_" + field.getName()));
    }
    depth--;
  }

  /** Keywords may be names of types and fields as well; what follows decides. */
  private void member(DescriptorProto.Builder made, List<Integer> optional)
      throws ProtoSyntaxException {
    if (tokens.isNext(".")) {
      plainField(made, tokens.path("a type"));
      return;
    }
    Lexer.Token keyword = tokens.peek();
    String what = tokens.name("a field or '}'");
    boolean named = tokens.peek().kind() == Kind.NAME;
    switch (what) {
      case "message" -> made.addNestedType(message());
      case "enum" -> made.addEnumType(EnumReader.read(tokens));
      case "extend" -> extend(made::addExtension, made);
      case "option" -> tokens.skipOption();
      case "oneof" -> oneof(made);
      case "map" -> map(made);
      case "reserved" -> reserved(made);
      case "extensions" -> extensions(made);
      case "optional", "required", "repeated" -> {
        if (!named && !tokens.isNext(".")) {
          throw tokens.unexpected("a type");
        }
        if (what.equals("optional") && proto3) {
          optional.add(made.getFieldCount());
        }
        made.addField(field(label(what), tokens.path("a type"), made));
      }
      default -> {
        if (!named && !tokens.isNext(".")) {
          throw tokens.fault(keyword, "expected a field, found " + keyword.shown());
        }
        plainField(made, rest(what));
      }
    }
  }

  private static Label label(String word) {
    return switch (word) {
      case "required" -> Label.LABEL_REQUIRED;
      case "repeated" -> Label.LABEL_REPEATED;
      default -> Label.LABEL_OPTIONAL;
    };
  }

  private String rest(String first) throws ProtoSyntaxException {
    StringBuilder path = new StringBuilder(first);
    while (tokens.takes(".")) {
      path.append('.').append(tokens.name("a type"));
    }
    return path.toString();
  }

  private void plainField(DescriptorProto.Builder made, String type) throws ProtoSyntaxException {
    made.addField(field(Label.LABEL_OPTIONAL, type, made).clearProto3Optional());
  }

  /**
   * A field from behind its type.
   *
   * @param around gets the message of a group
   */
  private FieldDescriptorProto.Builder field(
      Label label, String type, DescriptorProto.Builder around) throws ProtoSyntaxException {
    String name = tokens.name("the name of a field");
    tokens.expect("=");
    FieldDescriptorProto.Builder field =
        FieldDescriptorProto.newBuilder().setLabel(label).setNumber(tokens.number("a number"));
    boolean group = type.equals("group");
    options(field.setName(group ? name.toLowerCase(Locale.ROOT) : name));
    if (group) {
      DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
      body(message);
      around.addNestedType(message);
      return field.setType(Type.TYPE_GROUP).setTypeName(name);
    }
    tokens.expect(";");
    if (proto3 && label == Label.LABEL_OPTIONAL) {
      field.setProto3Optional(true);
    }
    return typed(field, type);
  }

  private static FieldDescriptorProto.Builder typed(
      FieldDescriptorProto.Builder field, String type) {
    Type scalar = SCALARS.get(type);
    // Whether another is a message or an enum, its own file may not tell.
    return scalar == null ? field.setTypeName(type) : field.setType(scalar);
  }

  private void options(FieldDescriptorProto.Builder field) throws ProtoSyntaxException {
    for (Map.Entry<String, String> option : tokens.options().entrySet()) {
      String value = option.getValue();
      switch (option.getKey()) {
        case "json_name" -> field.setJsonName(value);
        case "default" -> field.setDefaultValue(value);
        case "packed" ->
            field.setOptions(fieldOptions(field).setPacked(Boolean.parseBoolean(value)));
        case "deprecated" ->
            field.setOptions(fieldOptions(field).setDeprecated(Boolean.parseBoolean(value)));
        default -> {}
      }
    }
  }

  private static FieldOptions.Builder fieldOptions(FieldDescriptorProto.Builder field) {
    return field.getOptions().toBuilder();
  }

  private void oneof(DescriptorProto.Builder made) throws ProtoSyntaxException {
    int index = made.getOneofDeclCount();
    made.addOneofDecl(OneofDescriptorProto.newBuilder().setName(tokens.name("a name")));
    tokens.expect("{");
    while (!tokens.takes("}")) {
      if (tokens.takes("option")) {
        tokens.skipOption();
      } else if (!tokens.takes(";")) {
        made.addField(
            field(Label.LABEL_OPTIONAL, tokens.path("a type"), made)
                .clearProto3Optional()
                .setOneofIndex(index));
      }
    }
  }

  /** A map is a repeated message of key and value. */
  private void map(DescriptorProto.Builder made) throws ProtoSyntaxException {
    tokens.expect("<");
    String key = tokens.path("the type of keys");
    tokens.expect(",");
    String value = tokens.path("the type of values");
    tokens.expect(">");
    FieldDescriptorProto.Builder field =
        field(Label.LABEL_REPEATED, "map", made).clearProto3Optional();
    String entry = camel(field.getName()) + "Entry";
    made.addField(field.setType(Type.TYPE_MESSAGE).setTypeName(entry));
    made.addNestedType(
        DescriptorProto.newBuilder()
            .setName(entry)
            .addField(typed(part("key", 1), key))
            .addField(typed(part("value", 2), value))
            .setOptions(MessageOptions.newBuilder().setMapEntry(true)));
  }

  private static FieldDescriptorProto.Builder part(String name, int number) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setLabel(Label.LABEL_OPTIONAL);
  }

  private static String camel(String name) {
    StringBuilder camel = new StringBuilder();
    boolean upper = true;
    for (char c : name.toCharArray()) {
      if (c == '_') {
        upper = true;
      } else {
        camel.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    return camel.toString();
  }

  private void reserved(DescriptorProto.Builder made) throws ProtoSyntaxException {
    do {
      if (tokens.peek().kind() == Kind.TEXT) {
        made.addReservedName(tokens.text("a name"));
      } else if (tokens.peek().kind() == Kind.NAME) {
        made.addReservedName(tokens.name("a name"));
      } else {
        int begin = tokens.number("a number");
        made.addReservedRange(
            ReservedRange.newBuilder()
                .setStart(begin)
                .setEnd(tokens.end(begin, HIGHEST_FIELD) + 1));
      }
    } while (tokens.takes(","));
    tokens.expect(";");
  }

  private void extensions(DescriptorProto.Builder made) throws ProtoSyntaxException {
    do {
      int begin = tokens.number("a number");
      made.addExtensionRange(
          ExtensionRange.newBuilder().setStart(begin).setEnd(tokens.end(begin, HIGHEST_FIELD) + 1));
    } while (tokens.takes(","));
    if (tokens.isNext("[")) {
      // Declarations: what else might be there.
      while (!tokens.isNext(";")) {
        if (tokens.isNext("{")) {
          tokens.skipBlock();
        } else if (tokens.take().kind() == Kind.END) {
          throw tokens.unexpected("';'");
        }
      }
    }
    tokens.expect(";");
  }

  /**
   * Fields of a message that is declared elsewhere.
   *
   * @param around gets the messages of groups
   */
  void extend(Fields fields, DescriptorProto.Builder around) throws ProtoSyntaxException {
    String extended = tokens.path("a message");
    tokens.expect("{");
    while (!tokens.takes("}")) {
      if (tokens.takes(";")) {
        continue;
      }
      Label label = Label.LABEL_OPTIONAL;
      String type = tokens.path("a type");
      if (tokens.peek().kind() == Kind.NAME && isLabel(type)) {
        label = label(type);
        type = tokens.path("a type");
      }
      var unused = fields.add(field(label, type, around).setExtendee(extended).build());
    }
  }

  private static boolean isLabel(String word) {
    return word.equals("optional") || word.equals("required") || word.equals("repeated");
  }
}
