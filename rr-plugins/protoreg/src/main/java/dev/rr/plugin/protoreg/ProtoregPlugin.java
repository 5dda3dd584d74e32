package dev.rr.plugin.protoreg;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.MessageLite;
import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.grpc.ProtoRegistry;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.protofile.ProtoFiles;
import dev.rr.protofile.ProtoSyntaxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Knows proto files by name and by what they declare. */
@Plugin("protoreg")
@EnabledBy("protoreg")
final class ProtoregPlugin implements Lifecycle, ProtoRegistry {
  private final ProtoregConfig config;
  private final Configurer configurer;
  private final Host host;
  private volatile @Nullable ProtoFiles files;

  ProtoregPlugin(ProtoregConfig config, Configurer configurer, Host host) {
    this.config = config;
    this.configurer = configurer;
    this.host = host;
  }

  @Override
  public void check(Problems problems) {
    Section section = configurer.section(ProtoregConfigBinder.INSTANCE, problems);
    List<Path> folders =
        config.protoPath().stream().map(path -> host.workDirectory().resolve(path)).toList();
    try {
      files = ProtoFiles.read(folders, config.files());
    } catch (IOException | ProtoSyntaxException e) {
      section.problem("files", String.valueOf(e.getMessage()));
    }
  }

  private List<byte[]> find(Function<ProtoFiles, List<FileDescriptorProto>> finding) {
    ProtoFiles known = files;
    return known == null
        ? List.of()
        : finding.apply(known).stream().map(MessageLite::toByteArray).toList();
  }

  @Override
  public List<byte[]> file(String name) {
    return find(known -> known.file(name));
  }

  @Override
  public List<byte[]> fileOfSymbol(String name) {
    return find(known -> known.fileOfSymbol(name));
  }

  @Override
  public List<byte[]> fileOfExtension(String message, int number) {
    return find(known -> known.fileOfExtension(message, number));
  }

  @Override
  public List<Integer> extensions(String message) {
    ProtoFiles known = files;
    return known == null ? List.of() : known.extensions(message);
  }
}
