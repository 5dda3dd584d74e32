package dev.rr.plugin.protoreg;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import dev.rr.testing.plugin.FakeConfigurer;
import dev.rr.testing.plugin.FakeHost;
import dev.rr.testing.plugin.FoundProblems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProtoregPluginTest {
  @TempDir Path folder;

  @BeforeEach
  void files() throws Exception {
    Files.createDirectory(folder.resolve("proto"));
    Files.writeString(
        folder.resolve("proto/service.proto"),
        "syntax = \"proto3\"; package service; message Message { string msg = 1; }"
            + " service Echo { rpc Ping (Message) returns (Message); }");
  }

  private ProtoregPlugin plugin(String... files) {
    return new ProtoregPlugin(
        new ProtoregConfig(List.of("proto"), List.of(files)),
        new FakeConfigurer(),
        new FakeHost(folder));
  }

  @Test
  void filesAreFoundByNameAndByWhatTheyDeclare() throws Exception {
    ProtoregPlugin plugin = plugin("service.proto");
    assertThat(plugin.fileOfSymbol("service.Echo")).isEmpty();
    assertThat(FoundProblems.of(plugin)).isEmpty();
    byte[] found = plugin.fileOfSymbol("service.Echo").getFirst();
    assertThat(FileDescriptorProto.parseFrom(found).getMessageType(0).getName())
        .isEqualTo("Message");
    assertThat(plugin.file("service.proto").getFirst()).isEqualTo(found);
    assertThat(plugin.fileOfSymbol("service.Other")).isEmpty();
    assertThat(plugin.fileOfExtension("service.Message", 1)).isEmpty();
    assertThat(plugin.extensions("service.Message")).isEmpty();
  }

  @Test
  void aFileThatIsNotThereIsTold() throws Exception {
    assertThat(FoundProblems.of(plugin("none.proto")))
        .singleElement()
        .asString()
        .contains("protoreg.files: proto file 'none.proto' is in none of the folders");
  }
}
