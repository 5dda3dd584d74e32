package dev.rr.grpcphp;

import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The plugin of protoc: reads what protoc has understood, and answers with the interfaces. As a
 * program it is {@code java -cp … dev.rr.grpcphp.ProtocPlugin}, which protoc is told by {@code
 * --plugin=protoc-gen-php-grpc=SCRIPT}.
 */
public final class ProtocPlugin {
  private ProtocPlugin() {}

  /** One request on the standard input, one answer on the standard output. */
  public static void main(String[] args) throws IOException {
    run(System.in, System.out);
  }

  static void run(InputStream in, OutputStream out) throws IOException {
    CodeGeneratorRequest request = CodeGeneratorRequest.parseFrom(in);
    Set<String> names = new LinkedHashSet<>(request.getFileToGenerateList());
    CodeGeneratorResponse.Builder answer =
        CodeGeneratorResponse.newBuilder()
            .setSupportedFeatures(CodeGeneratorResponse.Feature.FEATURE_PROTO3_OPTIONAL_VALUE);
    PhpInterfaces.of(request.getProtoFileList(), names)
        .forEach((path, content) -> answer.addFileBuilder().setName(path).setContent(content));
    answer.build().writeTo(out);
    out.flush();
  }
}
