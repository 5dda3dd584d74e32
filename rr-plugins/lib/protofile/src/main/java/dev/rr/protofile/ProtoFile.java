package dev.rr.protofile;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.Edition;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import dev.rr.protofile.Lexer.Kind;
import java.util.Map;

/**
 * Reads a proto file of any syntax: proto2, proto3 or an edition. Imports are named, not followed;
 * types are as they are written, not looked up; options are read where they change what a message
 * looks like on the wire or in JSON, and skipped elsewhere. One thread.
 */
public final class ProtoFile {
  private static final String PROTO3 = "proto3";

  private final Words words;
  private final FileDescriptorProto.Builder file;

  private ProtoFile(Words words, FileDescriptorProto.Builder file) {
    this.words = words;
    this.file = file;
  }

  /**
   * Reads the source of a file.
   *
   * @param name what the descriptor and messages call the file
   * @throws ProtoSyntaxException at the first fault
   */
  public static FileDescriptorProto parse(String name, String source) throws ProtoSyntaxException {
    FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder().setName(name);
    ProtoFile parser = new ProtoFile(new Words(new Lexer(name, source)), file);
    while (parser.words.peek().kind() != Kind.END) {
      parser.statement();
    }
    return file.build();
  }

  private void statement() throws ProtoSyntaxException {
    if (words.takes(";")) {
      return;
    }
    Lexer.Token keyword = words.peek();
    String what =
        words.name("syntax, edition, package, import, option, message, enum, extend or service");
    switch (what) {
      case "syntax" -> syntax();
      case "edition" -> edition();
      case "package" -> file.setPackage(words.path("a package"));
      case "import" -> importFile();
      case "option" -> {
        option();
        return;
      }
      case "message" -> {
        file.addMessageType(messages().message());
        return;
      }
      case "enum" -> {
        file.addEnumType(EnumReader.read(words));
        return;
      }
      case "extend" -> {
        DescriptorProto.Builder groups = DescriptorProto.newBuilder();
        messages().extend(file::addExtension, groups);
        groups.getNestedTypeList().forEach(file::addMessageType);
        return;
      }
      case "service" -> {
        service();
        return;
      }
      default ->
          throw words.fault(
              keyword,
              "expected syntax, edition, package, import, option, message, enum, extend or"
                  + " service, found "
                  + keyword.shown());
    }
    words.expect(";");
  }

  private MessageReader messages() {
    return new MessageReader(words, file.getSyntax().equals(PROTO3));
  }

  private void syntax() throws ProtoSyntaxException {
    words.expect("=");
    Lexer.Token at = words.peek();
    String syntax = words.text("\"proto3\" or \"proto2\"");
    if (syntax.equals(PROTO3)) {
      file.setSyntax(syntax);
    } else if (!syntax.equals("proto2")) {
      throw words.fault(at, "the syntax '" + syntax + "' is not known; it is proto3 or proto2");
    }
  }

  private void edition() throws ProtoSyntaxException {
    words.expect("=");
    Lexer.Token at = words.peek();
    String year = words.text("a year, for example \"2023\"");
    try {
      file.setSyntax("editions").setEdition(Edition.valueOf("EDITION_" + year));
    } catch (IllegalArgumentException e) {
      throw words.fault(at, "the edition '" + year + "' is not known");
    }
  }

  /** Of a file's options one says what names are in PHP; the others are for other languages. */
  private void option() throws ProtoSyntaxException {
    Map.Entry<String, String> option = words.option();
    if (option.getKey().equals("php_namespace")) {
      file.setOptions(file.getOptions().toBuilder().setPhpNamespace(option.getValue()));
    }
  }

  private void importFile() throws ProtoSyntaxException {
    boolean open = words.takes("public");
    boolean weak = !open && words.takes("weak");
    // An import of options alone brings no types.
    boolean options = !open && !weak && words.takes("option");
    String imported = words.text("the name of a file");
    if (options) {
      return;
    }
    if (open) {
      file.addPublicDependency(file.getDependencyCount());
    } else if (weak) {
      file.addWeakDependency(file.getDependencyCount());
    }
    file.addDependency(imported);
  }

  private void service() throws ProtoSyntaxException {
    ServiceDescriptorProto.Builder service =
        ServiceDescriptorProto.newBuilder().setName(words.name("the name of a service"));
    words.expect("{");
    while (!words.takes("}")) {
      if (words.takes("option")) {
        words.skipOption();
      } else if (words.takes("rpc")) {
        service.addMethod(method());
      } else if (!words.takes(";")) {
        throw words.unexpected("rpc, option or '}'");
      }
    }
    file.addService(service);
  }

  private MethodDescriptorProto method() throws ProtoSyntaxException {
    MethodDescriptorProto.Builder method =
        MethodDescriptorProto.newBuilder().setName(words.name("the name of a method"));
    words.expect("(");
    if (streams(method::setInputType)) {
      method.setClientStreaming(true);
    }
    words.expect("returns");
    words.expect("(");
    if (streams(method::setOutputType)) {
      method.setServerStreaming(true);
    }
    if (words.isNext("{")) {
      words.skipBlock();
    } else {
      words.expect(";");
    }
    return method.build();
  }

  private interface Typed {
    Object is(String type);
  }

  /** Reads a type and the closing parenthesis; whether {@code stream} stood before it. */
  private boolean streams(Typed typed) throws ProtoSyntaxException {
    boolean stream = words.takes("stream");
    var unused = typed.is(words.path("a message"));
    words.expect(")");
    return stream;
  }
}
