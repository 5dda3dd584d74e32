package dev.rr.maven;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import dev.rr.grpcphp.PhpInterfaces;
import dev.rr.protofile.ProtoFiles;
import dev.rr.protofile.ProtoSyntaxException;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.NullUnmarked;

/** Writes the interfaces that services of gRPC implement in PHP, from proto files. */
@NullUnmarked
@Mojo(name = "grpc-php", requiresProject = false, threadSafe = true)
public final class GrpcPhpMojo extends AbstractMojo {
  /** The proto files, as imports name them: relative to one of the folders. */
  @Parameter(property = "rr.proto", required = true)
  private List<String> files;

  /** The folders where files and their imports are looked for. */
  @Parameter(property = "rr.protoPath", defaultValue = ".")
  private List<File> folders;

  /** The folder that gets a folder for each namespace. */
  @Parameter(property = "rr.phpFolder", defaultValue = "generated")
  private File output;

  /** Made by Maven. */
  public GrpcPhpMojo() {}

  @Override
  public void execute() throws MojoExecutionException, MojoFailureException {
    try {
      Map<String, FileDescriptorProto> all = new LinkedHashMap<>();
      ProtoFiles known = ProtoFiles.read(folders.stream().map(File::toPath).toList(), files);
      for (String name : files) {
        known.file(name).forEach(file -> all.putIfAbsent(file.getName(), file));
      }
      Map<String, String> written = PhpInterfaces.of(all.values(), files);
      for (Map.Entry<String, String> one : written.entrySet()) {
        Path path = output.toPath().resolve(one.getKey());
        Files.createDirectories(path.toAbsolutePath().getParent());
        Files.writeString(path, one.getValue());
        getLog().info("Wrote " + path);
      }
    } catch (ProtoSyntaxException | FileNotFoundException e) {
      throw new MojoFailureException(e.getMessage());
    } catch (IOException e) {
      throw new MojoExecutionException("Cannot read or write: " + e.getMessage(), e);
    }
  }
}
