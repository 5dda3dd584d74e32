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

  private final Tokens tokens;
  private final FileDescriptorProto.Builder file;

  private ProtoFile(Tokens tokens, FileDescriptorProto.Builder file) {
    this.tokens = tokens;
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
    ProtoFile parser = new ProtoFile(new Tokens(new Lexer(name, source)), file);
    while (parser.tokens.peek().kind() != Kind.END) {
      parser.statement();
    }
    return file.build();
  }

  private void statement() throws ProtoSyntaxException {
    if (tokens.takes(";")) {
      return;
    }
    Lexer.Token keyword = tokens.peek();
    String what =
        tokens.name("syntax, edition, package, import, option, message, enum, extend or service");
    switch (what) {
      case "syntax" -> syntax();
      case "edition" -> edition();
      case "package" -> file.setPackage(tokens.path("a package"));
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
        file.addEnumType(EnumReader.read(tokens));
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
          throw tokens.fault(
              keyword,
              "expected syntax, edition, package, import, option, message, enum, extend or"
                  + " service, found "
                  + keyword.shown());
    }
    tokens.expect(";");
  }

  private MessageReader messages() {
    return new MessageReader(tokens, file.getSyntax().equals(PROTO3));
  }

  private void syntax() throws ProtoSyntaxException {
    tokens.expect("=");
    Lexer.Token at = tokens.peek();
    String syntax = tokens.text("\"proto3\" or \"proto2\"");
    if (syntax.equals(PROTO3)) {
      file.setSyntax(syntax);
    } else if (!syntax.equals("proto2")) {
      throw tokens.fault(at, "the syntax '" + syntax + "' is not known; it is proto3 or proto2");
    }
  }

  private void edition() throws ProtoSyntaxException {
    tokens.expect("=");
    Lexer.Token at = tokens.peek();
    String year = tokens.text("a year, for example \"2023\"");
    try {
      file.setSyntax("editions").setEdition(Edition.valueOf("EDITION_" + year));
    } catch (IllegalArgumentException e) {
      throw tokens.fault(at, "the edition '" + year + "' is not known");
    }
  }

  /** Of a file's options one says what names are in PHP; the others are for other languages. */
  private void option() throws ProtoSyntaxException {
    Map.Entry<String, String> option = tokens.option();
    if (option.getKey().equals("php_namespace")) {
      file.setOptions(file.getOptions().toBuilder().setPhpNamespace(option.getValue()));
    }
  }

  private void importFile() throws ProtoSyntaxException {
    boolean open = tokens.takes("public");
    boolean weak = !open && tokens.takes("weak");
    // An import of options alone brings no types.
    boolean options = !open && !weak && tokens.takes("option");
    String imported = tokens.text("the name of a file");
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
        ServiceDescriptorProto.newBuilder().setName(tokens.name("the name of a service"));
    tokens.expect("{");
    while (!tokens.takes("}")) {
      if (tokens.takes("option")) {
        tokens.skipOption();
      } else if (tokens.takes("rpc")) {
        service.addMethod(method());
      } else if (!tokens.takes(";")) {
        throw tokens.unexpected("rpc, option or '}'");
      }
    }
    file.addService(service);
  }

  private MethodDescriptorProto method() throws ProtoSyntaxException {
    MethodDescriptorProto.Builder method =
        MethodDescriptorProto.newBuilder().setName(tokens.name("the name of a method"));
    tokens.expect("(");
    if (streams(method::setInputType)) {
      method.setClientStreaming(true);
    }
    tokens.expect("returns");
    tokens.expect("(");
    if (streams(method::setOutputType)) {
      method.setServerStreaming(true);
    }
    if (tokens.isNext("{")) {
      tokens.skipBlock();
    } else {
      tokens.expect(";");
    }
    return method.build();
  }

  private interface Typed {
    Object is(String type);
  }

  /** Reads a type and the closing parenthesis; whether {@code stream} stood before it. */
  private boolean streams(Typed typed) throws ProtoSyntaxException {
    boolean stream = tokens.takes("stream");
    var unused = typed.is(tokens.path("a message"));
    tokens.expect(")");
    return stream;
  }
}
