package dev.rr.protofile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that import one another. */
class ProtoFilesTest {
  @TempDir Path folder;

  @BeforeEach
  void files() throws IOException {
    write(
        "one/a.proto",
        """
        syntax = "proto3"; package a; import "b.proto"; import "google/protobuf/timestamp.proto";
        message M { b.Other other = 1; N.Kind kind = 2; google.protobuf.Timestamp at = 3;
          message N { enum Kind { NONE = 0; } } map<string, N> ns = 4; }
        service S { rpc Do (M) returns (b.Other); }
        """);
    write("two/b.proto", "package b; message Other { extensions 100 to 200; }");
    write(
        "two/c.proto",
        "package c; import \"b.proto\"; extend b.Other { optional string x = 100; }");
  }

  private void write(String name, String source) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, source);
  }

  private ProtoFiles read(String... names) throws Exception {
    return ProtoFiles.read(List.of(folder.resolve("one"), folder.resolve("two")), List.of(names));
  }

  private static List<String> names(List<FileDescriptorProto> files) {
    return files.stream().map(FileDescriptorProto::getName).toList();
  }

  @Test
  void aFileComesWithItsImports() throws Exception {
    ProtoFiles files = read("a.proto");
    List<String> all = List.of("a.proto", "b.proto", "google/protobuf/timestamp.proto");
    assertThat(names(files.file("a.proto"))).isEqualTo(all);
    for (String symbol : List.of("a.M", "a.M.N", "a.M.N.Kind", "a.M.other", "a.S", "a.S.Do")) {
      assertThat(names(files.fileOfSymbol(symbol))).as(symbol).isEqualTo(all);
    }
    assertThat(names(files.fileOfSymbol("b.Other"))).containsExactly("b.proto");
    assertThat(files.file("c.proto")).isEmpty();
    assertThat(files.fileOfSymbol("c.x")).isEmpty();
  }

  @Test
  void typesHaveTheirFullNames() throws Exception {
    FileDescriptorProto file = read("a.proto").file("a.proto").getFirst();
    DescriptorProto message = file.getMessageType(0);
    assertThat(message.getFieldList().stream().map(FieldDescriptorProto::getTypeName))
        .containsExactly(".b.Other", ".a.M.N.Kind", ".google.protobuf.Timestamp", ".a.M.NsEntry");
    assertThat(message.getField(0).getType()).isEqualTo(Type.TYPE_MESSAGE);
    assertThat(message.getField(1).getType()).isEqualTo(Type.TYPE_ENUM);
    assertThat(file.getService(0).getMethod(0).getInputType()).isEqualTo(".a.M");
    assertThat(file.getService(0).getMethod(0).getOutputType()).isEqualTo(".b.Other");
  }

  @Test
  void extensionsAreFoundByTheirMessage() throws Exception {
    ProtoFiles files = read("c.proto");
    assertThat(files.extensions("b.Other")).containsExactly(100);
    assertThat(names(files.fileOfExtension("b.Other", 100))).containsExactly("c.proto", "b.proto");
    assertThat(files.fileOfExtension("b.Other", 101)).isEmpty();
    assertThat(files.file("c.proto").getFirst().getExtension(0).getExtendee())
        .isEqualTo(".b.Other");
  }

  @Test
  void whatIsNotThereIsNamed() throws Exception {
    assertThatThrownBy(() -> read("none.proto"))
        .hasMessageContaining("proto file 'none.proto' is in none of the folders [");
    write("one/wrong.proto", "message M { Unknown u = 1; }");
    assertThatThrownBy(() -> read("wrong.proto"))
        .hasMessageContaining("wrong.proto:1:1: M.u: \"Unknown\" is not defined");
    write("one/circle.proto", "import \"circle.proto\";");
    assertThatThrownBy(() -> read("circle.proto")).hasMessageContaining("it imports itself");
  }
}
