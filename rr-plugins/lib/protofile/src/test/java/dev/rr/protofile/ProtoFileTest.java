package dev.rr.protofile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of proto files. */
class ProtoFileTest {
  private static FileDescriptorProto parse(String source) throws ProtoSyntaxException {
    return ProtoFile.parse("x.proto", source);
  }

  private static DescriptorProto message(String body) throws ProtoSyntaxException {
    return parse("syntax = \"proto3\"; message M {" + body + "}").getMessageType(0);
  }

  private static FieldDescriptorProto field(String source) throws ProtoSyntaxException {
    return message(source).getField(0);
  }

  @Test
  void whatStandsAtTheTopIsRead() throws Exception {
    FileDescriptorProto file =
        parse(
            """
            \ufeff// a comment
            syntax = 'proto' "3"; /* another
            of two lines */ package app.namespace ;
            import "message.proto"; import public "open.proto"; import weak 'weak.proto';
            import option "custom.proto";
            option java_package = "a.b"; option (custom.thing).part = { a: [1, "}"] b { c: true } };
            option optimize_for = SPEED; option php_namespace = "A\\\\B";; message M {} enum E { A = 0; }
            service S {}
            """);

    assertThat(file.getName()).isEqualTo("x.proto");
    assertThat(file.getSyntax()).isEqualTo("proto3");
    assertThat(file.getPackage()).isEqualTo("app.namespace");
    assertThat(file.getDependencyList())
        .containsExactly("message.proto", "open.proto", "weak.proto");
    assertThat(file.getPublicDependencyList()).containsExactly(1);
    assertThat(file.getWeakDependencyList()).containsExactly(2);
    assertThat(file.getOptions().getPhpNamespace()).isEqualTo("A\\B");
    assertThat(file.getMessageType(0).getName()).isEqualTo("M");
    assertThat(file.getEnumType(0).getName()).isEqualTo("E");
    assertThat(file.getService(0).getName()).isEqualTo("S");
  }

  @Test
  void aFileMayBeEmpty() throws Exception {
    assertThat(parse("")).isEqualTo(FileDescriptorProto.newBuilder().setName("x.proto").build());
    assertThat(parse("// nothing").getServiceList()).isEmpty();
    assertThat(parse("edition = \"2023\";").getSyntax()).isEqualTo("editions");
  }

  @Test
  void methodsOfAServiceAreReadWithTheirStreams() throws Exception {
    ServiceDescriptorProto service =
        parse(
                """
                service S {
                  option deprecated = true;
                  rpc One (In) returns (.other.Out);
                  rpc Two (stream a.In) returns (Out) { }
                  rpc Three(In)returns(stream Out){option (google.api.http) = {
                    post: "/v1/{name=x/*}:go" body: "*" additional_bindings { get: "/}" } };};
                  rpc rpc (stream stream.stream) returns (stream .stream) {};
                  ;
                }
                """)
            .getService(0);

    assertThat(service.getMethodList())
        .containsExactly(
            method("One", "In", ".other.Out").build(),
            method("Two", "a.In", "Out").setClientStreaming(true).build(),
            method("Three", "In", "Out").setServerStreaming(true).build(),
            method("rpc", "stream.stream", ".stream")
                .setClientStreaming(true)
                .setServerStreaming(true)
                .build());
  }

  private static MethodDescriptorProto.Builder method(String name, String in, String out) {
    return MethodDescriptorProto.newBuilder().setName(name).setInputType(in).setOutputType(out);
  }

  @ParameterizedTest
  @CsvSource({
    "double, DOUBLE", "float, FLOAT", "int64, INT64", "uint64, UINT64", "int32, INT32",
    "fixed64, FIXED64", "fixed32, FIXED32", "bool, BOOL", "string, STRING", "bytes, BYTES",
    "uint32, UINT32", "sfixed32, SFIXED32", "sfixed64, SFIXED64", "sint32, SINT32", "sint64, SINT64"
  })
  void scalarsHaveTheirTypes(String word, String type) throws Exception {
    assertThat(field(word + " f = 0x10;"))
        .isEqualTo(
            FieldDescriptorProto.newBuilder()
                .setName("f")
                .setNumber(16)
                .setLabel(Label.LABEL_OPTIONAL)
                .setType(Type.valueOf("TYPE_" + type))
                .build());
  }

  @Test
  void otherTypesAreNamedAsTheyAreWritten() throws Exception {
    assertThat(field("a.b.C f = 1;").getTypeName()).isEqualTo("a.b.C");
    assertThat(field(".a.C f = 1;").getTypeName()).isEqualTo(".a.C");
    assertThat(field("repeated C f = 1;").getLabel()).isEqualTo(Label.LABEL_REPEATED);
    assertThat(field("C f = 1;").hasType()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "string message = 1;",
        "string optional = 1;",
        "string stream = 1; int32 to = 2; bool max = 3;",
      })
  void keywordsMayBeNames(String source) throws Exception {
    assertThat(message(source).getFieldCount()).isPositive();
  }

  @Test
  void optionsThatChangeTheFormatAreKept() throws Exception {
    FieldDescriptorProto field =
        field(
            "repeated int32 f = 1 [packed = false, json_name = \"g\", (x.y) = {a: 1}, deprecated ="
                + " true];");
    assertThat(field.getOptions().getPacked()).isFalse();
    assertThat(field.getOptions().hasPacked()).isTrue();
    assertThat(field.getOptions().getDeprecated()).isTrue();
    assertThat(field.getJsonName()).isEqualTo("g");
  }

  @Test
  void aFieldThatKnowsWhetherItIsSetIsInAGroupOfItsOwn() throws Exception {
    DescriptorProto message =
        message("optional string a = 1; oneof which { string b = 2; M c = 3; } string d = 4;");
    assertThat(message.getOneofDeclList().stream().map(o -> o.getName()))
        .containsExactly("which", "_a");
    assertThat(message.getField(0).getProto3Optional()).isTrue();
    assertThat(message.getField(0).getOneofIndex()).isEqualTo(1);
    assertThat(message.getField(1).getOneofIndex()).isZero();
    assertThat(message.getField(2).getTypeName()).isEqualTo("M");
    assertThat(message.getField(3).hasOneofIndex()).isFalse();
    assertThat(message.getField(3).hasProto3Optional()).isFalse();
  }

  @Test
  void aMapIsARepeatedMessage() throws Exception {
    DescriptorProto message = message("map<string, a.B> some_map = 7;");
    assertThat(message.getField(0).getTypeName()).isEqualTo("SomeMapEntry");
    assertThat(message.getField(0).getLabel()).isEqualTo(Label.LABEL_REPEATED);
    DescriptorProto entry = message.getNestedType(0);
    assertThat(entry.getName()).isEqualTo("SomeMapEntry");
    assertThat(entry.getOptions().getMapEntry()).isTrue();
    assertThat(entry.getField(0).getType()).isEqualTo(Type.TYPE_STRING);
    assertThat(entry.getField(1).getTypeName()).isEqualTo("a.B");
  }

  @Test
  void whatIsNestedAndReservedIsRead() throws Exception {
    DescriptorProto message =
        message(
            "message N { enum E { option allow_alias = true; A = 0; B = -1 [deprecated = true];"
                + " reserved 5 to max, \"x\"; } } reserved 2, 9 to 11, 40 to max; reserved \"foo\","
                + " 'bar'; option deprecated = true;;");
    assertThat(message.getNestedType(0).getEnumType(0).getValue(1).getNumber()).isEqualTo(-1);
    assertThat(message.getNestedType(0).getEnumType(0).getOptions().getAllowAlias()).isTrue();
    assertThat(message.getReservedRange(0).getEnd()).isEqualTo(3);
    assertThat(message.getReservedRange(1).getStart()).isEqualTo(9);
    assertThat(message.getReservedRange(1).getEnd()).isEqualTo(12);
    assertThat(message.getReservedRange(2).getEnd()).isEqualTo(536_870_912);
    assertThat(message.getReservedNameList()).containsExactly("foo", "bar");
  }

  @Test
  void proto2HasGroupsExtensionsAndDefaults() throws Exception {
    FileDescriptorProto file =
        parse(
            """
            message M {
              required string a = 1 [default = "x"];
              optional group Part = 2 { optional int32 b = 1; }
              extensions 100 to 199, 500 to max [declaration = { number: 100 full_name: ".e" }];
            }
            extend M { optional M e = 100; repeated int32 f = 101; }
            """);
    DescriptorProto message = file.getMessageType(0);
    assertThat(message.getField(0).getLabel()).isEqualTo(Label.LABEL_REQUIRED);
    assertThat(message.getField(0).getDefaultValue()).isEqualTo("x");
    assertThat(message.getField(1).getType()).isEqualTo(Type.TYPE_GROUP);
    assertThat(message.getField(1).getName()).isEqualTo("part");
    assertThat(message.getNestedType(0).getName()).isEqualTo("Part");
    assertThat(message.getExtensionRange(0).getEnd()).isEqualTo(200);
    assertThat(file.getExtension(0).getExtendee()).isEqualTo("M");
    assertThat(file.getExtension(1).getLabel()).isEqualTo(Label.LABEL_REPEATED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "servce S {} | 1:1: expected syntax, edition, package, import, option, message, enum,"
            + " extend or service, found 'servce'",
        "service S { rpc } | 1:17: expected the name of a method, found '}'",
        "service S { rpc A (In) return (Out); } | 1:24: expected 'returns', found 'return'",
        "service S { rpc A (In) returns (Out) | 1:37: expected ';', found the end of the file",
        "message M { string a = x; } | 1:24: expected a number, found 'x'",
        "message M { string a = 99999999999; } | 1:24: '99999999999' is no whole number that fits"
            + " here",
        "message M { string = 1; } | 1:13: expected a field, found 'string'",
        "syntax = \"proto4\"; | 1:10: the syntax 'proto4' is not known; it is proto3 or proto2",
        "edition = \"1999\"; | 1:11: the edition '1999' is not known",
        "import \"a | 1:10: a text in quotes does not end on its line",
        "/* no end | 1:1: a comment does not end",
        "option a = ; | 1:12: expected a value, found ';'",
        "service S { rpc A (In) returns (Out) { | 1:39: a brace is not closed",
        "message | 1:8: expected the name of a message, found the end of the file",
      })
  void aFaultIsToldWithItsPlace(String source, String message) {
    assertThatThrownBy(() -> parse(source)).hasMessage("x.proto:" + message);
  }

  @Test
  void messagesMayBeNestedButNotWithoutEnd() throws Exception {
    assertThat(parse(nested(64)).getMessageType(0).getNestedTypeCount()).isEqualTo(1);
    assertThatThrownBy(() -> parse(nested(10_000)))
        .hasMessage("x.proto:1:779: more than 64 messages in one another");
  }

  private static String nested(int depth) {
    return "message M { ".repeat(depth) + "}".repeat(depth);
  }

  @Test
  void linesAndColumnsAreCounted() {
    assertThatThrownBy(() -> parse("// one\n/* two\nthree */\n  oops {}"))
        .hasMessageStartingWith("x.proto:4:3: ");
  }
}
